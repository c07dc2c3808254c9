//! Deep dive 7.2 — A buffered stream keeps the bytes of `write_all` until `flush`.
//!
//! A stream that compresses or encrypts may keep bytes as a `BufWriter` does.

use tokio::io::{self, AsyncReadExt, AsyncWriteExt, BufWriter, DuplexStream};
use tokio::time::{Duration, timeout};

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() -> io::Result<()> {
    println!("write_all: the client gets {:?}", answer_by(write_only).await?);
    println!("write_all, flush: the client gets {:?}", answer_by(write_and_flush).await?);
    Ok(())
}

/// Wrong: the server waits for the next request, and the client for this answer.
async fn write_only(client: &mut BufWriter<DuplexStream>) -> io::Result<()> {
    client.write_all(b"HELLO").await
}

/// Right: nothing stays behind when the server waits.
async fn write_and_flush(client: &mut BufWriter<DuplexStream>) -> io::Result<()> {
    client.write_all(b"HELLO").await?;
    client.flush().await
}

/// Returns what the client has received when the answer is whole, or after an hour.
async fn answer_by(
    answer: impl AsyncFn(&mut BufWriter<DuplexStream>) -> io::Result<()>,
) -> io::Result<String> {
    let (mut server, client) = io::duplex(64);
    let mut client = BufWriter::new(client);
    // The server holds it for the next request.
    answer(&mut client).await?;
    let mut received = Vec::new();
    let read = server.read_buf(&mut received);
    let _ = timeout(Duration::from_secs(3600), read).await;
    Ok(String::from_utf8_lossy(&received).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn without_flush_the_client_gets_nothing_in_an_hour() {
        let start = Instant::now();
        assert_eq!(answer_by(write_only).await.unwrap(), "");
        assert_eq!(start.elapsed(), Duration::from_secs(3600));
    }

    #[tokio::test(start_paused = true)]
    async fn with_flush_the_client_gets_its_answer_at_once() {
        let start = Instant::now();
        assert_eq!(answer_by(write_and_flush).await.unwrap(), "HELLO");
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    /// Everything that arrives after `write` and a drop without `flush`.
    async fn arrives_of(bytes: usize) -> usize {
        let (mut reader, writer) = io::duplex(usize::MAX);
        let mut writer = io::BufWriter::new(writer);
        writer.write_all(&vec![0; bytes]).await.unwrap();
        drop(writer);
        let mut arrived = Vec::new();
        reader.read_to_end(&mut arrived).await.unwrap()
    }

    /// A short answer is lost, and a long one loses its end: the buffer has 8 KiB.
    #[tokio::test]
    async fn a_drop_does_not_flush() {
        assert_eq!(arrives_of(6).await, 0);
        assert_eq!(arrives_of(8 * 1024).await, 8 * 1024);
        let (mut reader, writer) = io::duplex(usize::MAX);
        let mut writer = io::BufWriter::new(writer);
        for _ in 0..3 {
            writer.write_all(&[0; 5 * 1024]).await.unwrap();
        }
        drop(writer);
        let mut arrived = Vec::new();
        assert_eq!(reader.read_to_end(&mut arrived).await.unwrap(), 10 * 1024);
    }

    #[tokio::test]
    async fn shutdown_flushes() {
        let (mut reader, writer) = io::duplex(64);
        let mut writer = io::BufWriter::new(writer);
        writer.write_all(b"bye").await.unwrap();
        writer.shutdown().await.unwrap();
        let mut arrived = String::new();
        reader.read_to_string(&mut arrived).await.unwrap();
        assert_eq!(arrived, "bye");
    }

    /// A socket has no buffer of its own in the program: what is written is the system's.
    #[tokio::test]
    async fn a_bare_socket_needs_no_flush() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let mut client =
            tokio::net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        server.write_all(b"HELLO\n").await.unwrap();
        let mut answer = [0; 6];
        client.read_exact(&mut answer).await.unwrap();
        assert_eq!(&answer, b"HELLO\n");
    }
}
