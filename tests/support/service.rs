//! Answers each line with the line in capitals, until a signal comes or somebody types "quit".

use drain_on_signal::{Signals, Tasks};
use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;
use stdin_lines::Lines;
use tcp_server::{Server, hang_up};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// So long that only a second signal ends a wait for what never ends.
const LIMIT: Duration = Duration::from_secs(3600);

#[tokio::main]
async fn main() -> io::Result<ExitCode> {
    let mut signals = Signals::listen()?;
    let mut lines = Lines::of_stdin(100)?;
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    say(&format!("listening on {}", listener.local_addr()?));

    let (tasks, server) = (Tasks::new(), Server { max_connections: 100, drain_limit: LIMIT });
    let stopped = tasks.stopping().cancelled_owned();
    tasks.spawn(async move {
        let on_error = |error| say(&format!("accept: {error}"));
        let served = server.serve(listener, talk, stopped, on_error).await;
        say(&format!("served: {served:?}"));
    });
    let code = tokio::select! {
        code = signals.recv() => code,
        () = quit(&mut lines) => 0,
    };
    say("stopping");
    let second = async {
        signals.recv().await;
    };
    say(&format!("drained: {:?}", tasks.drain(LIMIT, second).await));
    Ok(ExitCode::from(code))
}

/// A service outlives the one that reads its log.
fn say(line: &str) {
    let _ = writeln!(io::stdout(), "{line}");
}

async fn quit(lines: &mut Lines) {
    while let Ok(Some(line)) = lines.next_line().await {
        if line == "quit" {
            return;
        }
    }
    std::future::pending().await
}

/// A request that has begun is answered.
async fn talk(stream: TcpStream, stopping: CancellationToken) {
    let mut client = BufReader::new(stream);
    loop {
        let begun = tokio::select! {
            biased;
            begun = client.fill_buf() => begun.is_ok_and(|bytes| !bytes.is_empty()),
            () = stopping.cancelled() => false,
        };
        let mut line = String::new();
        if !begun || client.read_line(&mut line).await.is_err() {
            break;
        }
        if client.write_all(line.to_uppercase().as_bytes()).await.is_err() {
            return;
        }
    }
    let _ = hang_up(&mut client, Duration::from_secs(5)).await;
}
