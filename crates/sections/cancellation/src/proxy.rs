//! Deep dive 11.6 — A proxy that selects one of its two copies drops the answer that still comes.
//!
//! To take to work: `cargo run -- copy relay`.

use tokio::io::{self, AsyncReadExt, AsyncWriteExt, DuplexStream, copy, duplex, split};
use tokio::time::{Duration, sleep};

// The clock is paused: it goes on by itself when everything waits.
#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() -> io::Result<()> {
    println!("one of two copies: {:?}", through(first_of_both).await?);
    println!("copy_bidirectional: {:?}", through(both).await?);
    Ok(())
}

/// Bad. The first end is often that of the request: the client has said all, and listens.
async fn first_of_both(client: DuplexStream, server: DuplexStream) -> io::Result<()> {
    let ((mut from_client, mut to_client), (mut from_server, mut to_server)) =
        (split(client), split(server));
    tokio::select! {
        copied = copy(&mut from_client, &mut to_server) => copied.map(drop),
        copied = copy(&mut from_server, &mut to_client) => copied.map(drop),
    }
}

/// Good: passes on each end, and ends with both. A peer that never ends needs a limit besides.
async fn both(mut client: DuplexStream, mut server: DuplexStream) -> io::Result<()> {
    io::copy_bidirectional(&mut client, &mut server).await.map(drop)
}

/// Returns the answer to a client that asks through this proxy.
async fn through(
    proxy: impl AsyncFnOnce(DuplexStream, DuplexStream) -> io::Result<()>,
) -> io::Result<String> {
    let ((mut client, left), (right, mut server)) = (duplex(64), duplex(64));
    let ask = async {
        client.write_all(b"hello").await?;
        client.shutdown().await?;
        let mut answer = String::new();
        client.read_to_string(&mut answer).await?;
        Ok(answer)
    };
    let serve = async move {
        let mut request = String::new();
        server.read_to_string(&mut request).await?;
        sleep(Duration::from_secs(1)).await; // The work.
        server.write_all(request.to_uppercase().as_bytes()).await
    };
    // The bad proxy leaves the server nobody to write to.
    let (_, _, answer) = tokio::join!(proxy(left, right), serve, ask);
    answer
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Instant, timeout};

    #[tokio::test(start_paused = true)]
    async fn the_first_of_two_copies_ends_with_the_request() {
        assert_eq!(through(first_of_both).await.unwrap(), "");
    }

    #[tokio::test(start_paused = true)]
    async fn copy_bidirectional_passes_the_end_of_the_request_on_and_waits_for_the_answer() {
        let start = Instant::now();
        assert_eq!(through(both).await.unwrap(), "HELLO");
        assert_eq!(start.elapsed(), Duration::from_secs(1));
    }

    /// The other side of it: sockets in CLOSE_WAIT, one for each client that has gone.
    #[tokio::test(start_paused = true)]
    async fn with_a_server_that_never_ends_copy_bidirectional_never_ends() {
        let ((client, left), (right, _server)) = (duplex(64), duplex(64));
        drop(client);
        timeout(Duration::from_secs(3600), both(left, right)).await.unwrap_err();
    }
}
