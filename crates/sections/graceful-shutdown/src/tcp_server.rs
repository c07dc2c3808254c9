//! Guide 10.1 — After SIGINT or SIGTERM, whoever has begun a request still gets its answer.
//!
//! A request is a line of UTF-8 of up to 8 KiB, its answer the line in capitals; any other line (a
//! `\xff`, say) ends its connection. A signal (Windows: Ctrl+C, Ctrl+Break) closes the listener and
//! the idle connections at once; what is in flight has `SHUTDOWN_LIMIT_MS` to end. Of requests sent
//! ahead, one more is answered; the rest is not carried out. `LISTEN` is the address. Exit codes: 0
//! drained; 1 cut off at a limit, or unable to listen; 2 malformed setting; 130, 143 second signal.
//! Connections not accepted yet, or only just, are lost. Handlers that block all workers delay it.

use std::io::{self, ErrorKind, Result, Write};
use std::{env, net::SocketAddr, num::NonZeroU64, process::exit, str::FromStr, sync::mpsc};
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use tokio::time::{Duration, sleep, timeout};
use tokio_util::sync::CancellationToken;

/// For each step a client owes: to begin a request, to end it, to take its answer.
const CLIENT_LIMIT: Duration = Duration::from_secs(30);
/// To hang up: to close with requests unread is a reset, which takes back answers on their way.
const LINGER: Duration = Duration::from_secs(5);

#[tokio::main]
pub async fn main() {
    let listen = setting("LISTEN", "127.0.0.1:8080", "an IP address and a port");
    let limit = setting("SHUTDOWN_LIMIT_MS", "10000", "a whole number from 1");
    // A full pipe that nobody reads blocks a thread of the pool, and neither accepts nor signals.
    let (lines, queue) = mpsc::sync_channel::<String>(64);
    let print = move || queue.iter().for_each(|line| drop(writeln!(io::stdout(), "{line}")));
    let printed = tokio::task::spawn_blocking(print);
    let say = move |line| drop(lines.try_send(line));
    let code = serve(listen, limit, say).await.unwrap_or_else(|error| {
        eprintln!("error: cannot listen on {listen}: {error}");
        1
    });
    let _ = timeout(Duration::from_secs(1), printed).await;
    // Returning would first wait for handlers that block their thread, perhaps for ever.
    exit(code)
}

fn setting<T: FromStr>(name: &str, default: &str, allowed: &str) -> T {
    let value = env::var_os(name).unwrap_or(default.into());
    value.to_str().and_then(|text| text.parse().ok()).unwrap_or_else(|| {
        eprintln!("error: {name} must be {allowed}, such as {default}, not {value:?}");
        exit(2)
    })
}

/// Serves until the first signal, then shuts down. Returns the exit code.
async fn serve(at: SocketAddr, limit_ms: NonZeroU64, say: impl Fn(String)) -> Result<i32> {
    let listener = tokio::net::TcpListener::bind(at).await?;
    // Before the address is known: whoever knows it may already send one.
    let mut signal = signals()?;
    say(format!("listening on {}", listener.local_addr()?));
    let (stop, mut connections) = (CancellationToken::new(), tokio::task::JoinSet::new());
    loop {
        let client = tokio::select! {
            _ = signal() => break,
            // Only to forget it: a client's failure is that of its own connection.
            Some(_) = connections.join_next() => continue,
            client = listener.accept() => client,
        };
        if let Ok((stream, _)) = client.inspect_err(|error| say(format!("accept: {error}"))) {
            connections.spawn(talk(stream, stop.clone()));
        } else {
            // "Too many open files" passes, but not at once: without this the loop would spin.
            sleep(Duration::from_millis(100)).await;
        }
    }
    drop(listener);
    stop.cancel();
    say(format!("shutting down within {limit_ms} ms"));
    let (mut drained, mut cut_off) = (0, 0);
    let all = async {
        while let Some(end) = connections.join_next().await {
            drained += usize::from(matches!(end, Ok(Ok(true))));
            // At a limit. Any other error is that of a client that broke the connection.
            cut_off += usize::from(matches!(end, Ok(Err(e)) if e.kind() == ErrorKind::TimedOut));
        }
    };
    let limit = sleep(Duration::from_millis(limit_ms.get()));
    let code = tokio::select! { biased; () = all => 0, code = signal() => code, () = limit => 1 };
    cut_off += connections.len();
    say(format!("{drained} drained, {cut_off} cut off"));
    Ok(code.max(i32::from(cut_off > 0)))
}

