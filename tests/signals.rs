//! Promise: a signal ends a server and loses nothing in flight.
//!
//! Real signals to the real binary. A request is in flight from its first byte, so a client that
//! holds back the end of its line decides how long that lasts, and no test has to hit a moment.

#![cfg(unix)] // Windows has no signals, and std sends no Ctrl+Break

use std::io::{BufRead, BufReader, ErrorKind, PipeWriter, Read, Write, pipe};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Once;
use std::time::{Duration, Instant};
use utils::probe::{Child, Ended, Signal, cargo_run};

/// A limit that only a shutdown which waits in vain can reach.
const TEN_MINUTES_MS: &str = "600000";

#[test]
fn sigint_leaves_the_request_in_flight_its_answer() {
    drains_what_is_in_flight(Signal::Interrupt);
}

#[test]
fn sigterm_leaves_the_request_in_flight_its_answer() {
    drains_what_is_in_flight(Signal::Terminate);
}

fn drains_what_is_in_flight(signal: Signal) {
    let (mut server, address) = start(&[("SHUTDOWN_LIMIT_MS", TEN_MINUTES_MS)]);
    let mut busy = Client::with_a_request_in_flight(address);
    let mut idle = Client::connect(address);
    idle.send("hello\n");
    assert_eq!(idle.line(), "HELLO\n");

    server.signal(signal);
    server.wait_for_line("shutting down within 600000 ms");
    // The idle connection is closed while the busy one still holds up the end.
    assert_eq!(idle.line(), "");
    let refused = TcpStream::connect(address).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);

    busy.send("lo\n");
    assert_eq!(busy.line(), "HELLO\n");
    assert_eq!(busy.line(), "");
    drop(busy);
    assert_ended(&server.end(), 0, "1 drained, 0 cut off");
}

/// Its work has begun or begins, and takes 100 ms: the answer comes either way.
#[test]
fn a_request_that_is_at_work_is_answered() {
    let (server, address) = start(&[]);
    let mut client = Client::connect(address);
    client.send("first\nsecond\n");
    assert_eq!(client.line(), "FIRST\n");
    server.signal(Signal::Terminate);
    assert_eq!(client.line(), "SECOND\n");
    assert_eq!(client.line(), "");
    drop(client);
    assert_eq!(server.end().status.code(), Some(0));
}

/// The server closes with requests unread, and with answers that its client has no room for yet.
#[test]
fn a_client_that_sends_ahead_and_reads_late_keeps_the_answers_it_was_given() {
    let (mut server, address) = start(&[]);
    let mut client = Client::with_room_for_2_kib(address);
    let request = "a".repeat(8_000) + "\n";
    client.send(&request.repeat(12));
    // The second is begun, since its first bytes came with the first; eleven take 1.1 s.
    client.0.get_ref().peek(&mut [0]).unwrap();
    server.signal(Signal::Terminate);
    server.wait_for_line("shutting down");
    // Long enough for a server that does not wait for its client to have gone.
    std::thread::sleep(Duration::from_millis(300));
    let mut answers = String::new();
    client.0.read_to_string(&mut answers).expect("an end, and no reset");
    let count = answers.len() / request.len();
    assert!(count >= 2 && answers == request.to_uppercase().repeat(count), "{}", answers.len());
    drop(client);
    assert_ended(&server.end(), 0, "1 drained, 0 cut off");
}

/// The handlers stand before the address does.
#[test]
fn a_signal_right_after_the_first_line_ends_an_idle_server() {
    for signal in [Signal::Interrupt, Signal::Terminate] {
        let (server, _) = start(&[]);
        server.signal(signal);
        assert_ended(&server.end(), 0, "0 drained, 0 cut off");
    }
}

#[test]
fn a_request_that_never_ends_is_cut_off_at_the_limit() {
    let (server, address) = start(&[("SHUTDOWN_LIMIT_MS", "200")]);
    let mut stalled = Client::with_a_request_in_flight(address);
    let signalled = Instant::now();
    server.signal(Signal::Terminate);
    let ended = server.end();
    assert!(signalled.elapsed() >= Duration::from_millis(200));
    assert_ended(&ended, 1, "0 drained, 1 cut off");
    assert_eq!(stalled.line(), "", "no answer");
}

