//! A connection whose end does not cost the client its answer.
//!
//! A server that refuses a large body answers before it has read it. If it then closes the socket,
//! the bytes that still come make the system send a reset, and the client may see that in place of
//! the answer. So this ends its own half, and reads on for a while until the client ends, too.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

/// How long it reads on at most.
const LIMIT: Duration = Duration::from_secs(2);

/// A stream that is shut down as above.
pub struct Lingering<S> {
    stream: S,
    /// There is no time for it while the service ends.
    stopping: CancellationToken,
    /// Completes when the wait is over. `None` until this half has ended.
    limit: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
}

impl<S> Lingering<S> {
    pub fn new(stream: S, stopping: CancellationToken) -> Self {
        Self { stream, stopping, limit: None }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Lingering<S> {
    /// Reads until the client ends, breaks the connection, or takes too long.
    fn poll_rest(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let mut bytes = [0; 8 * 1024];
        loop {
            if self.limit.as_mut().is_none_or(|limit| limit.as_mut().poll(cx).is_ready()) {
                return Poll::Ready(());
            }
            let mut rest = ReadBuf::new(&mut bytes);
            let read = ready!(Pin::new(&mut self.stream).poll_read(cx, &mut rest));
            if read.is_err() || rest.filled().is_empty() {
                return Poll::Ready(());
            }
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Lingering<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for Lingering<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.limit.is_none() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            let stopping = self.stopping.clone();
            self.limit = Some(Box::pin(async move {
                // An error means that the time is over.
                let _ = timeout(LIMIT, stopping.cancelled()).await;
            }));
        }
        self.poll_rest(cx).map(Ok)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use std::pin::pin;
    use std::time::Instant;
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    #[tokio::test]
    async fn a_client_that_still_sends_gets_the_answer_and_then_the_end() {
        let (mut client, server) = duplex(64);
        let mut server = Lingering::new(server, CancellationToken::new());
        let answered = tokio::spawn(async move {
            server.write_all(b"too large").await?;
            server.shutdown().await
        });
        // More than the pipe holds: it is read, or this would wait.
        client.write_all(&[0; 100_000]).await.unwrap();
        client.shutdown().await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "too large");
        answered.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn while_the_service_ends_it_does_not_wait_for_the_client() {
        let (_client, server) = duplex(64);
        let stopping = CancellationToken::new();
        stopping.cancel();
        Lingering::new(server, stopping).shutdown().await.unwrap();
    }

    #[tokio::test]
    async fn the_end_of_the_service_ends_a_wait_that_has_begun() {
        let (_client, server) = duplex(64);
        let stopping = CancellationToken::new();
        let mut server = Lingering::new(server, stopping.clone());
        let mut ends = pin!(server.shutdown());
        // Twice the same: it waits for the client.
        assert!((&mut ends).now_or_never().is_none());
        assert!((&mut ends).now_or_never().is_none());
        stopping.cancel();
        let begin = Instant::now();
        ends.await.unwrap();
        assert!(begin.elapsed() < LIMIT / 2, "{:?}", begin.elapsed());
    }
}