/// Handles signals from now on. Each call waits for the next and returns 128 + its number.
fn signals() -> Result<impl AsyncFnMut() -> i32> {
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

/// Answers until the client ends, or `stop`. True if `stop` found a request, since then answered.
async fn talk(peer: impl AsyncRead + AsyncWrite + Unpin, stop: CancellationToken) -> Result<bool> {
    let (mut client, mut stopping) = (BufReader::new(peer), false);
    while !stopping {
        tokio::select! {
            // In flight from its first byte: what is here already goes before the stop.
            biased;
            begun = timeout(CLIENT_LIMIT, client.fill_buf()) => drop(begun??),
            () = stop.cancelled() => return Ok(false),
        }
        // 8 KiB, or one client could fill the memory. Half a request must not be carried out.
        let (mut line, mut request) = (Vec::new(), (&mut client).take(8 * 1024));
        timeout(CLIENT_LIMIT, request.read_until(b'\n', &mut line)).await??;
        let Some(line) = String::from_utf8(line).ok().filter(|l| l.ends_with('\n')) else { break };
        let answer = answer(line.trim_end()).await;
        // Asked before the answer leaves: who has it is idle again.
        stopping = stop.is_cancelled();
        timeout(CLIENT_LIMIT, client.write_all(answer.as_bytes())).await??;
        // A buffered stream, and TLS is one, keeps what is written until this.
        timeout(CLIENT_LIMIT, client.flush()).await??;
    }
    timeout(CLIENT_LIMIT, client.shutdown()).await??;
    timeout(LINGER, tokio::io::copy(&mut client, &mut tokio::io::sink())).await??;
    Ok(stopping)
}

/// The work, and the place for yours. It need not know of the shutdown.
async fn answer(request: &str) -> String {
    sleep(Duration::from_millis(100)).await;
    request.to_uppercase() + "\n"
}

#[cfg(test)]
mod tests {
    // Signals, the limit and the exit codes need a process: tests/signals.rs of the workspace.

    use super::*;
    use std::sync::mpsc::channel;
    use tokio::io::{BufWriter, DuplexStream, duplex};
    use tokio::net::{TcpListener, TcpSocket};
    use tokio::task::JoinHandle;
    use tokio::time::Instant;
    use utils::probe::in_child;

    const WORK: Duration = Duration::from_millis(100);

    /// A client and the task that serves it; what lies between them holds `buffer` bytes.
    struct Served {
        client: DuplexStream,
        stop: CancellationToken,
        task: JoinHandle<Result<bool>>,
    }

    impl Served {
        fn new(buffer: usize) -> Self {
            let (client, stream) = duplex(buffer);
            Self::by(client, stream)
        }

        fn by(
            client: DuplexStream,
            stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
        ) -> Self {
            let stop = CancellationToken::new();
            let task = tokio::spawn(talk(stream, stop.clone()));
            Self { client, stop, task }
        }

        async fn send(&mut self, text: impl AsRef<[u8]>) {
            self.client.write_all(text.as_ref()).await.unwrap();
        }

        async fn receive(&mut self, answer: &str) {
            let mut bytes = vec![0; answer.len()];
            self.client.read_exact(&mut bytes).await.unwrap();
            assert_eq!(String::from_utf8(bytes).unwrap(), answer);
        }

        /// Everything up to the end of the connection, and whether the client counts as drained.
        async fn end(mut self) -> (String, bool) {
            let mut rest = String::new();
            self.client.read_to_string(&mut rest).await.unwrap();
            drop(self.client);
            (rest, self.task.await.unwrap().unwrap())
        }
    }

    /// Lines that are no requests, each with more than a buffer's bytes behind it.
    fn refused() -> [Vec<u8>; 3] {
        let too_long = "a".repeat(8 * 1024) + "\n";
        [&b"\xff\n"[..], b"caf\xe9\n", too_long.as_bytes()]
            .map(|line| [line, "more\n".repeat(10_000).as_bytes()].concat())
    }

    #[tokio::test(start_paused = true)]
    async fn a_line_is_answered_after_its_work() {
        let mut served = Served::new(64);
        let start = Instant::now();
        served.send("hello\r\n").await;
        served.receive("HELLO\n").await;
        assert_eq!(start.elapsed(), WORK);
    }

    /// Nothing else makes it leave: the client waits for it, and sends no more.
    #[tokio::test(start_paused = true)]
    async fn an_answer_leaves_a_stream_that_buffers() {
        let (client, stream) = duplex(64);
        let mut served = Served::by(client, BufWriter::new(stream));
        let start = Instant::now();
        for _ in 0..2 {
            served.send("hello\n").await;
            served.receive("HELLO\n").await;
        }
        assert_eq!(start.elapsed(), WORK * 2);
        served.send("last\n").await;
        served.stop.cancel();
        assert_eq!(served.end().await, ("LAST\n".to_string(), true));
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_at_work_when_the_stop_comes_is_answered_and_counted() {
        let mut served = Served::new(64);
        let start = Instant::now();
        served.send("hello\n").await;
        sleep(WORK / 2).await;
        served.stop.cancel();
        assert_eq!(served.end().await, ("HELLO\n".to_string(), true));
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
        assert_eq!(served.end().await, ("HELLO\n".to_string(), true));
    }

    /// Both are there when the task is polled next: the request goes first.
    #[tokio::test(start_paused = true)]
    async fn a_request_sent_whole_before_the_stop_is_answered() {
        let mut served = Served::new(64);
        served.send("first\n").await;
        served.receive("FIRST\n").await;
        served.send("second\n").await;
        served.stop.cancel();
        assert_eq!(served.end().await, ("SECOND\n".to_string(), true));
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
            assert_eq!(served.end().await, (String::new(), false));
            assert_eq!(start.elapsed(), Duration::ZERO);
        }
    }

    /// A client that sends without end would otherwise hold up the shutdown to its limit.
    #[tokio::test(start_paused = true)]
    async fn a_client_that_sends_ahead_gets_one_answer_after_the_stop() {
        let mut served = Served::new(64);
        served.stop.cancel();
        served.send("a\nb\nc\n").await;
        assert_eq!(served.end().await, ("A\n".to_string(), true));
    }

    /// It may have its answer or not: closing takes back what it has not read if it sends on.
    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_hang_up_is_cut_off_after_5_s_and_not_drained() {
        for sends_on in [false, true] {
            let mut served = Served::new(64);
            let start = Instant::now();
            served.stop.cancel();
            served.send("hello\n").await;
            let (mut client, task) = (served.client, served.task);
            tokio::spawn(async move {
                while sends_on && client.write_all(b"more\n").await.is_ok() {
                    sleep(WORK).await;
                }
                std::future::pending::<()>().await
            });
            assert_eq!(task.await.unwrap().unwrap_err().kind(), ErrorKind::TimedOut);
            assert_eq!(start.elapsed(), WORK + Duration::from_secs(5));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn half_a_request_is_never_carried_out() {
        let mut served = Served::new(64);
        let start = Instant::now();
        served.send("transfer 100").await;
        // Cut short: the client may have meant to go on.
        served.client.shutdown().await.unwrap();
        assert_eq!(served.end().await, (String::new(), false));
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_ends_within_8_kib() {
        let fits = "a".repeat(8 * 1024 - 1) + "\n";
        let mut served = Served::new(64);
        served.send(&fits).await;
        served.receive(&fits.to_uppercase()).await;
        // The limit is that of a line: the next one has as much.
        served.send(&fits).await;
        served.receive(&fits.to_uppercase()).await;
    }

    /// The rest is read, or the client could not write it, and the reset would lose its answers.
    #[tokio::test(start_paused = true)]
    async fn a_line_that_is_no_request_ends_the_connection_after_the_answers_before_it() {
        for refused in refused() {
            let mut served = Served::new(64);
            served.send("hello\n").await;
            sleep(WORK).await;
            served.send(refused).await;
            assert_eq!(served.end().await, ("HELLO\n".to_string(), false));
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_sends_on_after_such_a_line_is_cut_off_after_5_s() {
        for refused in refused() {
            let mut served = Served::new(64);
            let start = Instant::now();
            while served.client.write_all(&refused).await.is_ok() {
                // On a paused clock time passes only while all wait.
                sleep(WORK).await;
            }
            assert_eq!(served.task.await.unwrap().unwrap_err().kind(), ErrorKind::TimedOut);
            assert_eq!(start.elapsed(), Duration::from_secs(5));
        }
    }

    /// With sockets, where it counts: a reset throws away what the client has no room for yet.
    #[tokio::test]
    async fn a_line_that_is_no_request_takes_back_no_answer() {
        let clients = refused().map(|refused| async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let socket = TcpSocket::new_v4().unwrap();
            socket.set_recv_buffer_size(2_048).unwrap();
            let mut client = socket.connect(listener.local_addr().unwrap()).await.unwrap();
            let task = tokio::spawn(talk(listener.accept().await.unwrap().0, Default::default()));

            let request = "a".repeat(1_000) + "\n";
            client.write_all(request.repeat(6).as_bytes()).await.unwrap();
            client.write_all(&refused).await.unwrap();
            // Long enough for a server that closes at once to have done so.
            sleep(WORK * 10).await;
            let mut answers = String::new();
            client.read_to_string(&mut answers).await.expect("an end, and no reset");
            assert_eq!(answers, request.to_uppercase().repeat(6));
            drop(client);
            assert!(!task.await.unwrap().unwrap());
        });
        for client in clients.map(tokio::spawn) {
            client.await.unwrap();
        }
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
