//! The example as a process of its own, and the signals that end it.

use super::*;

/// This very program, as the example: `cargo run --example` would build it once more.
fn example() -> (utils::probe::Child, String) {
    let mut this = std::process::Command::new(std::env::current_exe().unwrap());
    let run = ["--exact", "the_example", "--nocapture"];
    let mut example = utils::probe::Child::start(this.args(run).env(AS_THE_EXAMPLE, "1"));
    let line = example.wait_for_line("serving on http://127.0.0.1:");
    let (_, url) = line.split_once("serving on ").unwrap();
    (example, url.to_owned())
}

#[tokio::test]
async fn the_example_says_where_it_serves_and_ends_when_told() {
    use utils::probe::Signal;
    for signal in [Signal::Interrupt, Signal::Terminate] {
        let (example, url) = example();
        let answer = get(&reqwest::Client::new(), &url).await;
        assert_eq!(answer, "/: request 1 of this connection\n");
        example.signal(signal);
        let ended = example.end();
        assert!(ended.status.success(), "{ended:#?}");
    }
}

/// The bytes are the server's kernel's when the signal comes, whether it has read them or not.
#[test]
fn thirty_requests_in_flight_are_answered_after_sigterm() {
    let (example, url) = example();
    let mut clients: Vec<_> = (0..30).map(|_| connect(&url)).collect();
    for client in &mut clients {
        ask(client, "/");
        answered(client);
    }
    clients.iter_mut().for_each(|client| ask(client, "/slow"));
    example.signal(utils::probe::Signal::Terminate);
    for client in &mut clients {
        assert!(answered(client).ends_with("/slow: request 2 of this connection\n"));
        hung_up(client);
    }
    let ended = example.end();
    assert!(ended.status.success(), "{ended:#?}");
}

/// One that takes too long need not be waited for: its header comes half, and no more.
#[test]
fn a_second_signal_ends_the_example_at_once() {
    use utils::probe::Signal;
    let (example, url) = example();
    let mut client = connect(&url);
    client.write_all(b"GET / HTTP/1.1\r\nHost: tiny\r\n\r\nGET /slow HT").unwrap();
    answered(&mut client);
    example.signal(Signal::Terminate);
    while TcpStream::connect(url.strip_prefix("http://").unwrap()).is_ok() {
        std::thread::sleep(Duration::from_millis(1));
    }
    example.signal(Signal::Terminate);
    let ended = example.end();
    assert_eq!(ended.status.code(), Some(143), "{ended:#?}");
}
