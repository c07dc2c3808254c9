//! Guide 10.1 — After SIGINT or SIGTERM, whoever has begun a request still gets its answer.
//!
//! A request is a line, its answer the line in capitals. A signal closes the listener and the idle
//! connections at once; what is in flight has `SHUTDOWN_LIMIT_MS` (10000) to end. `LISTEN` is the
//! address (127.0.0.1:8080; port 0 takes a free one). Exit codes: 0 drained; 1 cut off at the
//! limit, or unable to listen; 2 malformed setting; 130 or 143 ended by a second SIGINT or SIGTERM.
//! On Windows these two are Ctrl+C and Ctrl+Break.
//! Connections not accepted yet, or only just, are lost. Handlers that block all workers delay it.

use std::io::{self, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, net::SocketAddr, num::NonZeroU64, process::exit, str::FromStr, sync::Arc};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::{Duration, sleep, timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// For each step a client owes: to begin a request, to end it, to take its answer.
const CLIENT_LIMIT: Duration = Duration::from_secs(30);
/// To hang up: to close with requests unread is a reset, which takes back answers on their way.
const LINGER: Duration = Duration::from_secs(5);

#[tokio::main]
pub async fn main() {
    let listen = setting("LISTEN", "127.0.0.1:8080", "an IP address and a port");
    let limit = setting("SHUTDOWN_LIMIT_MS", "10000", "a whole number from 1");
    let code = serve(listen, limit).await.unwrap_or_else(|error| {
        eprintln!("error: cannot listen on {listen}: {error}");
        1
    });
    // Returning would first wait for handlers that block their thread, perhaps for ever.
    exit(code)
}

fn setting<T: FromStr>(name: &str, default: &str, allowed: &str) -> T {
    let value = env::var_os(name).unwrap_or(default.into());
    let parsed = value.to_str().and_then(|text| text.parse().ok());
    parsed.unwrap_or_else(|| {
        eprintln!("error: {name} must be {allowed}, such as {default}, not {value:?}");
        exit(2)
    })
}

/// Serves until the first signal, then shuts down. Returns the exit code.
async fn serve(listen: SocketAddr, limit_ms: NonZeroU64) -> io::Result<i32> {
    let listener = tokio::net::TcpListener::bind(listen).await?;
    // Before the address is known: whoever knows it may already send one.
    let mut signal = signals()?;
    say(format!("listening on {}", listener.local_addr()?));

    let (stop, drained) = (CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
    let connections = TaskTracker::new();
    loop {
        let client = tokio::select! { _ = signal() => break, client = listener.accept() => client };
        if let Ok((stream, _)) = client.inspect_err(|error| say(format!("accept: {error}"))) {
            // Nobody asks how it ends: a client's failure is that of its own connection.
            connections.spawn(converse(stream, stop.clone(), drained.clone()));
        } else {
            // "Too many open files" passes, but not at once: without this the loop would spin.
            sleep(Duration::from_millis(100)).await;
        }
    }
    drop(listener);
    stop.cancel();
    connections.close();
    say(format!("shutting down within {limit_ms} ms"));
    let code = tokio::select! {
        biased;
        () = connections.wait() => 0,
        code = signal() => code,
        () = sleep(Duration::from_millis(limit_ms.get())) => 1,
    };
    say(format!("{drained:?} drained, {} cut off", connections.len()));
    Ok(code)
}

/// Handles signals from now on. Each call waits for the next and returns 128 + its number.
fn signals() -> io::Result<impl AsyncFnMut() -> i32> {
    #[cfg(unix)]
    use tokio::signal::unix::{SignalKind as Kind, signal};
    #[cfg(unix)]
    let mut streams = (signal(Kind::interrupt())?, signal(Kind::terminate())?);
    #[cfg(windows)]
    use tokio::signal::windows::{ctrl_break, ctrl_c};
    #[cfg(windows)]
    let mut streams = (ctrl_c()?, ctrl_break()?);
    Ok(async move || tokio::select! { _ = streams.0.recv() => 130, _ = streams.1.recv() => 143 })
}

/// Answers line by line until the client ends, or `stop`. What `stop` found begun is `drained`.
async fn converse<S: AsyncRead + AsyncWrite + Unpin>(
    stream: S,
    stop: CancellationToken,
    drained: Arc<AtomicUsize>,
) -> io::Result<()> {
    let mut client = BufReader::new(stream);
    let mut stopping = false;
    while !stopping {
        tokio::select! {
            // In flight from its first byte: what is here already goes before the stop.
            biased;
            begun = timeout(CLIENT_LIMIT, client.fill_buf()) => drop(begun??),
            () = stop.cancelled() => return Ok(()),
        }
        // 8 KiB, or one client could fill the memory. Half a request must not be carried out.
        let (mut line, mut request) = (String::new(), (&mut client).take(8 * 1024));
        timeout(CLIENT_LIMIT, request.read_line(&mut line)).await??;
        if !line.ends_with('\n') {
            return Ok(());
        }
        let answer = answer(line.trim_end()).await;
        // Asked before the answer leaves: who has it is idle again.
        stopping = stop.is_cancelled();
        timeout(CLIENT_LIMIT, client.write_all(answer.as_bytes())).await??;
    }
    timeout(CLIENT_LIMIT, client.shutdown()).await??;
    let _ = timeout(LINGER, tokio::io::copy(&mut client, &mut tokio::io::sink())).await;
    drained.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// The work, and the place for yours. It need not know of the shutdown.
async fn answer(request: &str) -> String {
    sleep(Duration::from_millis(100)).await;
    request.to_uppercase() + "\n"
}

/// `println!` that ignores a closed stdout: that nobody reads must not end the work in flight.
fn say(line: String) {
    let _ = writeln!(io::stdout(), "{line}");
}

#[cfg(test)]
mod tests {
    // Signals, the limit and the exit codes need a process: tests/signals.rs of the workspace.

    use super::*;
    use std::sync::mpsc::channel;
    use tokio::io::{DuplexStream, duplex};
    use tokio::task::JoinHandle;
    use tokio::time::Instant;
    use utils::probe::in_child;

    const WORK: Duration = Duration::from_millis(100);

    /// A client and the task that serves it; what lies between them holds `buffer` bytes.
    struct Served {
        client: DuplexStream,
        stop: CancellationToken,
        drained: Arc<AtomicUsize>,
        task: JoinHandle<io::Result<()>>,
    }

    impl Served {
        fn new(buffer: usize) -> Self {
            let (client, stream) = duplex(buffer);
            let (stop, drained) = (CancellationToken::new(), Arc::new(AtomicUsize::new(0)));
            let task = tokio::spawn(converse(stream, stop.clone(), drained.clone()));
            Self { client, stop, drained, task }
        }

        async fn send(&mut self, text: &str) {
            self.client.write_all(text.as_bytes()).await.unwrap();
        }

        async fn receive(&mut self, answer: &str) {
            let mut bytes = vec![0; answer.len()];
            self.client.read_exact(&mut bytes).await.unwrap();
            assert_eq!(String::from_utf8(bytes).unwrap(), answer);
        }

        /// Everything up to the end of the connection, how it ended, and what it counted.
        async fn end(mut self) -> (String, io::Result<()>, usize) {
            let mut rest = String::new();
            self.client.read_to_string(&mut rest).await.unwrap();
            drop(self.client);
            let result = self.task.await.unwrap();
            (rest, result, self.drained.load(Ordering::Relaxed))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_is_answered_after_its_work() {
        let mut served = Served::new(64);
        let start = Instant::now();
        served.send("hello\r\n").await;
        served.receive("HELLO\n").await;
        assert_eq!(start.elapsed(), WORK);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_at_work_when_the_stop_comes_is_answered_and_counted() {
        let mut served = Served::new(64);
        let start = Instant::now();
        served.send("hello\n").await;
        sleep(WORK / 2).await;
        served.stop.cancel();
        let (rest, result, drained) = served.end().await;
        assert_eq!(rest, "HELLO\n");
        assert!(result.is_ok());
        assert_eq!(drained, 1);
        assert_eq!(start.elapsed(), WORK);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_is_in_flight_from_its_first_byte() {
        let mut served = Served::new(64);
        served.send("h").await;
        sleep(WORK).await;
        served.stop.cancel();
        sleep(WORK).await;
        served.send("ello\n").await;
        let (rest, _, drained) = served.end().await;
        assert_eq!(rest, "HELLO\n");
        assert_eq!(drained, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn the_stop_closes_an_idle_connection_at_once_and_does_not_count_it() {
        for requests in [0, 1] {
            let mut served = Served::new(64);
            for _ in 0..requests {
                served.send("hello\n").await;
                served.receive("HELLO\n").await;
            }
            let start = Instant::now();
            served.stop.cancel();
            let (rest, result, drained) = served.end().await;
            assert_eq!(rest, "");
            assert!(result.is_ok());
            assert_eq!(drained, 0);
            assert_eq!(start.elapsed(), Duration::ZERO);
        }
    }

    /// A client that sends without end would otherwise hold up the shutdown to its limit.
    #[tokio::test(start_paused = true)]
    async fn a_client_that_sends_ahead_gets_one_answer_after_the_stop() {
        let mut served = Served::new(64);
        served.stop.cancel();
        served.send("a\nb\nc\n").await;
        let (rest, _, drained) = served.end().await;
        assert_eq!(rest, "A\n");
        assert_eq!(drained, 1);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_hang_up_holds_up_the_shutdown_by_5_s() {
        let mut served = Served::new(64);
        let start = Instant::now();
        served.stop.cancel();
        served.send("hello\n").await;
        assert!(served.task.await.unwrap().is_ok());
        assert_eq!(served.drained.load(Ordering::Relaxed), 1);
        assert_eq!(start.elapsed(), WORK + Duration::from_secs(5));
    }

    #[tokio::test(start_paused = true)]
    async fn half_a_request_is_never_carried_out() {
        let mut served = Served::new(64);
        let start = Instant::now();
        served.send("transfer 100").await;
        // Cut short: the client may have meant to go on.
        served.client.shutdown().await.unwrap();
        let (rest, result, _) = served.end().await;
        assert_eq!(rest, "");
        assert!(result.is_ok());
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_ends_within_8_kib_or_not_at_all() {
        let fits = "a".repeat(8 * 1024 - 1) + "\n";
        let mut served = Served::new(64 * 1024);
        served.send(&fits).await;
        served.receive(&fits.to_uppercase()).await;

        served.send(&format!("a{fits}")).await;
        let (rest, result, _) = served.end().await;
        assert_eq!(rest, "");
        assert!(result.is_ok());
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_owes_a_step_for_30_s_is_hung_up_on() {
        for (sent, buffer, until) in [
            ("", 64, CLIENT_LIMIT),
            ("hell", 64, CLIENT_LIMIT),
            // Its answer finds no room, and nobody reads.
            ("hello\n", 1, WORK + CLIENT_LIMIT),
        ] {
            let mut served = Served::new(buffer);
            let start = Instant::now();
            served.send(sent).await;
            let result = timeout(CLIENT_LIMIT * 2, served.task).await;
            let error = result.expect("it waits for ever").unwrap().unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            assert_eq!(start.elapsed(), until);
        }
        assert_eq!(CLIENT_LIMIT, Duration::from_secs(30));
    }

    /// Why `main` does not return.
    #[test]
    fn a_runtime_waits_for_a_blocked_thread_for_ever() {
        let ended = in_child(Duration::from_secs(2), || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let (begin, begun) = channel();
            runtime.spawn_blocking(move || {
                begin.send(()).unwrap();
                loop {
                    std::thread::park();
                }
            });
            begun.recv().unwrap();
            println!("\nreturning");
            drop(runtime);
            println!("\nreturned");
        });
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.contains("\nreturning\n"), "{ended:#?}");
        assert!(!ended.stdout.contains("\nreturned\n"), "{ended:#?}");
    }

    /// The workers drive timers and signals: `block_on` only waits for them.
    #[test]
    fn a_limit_does_not_fire_while_every_worker_is_blocked() {
        let ended = in_child(Duration::from_secs(2), || {
            let mut builder = tokio::runtime::Builder::new_multi_thread();
            let runtime = builder.worker_threads(1).enable_time().build().unwrap();
            let (begin, begun) = channel();
            runtime.spawn(async move {
                begin.send(()).unwrap();
                loop {
                    std::thread::park();
                }
            });
            begun.recv().unwrap();
            println!("\nwaiting");
            runtime.block_on(sleep(Duration::from_millis(1)));
            println!("\nwaited");
        });
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.contains("\nwaiting\n"), "{ended:#?}");
        assert!(!ended.stdout.contains("\nwaited\n"), "{ended:#?}");
    }
}
