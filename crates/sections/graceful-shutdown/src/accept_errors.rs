//! Guide 10.1 — An error of `accept` ends a server that returns it, and spins in one that ignores it.
//!
//! To take to work: `cargo run -- copy tcp_server`.

use std::io::{self, Error};
use tokio::time::{Duration, Instant, advance, sleep};

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("no file is free for 100 ms; each call of accept takes 10 µs");
    println!("returned: {:?}", returned(full_for_100_ms()).await.map_err(|e| e.to_string()));
    println!("ignored: {} calls", ignored(full_for_100_ms()).await);
    println!("waited: {} calls", waited(full_for_100_ms()).await);
}

/// Wrong: one bad moment, and the server has gone.
async fn returned(accept: impl AsyncFn() -> io::Result<()>) -> io::Result<()> {
    accept().await
}

/// Wrong: the client stays in the queue, so that the next call fails at once, and burns a core.
async fn ignored(accept: impl AsyncFn() -> io::Result<()>) -> u32 {
    let mut calls = 1;
    while accept().await.is_err() {
        calls += 1;
    }
    calls
}

/// Right: a pause that doubles gives others the time to close a file.
async fn waited(accept: impl AsyncFn() -> io::Result<()>) -> u32 {
    let (mut calls, mut pause) = (1, Duration::from_millis(5));
    while accept().await.is_err() {
        sleep(pause).await;
        pause = (pause * 2).min(Duration::from_secs(1));
        calls += 1;
    }
    calls
}

fn full_for_100_ms() -> impl AsyncFn() -> io::Result<()> {
    let start = Instant::now();
    async move || {
        advance(Duration::from_micros(10)).await;
        let is_full = start.elapsed() < Duration::from_millis(100);
        if is_full { Err(Error::other("too many open files")) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn returned_the_first_error_is_the_end() {
        let error = returned(full_for_100_ms()).await.unwrap_err();
        assert_eq!(error.to_string(), "too many open files");
    }

    #[tokio::test(start_paused = true)]
    async fn ignored_it_is_ten_thousand_calls_in_100_ms() {
        assert_eq!(ignored(full_for_100_ms()).await, 10_000);
    }

    /// At 0, 5, 15, 35, 75 and 155 ms.
    #[tokio::test(start_paused = true)]
    async fn with_pauses_it_is_six_calls() {
        assert_eq!(waited(full_for_100_ms()).await, 6);
    }

    /// The real error, in a process that may have no more files.
    #[cfg(unix)] // limits the open files of a process
    #[test]
    fn at_the_limit_of_open_files_accept_fails_at_once_each_time_and_loses_no_client() {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let ended = utils::probe::in_child(Duration::from_secs(60), || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                let _client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
                let limits = getrlimit(Resource::Nofile);
                setrlimit(Resource::Nofile, Rlimit { current: Some(32), ..limits }).unwrap();
                let mut files = Vec::new();
                while let Ok(file) = std::fs::File::open("/dev/null") {
                    files.push(file);
                }
                for _ in 0..100 {
                    println!("{}", listener.accept().await.unwrap_err());
                }
                drop(files);
                println!("accepted: {}", listener.accept().await.is_ok());
            });
        });
        assert_eq!(ended.stdout.matches("Too many open files").count(), 100, "{ended:#?}");
        assert!(ended.stdout.ends_with("accepted: true\n"), "{ended:#?}");
    }
}
