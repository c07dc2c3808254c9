//! Guide 10.1 — After Ctrl+C, a client that has begun a request still gets its answer.
//!
//! To take to work: `cargo run -- copy tcp_server`.

use std::{future::ready, io, pin::pin};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::{Duration, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

#[tokio::main]
pub async fn main() -> io::Result<()> {
    let listen = std::env::var("LISTEN").unwrap_or_else(|_| "127.0.0.1:8080".to_string());
    let listener = TcpListener::bind(listen).await?;
    let mut signal = pin!(tokio::signal::ctrl_c());
    tokio::select! {
        // Polled first: it installs the handler, without which a Ctrl+C kills the program.
        biased;
        signal = &mut signal => return signal,
        address = ready(listener.local_addr()) => println!("listening on {}", address?),
    }

    let (stop, connections) = (CancellationToken::new(), TaskTracker::new());
    loop {
        tokio::select! {
            signal = &mut signal => break signal?,
            client = listener.accept() => drop(connections.spawn(talk(client?.0, stop.clone()))),
        }
    }
    println!("shutting down");
    drop(listener);
    stop.cancel();
    connections.close();
    let _ = timeout(Duration::from_secs(1), connections.wait()).await;
    println!("{} cut off", connections.len());
    Ok(())
}

/// Answers each line with the line in capitals, until the client ends, or `stop`.
async fn talk(stream: TcpStream, stop: CancellationToken) -> io::Result<()> {
    let mut client = BufReader::new(stream);
    while !stop.is_cancelled() {
        tokio::select! {
            // In flight from its first byte: what is here already goes before the stop.
            biased;
            begun = client.fill_buf() => if begun?.is_empty() { break },
            () = stop.cancelled() => break,
        }
        let mut line = String::new();
        client.read_line(&mut line).await?;
        // Half a request must not be carried out.
        if !line.ends_with('\n') {
            break;
        }
        sleep(Duration::from_millis(100)).await; // The work.
        client.write_all(line.to_uppercase().as_bytes()).await?;
    }
    client.shutdown().await
}

#[cfg(test)]
mod tests {
    // Signals need a process: tests/signals.rs of the workspace.

    use super::*;
    use tokio::io::AsyncReadExt;
    use tokio::task::JoinHandle;

    /// A client and the task that serves it.
    async fn served() -> (TcpStream, CancellationToken, JoinHandle<io::Result<()>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let stop = CancellationToken::new();
        let task = tokio::spawn(talk(listener.accept().await.unwrap().0, stop.clone()));
        (client, stop, task)
    }

    async fn rest(mut client: TcpStream) -> String {
        let mut rest = String::new();
        client.read_to_string(&mut rest).await.unwrap();
        rest
    }

    #[tokio::test]
    async fn each_line_is_answered_until_the_client_ends() {
        let (mut client, _stop, task) = served().await;
        client.write_all(b"one\ntwo\n").await.unwrap();
        client.shutdown().await.unwrap();
        assert_eq!(rest(client).await, "ONE\nTWO\n");
        task.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn half_a_request_is_never_carried_out() {
        let (mut client, _stop, task) = served().await;
        client.write_all(b"transfer 100").await.unwrap();
        client.shutdown().await.unwrap();
        assert_eq!(rest(client).await, "");
        task.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn the_stop_closes_an_idle_connection_at_once() {
        let (client, stop, task) = served().await;
        stop.cancel();
        assert_eq!(rest(client).await, "");
        task.await.unwrap().unwrap();
    }

    /// Both are there when the task is polled next: the request goes first, and the rest unheard.
    #[tokio::test]
    async fn a_request_sent_before_the_stop_is_answered_and_one_more_is_not() {
        let (mut client, stop, task) = served().await;
        client.write_all(b"first\nbegun\nahead\n").await.unwrap();
        let mut first = [0; 6];
        client.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"FIRST\n");
        stop.cancel();
        assert_eq!(rest(client).await, "BEGUN\n");
        drop(task);
    }
}
