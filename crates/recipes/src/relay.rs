//! Pass bytes on between two connections, both ways, as a proxy or a tunnel does.
//!
//! A client that has sent its request often ends its half and waits for the answer, so whichever
//! direction ends first must not end the other. `tokio::io::copy_bidirectional` passes each end on and
//! waits for both, without a limit: a peer that never ends its half keeps both connections, which show
//! up in CLOSE_WAIT. Here the second direction has a limit once the first one has ended.
//!
//! It does not limit a connection on which both sides are silent: that may be one at rest.
//!
//! ```
//! # use recipes::relay::relay;
//! # use {std::time::Duration, tokio::io::{AsyncWriteExt, duplex}};
//! # #[tokio::main(flavor = "current_thread", start_paused = true)]
//! # async fn main() -> std::io::Result<()> {
//! # let ((mut near, client), (server, mut far)) = (duplex(64), duplex(64));
//! # near.write_all(b"hi").await?; near.shutdown().await?;
//! # far.write_all(b"hello").await?; far.shutdown().await?;
//! // `client` is from `accept`, `server` from `connect`.
//! let relayed = relay(client, server, Duration::from_secs(60)).await?;
//! assert_eq!((relayed.there, relayed.back), (2, 5));
//! # Ok(()) }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::future::Future;
use std::io::{Error, ErrorKind, Result};
use std::pin::pin;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, copy, split};
use tokio::time::timeout;

/// The bytes that were passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relayed {
    /// From the first connection to the second.
    pub there: u64,
    /// From the second connection to the first.
    pub back: u64,
}

/// Passes bytes on between two connections until both have ended. When one direction has ended, the
/// other has this limit for all that still comes.
///
/// # Errors
///
/// The first error of either connection, or [`ErrorKind::TimedOut`] at the limit. Both connections are
/// closed then.
///
/// # Panics
///
/// Outside a Tokio runtime whose timers are enabled.
///
/// # Cancel safety
///
/// If dropped, it closes both connections. Bytes that it has read and not written are lost.
pub async fn relay<A, B>(one: A, other: B, limit: Duration) -> Result<Relayed>
where
    A: AsyncRead + AsyncWrite,
    B: AsyncRead + AsyncWrite,
{
    let ((mut from_one, mut to_one), (mut from_other, mut to_other)) = (split(one), split(other));
    let mut there = pin!(pass_on(&mut from_one, &mut to_other));
    let mut back = pin!(pass_on(&mut from_other, &mut to_one));
    tokio::select! {
        there = &mut there => {
            Ok(Relayed { there: there?, back: within(limit, back).await? })
        }
        back = &mut back => {
            Ok(Relayed { back: back?, there: within(limit, there).await? })
        }
    }
}

/// Copies up to the end, and passes that on too.
async fn pass_on<R, W>(from: &mut R, to: &mut W) -> Result<u64>
where
    R: AsyncRead + Unpin,
    W: AsyncWrite + Unpin,
{
    let count = copy(from, to).await?;
    to.shutdown().await?;
    Ok(count)
}

async fn within(limit: Duration, direction: impl Future<Output = Result<u64>>) -> Result<u64> {
    timeout(limit, direction).await.unwrap_or_else(|_| Err(Error::from(ErrorKind::TimedOut)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, DuplexStream, duplex};
    use tokio::time::{Instant, sleep};

    const SECOND: Duration = Duration::from_secs(1);
    const LIMIT: Duration = Duration::from_secs(60);

    /// The result for these two peers, and how long it took.
    async fn relayed<C, S>(client: C, server: S) -> (Result<Relayed>, Duration)
    where
        C: AsyncFnOnce(DuplexStream),
        S: AsyncFnOnce(DuplexStream),
    {
        let ((near, one), (other, far)) = (duplex(8), duplex(8));
        let start = Instant::now();
        let relay = async {
            let result = relay(one, other, LIMIT).await;
            (result, start.elapsed())
        };
        tokio::join!(relay, client(near), server(far)).0
    }

    async fn answers_after(work: Duration, mut server: DuplexStream) {
        let mut request = String::new();
        server.read_to_string(&mut request).await.expect("the end comes");
        sleep(work).await;
        // The client may have gone.
        let _ = server.write_all(request.to_uppercase().as_bytes()).await;
    }

    async fn asks(mut client: DuplexStream) -> String {
        client.write_all(b"a request of more than the buffer").await.expect("it is read");
        client.shutdown().await.expect("it is open");
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.expect("the end comes");
        answer
    }

    #[tokio::test(start_paused = true)]
    async fn the_answer_comes_after_the_end_of_the_request() {
        let client =
            async |client| assert_eq!(asks(client).await, "A REQUEST OF MORE THAN THE BUFFER");
        let (result, after) = relayed(client, async |it| answers_after(SECOND, it).await).await;
        assert_eq!(result.unwrap(), Relayed { there: 33, back: 33 });
        assert_eq!(after, SECOND);
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_ends_first_leaves_the_client_the_limit() {
        let client = async |mut client: DuplexStream| {
            let mut answer = String::new();
            client.read_to_string(&mut answer).await.expect("the end comes");
            assert_eq!(answer, "");
            sleep(SECOND).await;
            client.write_all(b"bye").await.expect("it is read");
        };
        let server = async |mut server: DuplexStream| {
            server.shutdown().await.expect("it is open");
            let mut rest = String::new();
            server.read_to_string(&mut rest).await.expect("the end comes");
            assert_eq!(rest, "bye");
        };
        let (result, after) = relayed(client, server).await;
        assert_eq!((result.unwrap(), after), (Relayed { there: 3, back: 0 }, SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn a_peer_that_never_ends_has_the_limit() {
        let client = async |client| assert_eq!(asks(client).await, "");
        let (result, after) = relayed(client, async |it| answers_after(2 * LIMIT, it).await).await;
        assert_eq!((result.unwrap_err().kind(), after), (ErrorKind::TimedOut, LIMIT));
    }

    #[tokio::test(start_paused = true)]
    async fn two_silent_peers_have_no_limit() {
        let stays = async |it| {
            sleep(100 * LIMIT).await;
            drop::<DuplexStream>(it);
        };
        let (result, after) = relayed(stays, stays).await;
        assert_eq!((result.unwrap(), after), (Relayed { there: 0, back: 0 }, 100 * LIMIT));
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_closes_both() {
        // It sends to a server that has gone, and sees the end.
        let client = async |mut client: DuplexStream| {
            sleep(SECOND).await;
            let _ = client.write_all(b"hello").await;
            let mut rest = Vec::new();
            client.read_to_end(&mut rest).await.expect("the end comes");
        };
        let (result, after) = relayed(client, async |server| drop(server)).await;
        assert_eq!((result.unwrap_err().kind(), after), (ErrorKind::BrokenPipe, SECOND));
    }
}