/// It has its answer or not: the server cannot know, and hangs up after 5 s.
#[test]
fn a_client_that_does_not_hang_up_is_cut_off_and_not_drained() {
    let (mut server, address) = start(&[("SHUTDOWN_LIMIT_MS", TEN_MINUTES_MS)]);
    let mut client = Client::with_a_request_in_flight(address);
    server.signal(Signal::Terminate);
    server.wait_for_line("shutting down");
    client.send("lo\n");
    assert_eq!(client.line(), "HELLO\n");
    assert_eq!(client.line(), "");
    assert_ended(&server.end(), 1, "0 drained, 1 cut off");
    drop(client);
}

#[test]
fn the_limit_is_10_s_unless_set() {
    let (mut server, _) = start(&[]);
    server.signal(Signal::Terminate);
    server.wait_for_line("shutting down within 10000 ms");
    assert_eq!(server.end().status.code(), Some(0));
}

/// The exit code is 128 and the number of the second signal, whichever the first was.
#[test]
fn a_second_signal_ends_it_at_once() {
    for (first, second, code) in [
        (Signal::Interrupt, Signal::Interrupt, 130),
        (Signal::Interrupt, Signal::Terminate, 143),
        (Signal::Terminate, Signal::Interrupt, 130),
        (Signal::Terminate, Signal::Terminate, 143),
    ] {
        let (mut server, address) = start(&[("SHUTDOWN_LIMIT_MS", TEN_MINUTES_MS)]);
        let _stalled = Client::with_a_request_in_flight(address);
        server.signal(first);
        // Two signals of a kind count as one until the first has been seen.
        server.wait_for_line("shutting down");
        server.signal(second);
        assert_ended(&server.end(), code, "0 drained, 1 cut off");
    }
}

/// As in `server | head -1`: the signal must not find a server that panics when it prints.
#[test]
fn a_closed_stdout_does_not_lose_the_request_in_flight() {
    let mut server = command(&[]).stdout(Stdio::piped()).spawn().unwrap();
    let mut first_line = String::new();
    let mut stdout = BufReader::new(server.stdout.take().unwrap());
    stdout.read_line(&mut first_line).unwrap();
    drop(stdout);
    let address = address_in(first_line.trim_end());
    let mut busy = Client::with_a_request_in_flight(address);
    let mut idle = Client::connect(address);
    idle.send("hello\n");
    assert_eq!(idle.line(), "HELLO\n");

    let pid = rustix::process::Pid::from_child(&server);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(idle.line(), "", "the shutdown has begun");
    busy.send("lo\n");
    assert_eq!(busy.line(), "HELLO\n");
    drop(busy);
    assert_eq!(server.wait().unwrap().code(), Some(0));
}

/// As in `server | less`, with nobody at the terminal: what it prints finds no room.
#[test]
fn a_full_stdout_that_nobody_reads_stops_neither_accepts_nor_signals() {
    let (reader, writer) = pipe().unwrap();
    let mut server = command(&[]).stdout(writer.try_clone().unwrap()).spawn().unwrap();
    let mut first_line = String::new();
    let mut stdout = BufReader::new(reader);
    stdout.read_line(&mut first_line).unwrap();
    let address = address_in(first_line.trim_end());
    let mut busy = Client::with_a_request_in_flight(address);
    fill(writer);

    let pid = rustix::process::Pid::from_child(&server);
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, prlimit};
        // An accept fails ten times a second, and each time it is said.
        let before = getrlimit(Resource::Nofile);
        prlimit(Some(pid), Resource::Nofile, Rlimit { current: Some(0), ..before }).unwrap();
        let mut client = Client::connect(address);
        std::thread::sleep(Duration::from_millis(500));
        prlimit(Some(pid), Resource::Nofile, before).unwrap();
        client.send("hello\n");
        assert_eq!(client.line(), "HELLO\n");
    }
    let mut idle = Client::connect(address);
    idle.send("hello\n");
    assert_eq!(idle.line(), "HELLO\n");

    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    assert_eq!(idle.line(), "", "the shutdown has begun");
    busy.send("lo\n");
    assert_eq!(busy.line(), "HELLO\n");
    drop(busy);
    let deadline = Instant::now() + Duration::from_secs(60);
    let status = loop {
        match server.try_wait().unwrap() {
            Some(status) => break status,
            None if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
            None => break server.kill().and_then(|()| server.wait()).unwrap(),
        }
    };
    assert_eq!(status.code(), Some(0), "{status:?}");
    drop(stdout);
}

/// To the last byte. The server must not print meanwhile: the flag is that of the pipe's end, not
/// of this process.
fn fill(mut pipe: PipeWriter) {
    rustix::io::ioctl_fionbio(&pipe, true).unwrap();
    for piece in [4_096, 1] {
        let full = loop {
            if let Err(error) = pipe.write(&vec![b'.'; piece]) {
                break error;
            }
        };
        assert_eq!(full.kind(), ErrorKind::WouldBlock);
    }
    rustix::io::ioctl_fionbio(&pipe, false).unwrap();
}

/// Out of file descriptors, it goes on, neither spinning nor deaf to signals.
#[cfg(target_os = "linux")] // takes the descriptors away with `prlimit`
#[test]
fn a_server_that_cannot_accept_tries_again_ten_times_a_second() {
    use rustix::process::{Pid, Resource, Rlimit, getrlimit, prlimit};
    // `exec` keeps the process id: the shell's is the server's.
    let mut shell = Command::new("sh");
    shell.args(["-c", r#"echo $$; exec "$@""#, "sh"]);
    shell.arg(command(&[]).get_program()).args(command(&[]).get_args());
    let mut server = Child::start(shell.env("LISTEN", "127.0.0.1:0"));
    let pid = server.wait_for_line("").parse().ok().and_then(Pid::from_raw);
    let address = address_in(&server.wait_for_line("listening on "));
    // The server has inherited it.
    let before = getrlimit(Resource::Nofile);
    let none = Rlimit { current: Some(0), ..before };
    let began = Instant::now();
    prlimit(pid, Resource::Nofile, none).unwrap();
    let mut client = Client::connect(address);
    server.wait_for_line("accept: Too many open files (os error 24)");
    server.wait_for_line("accept: Too many open files (os error 24)");
    prlimit(pid, Resource::Nofile, before).unwrap();
    client.send("hello\n");
    assert_eq!(client.line(), "HELLO\n");

    // A signal in that state: the client waits in the kernel, unaccepted, and is reset.
    prlimit(pid, Resource::Nofile, none).unwrap();
    let mut late = Client::connect(address);
    server.wait_for_line("accept: Too many open files (os error 24)");
    server.signal(Signal::Terminate);
    assert_eq!(late.line(), "");
    let ended = server.end();
    let tenths = began.elapsed().as_millis() / 100;
    let failures = ended.stdout.lines().filter(|line| line.starts_with("accept: ")).count();
    assert!(failures as u128 <= tenths + 1, "{failures} in {tenths} tenths of a second");
    assert_ended(&ended, 0, "0 drained, 0 cut off");
}

#[test]
fn a_setting_it_cannot_read_is_named_with_what_is_allowed() {
    for (variable, value) in [
        ("LISTEN", "localhost"),
        ("LISTEN", "127.0.0.1:65536"),
        ("LISTEN", ""),
        ("SHUTDOWN_LIMIT_MS", "0"),
        ("SHUTDOWN_LIMIT_MS", "10s"),
        ("SHUTDOWN_LIMIT_MS", "-1"),
    ] {
        let allowed = match variable {
            "LISTEN" => "an IP address and a port, such as 127.0.0.1:8080",
            _ => "a whole number from 1, such as 10000",
        };
        let ended = Child::start(&mut command(&[(variable, value)])).end();
        assert_eq!(ended.stderr, format!("error: {variable} must be {allowed}, not {value:?}\n"));
        assert_eq!(ended.stdout, "");
        assert_eq!(ended.status.code(), Some(2));
    }
}

#[test]
fn a_port_in_use_is_said_to_be() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let ended = Child::start(&mut command(&[("LISTEN", &address)])).end();
    let said = format!("error: cannot listen on {address}: Address ");
    assert!(ended.stderr.starts_with(&said), "{ended:#?}");
    assert_eq!(ended.stderr.lines().count(), 1);
    assert_eq!(ended.stdout, "");
    assert_eq!(ended.status.code(), Some(1));
}

/// Guide 4.5: Ctrl+C is one of its branches, SIGTERM is none.
/// Proves G-4.5-5.
#[test]
fn ctrl_c_ends_the_select_loop_and_sigterm_kills_it() {
    use std::os::unix::process::ExitStatusExt;
    const SIGTERM: i32 = 15;
    let program = || {
        let mut program = Child::start(&mut cargo_run("join-select", &["select_loop"]));
        // Then the handler of Ctrl+C is there as well: its branch is polled first.
        program.wait_for_line("ハートビート送信");
        program
    };
    let interrupted = program();
    interrupted.signal(Signal::Interrupt);
    assert_ended(&interrupted.end(), 0, "Ctrl+C 受信。シャットダウン...");

    let terminated = program();
    terminated.signal(Signal::Terminate);
    let ended = terminated.end();
    assert_eq!(ended.status.signal(), Some(SIGTERM), "{ended:#?}");
    assert!(!ended.stdout.contains("シャットダウン"), "{ended:#?}");
}

/// `cargo run -p graceful-shutdown -- tcp_server` on a free port, with these variables.
fn command(variables: &[(&str, &str)]) -> Command {
    static BUILD: Once = Once::new();
    // Before the first start, so that no time limit below has to hold for a build as well.
    BUILD.call_once(|| {
        let mut build = Command::new(env!("CARGO"));
        build.args(["build", "--quiet", "--package", "graceful-shutdown"]);
        assert!(build.status().unwrap().success());
    });
    let mut command = cargo_run("graceful-shutdown", &["tcp_server"]);
    command.env("LISTEN", "127.0.0.1:0").env_remove("SHUTDOWN_LIMIT_MS");
    command.envs(variables.iter().copied());
    command
}

/// A server that listens, and its address.
fn start(variables: &[(&str, &str)]) -> (Child, SocketAddr) {
    let mut server = Child::start(&mut command(variables));
    let first_line = server.wait_for_line("");
    (server, address_in(&first_line))
}

fn address_in(first_line: &str) -> SocketAddr {
    let address = first_line.strip_prefix("listening on ").expect(first_line);
    address.parse().expect(first_line)
}

fn assert_ended(ended: &Ended, code: i32, last_line: &str) {
    assert_eq!(ended.status.code(), Some(code), "{ended:#?}");
    assert_eq!(ended.stdout.lines().last(), Some(last_line), "{ended:#?}");
    assert_eq!(ended.stderr, "", "{ended:#?}");
}

struct Client(BufReader<TcpStream>);

impl Client {
    fn connect(address: SocketAddr) -> Self {
        Self::new(TcpStream::connect(address).unwrap())
    }

    /// What it does not read stays with the server.
    fn with_room_for_2_kib(address: SocketAddr) -> Self {
        use rustix::net::{AddressFamily, SocketType, connect, socket, sockopt};
        let stream = socket(AddressFamily::INET, SocketType::STREAM, None).unwrap();
        sockopt::set_socket_recv_buffer_size(&stream, 2_048).unwrap();
        connect(&stream, &address).unwrap();
        Self::new(stream.into())
    }

    fn new(stream: TcpStream) -> Self {
        // Only a server that has lost the connection lets this pass.
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Self(BufReader::new(stream))
    }

    /// Half of "hello" is in the server's hands: it came in one piece with a request that has
    /// been answered.
    fn with_a_request_in_flight(address: SocketAddr) -> Self {
        let mut client = Self::connect(address);
        client.send("first\nhel");
        assert_eq!(client.line(), "FIRST\n");
        client
    }

    fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// The next line with its end, or nothing at the end of the connection.
    fn line(&mut self) -> String {
        let mut line = String::new();
        match self.0.read_line(&mut line) {
            Ok(_) => line,
            // A server that is cut off leaves half a request unread, which resets the connection.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => line,
            Err(error) => panic!("{error}"),
        }
    }
}
