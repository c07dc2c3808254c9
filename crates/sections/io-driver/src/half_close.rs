//! Deep dive 7.2 — `read_to_end` waits for an end that only `shutdown` or a drop of the peer sends.

use tokio::io::{self, AsyncReadExt, AsyncWriteExt, DuplexStream};
use tokio::time::{Duration, timeout};

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() -> io::Result<()> {
    println!("written: the answer is {:?}", answer_to(written).await?);
    println!("written, shutdown: the answer is {:?}", answer_to(written_to_the_end).await?);
    Ok(())
}

/// Wrong: the server waits for the rest of the request, and the client for the answer.
async fn written(server: &mut DuplexStream) -> io::Result<()> {
    server.write_all(b"hello").await
}

/// Right for one request a connection: the other half stays open for the answer. With more than one,
/// each has to say where it ends: by a length in front of it, or a newline.
async fn written_to_the_end(server: &mut DuplexStream) -> io::Result<()> {
    server.write_all(b"hello").await?;
    server.shutdown().await
}

/// Returns the request in capitals, as the server answers; nothing after an hour.
async fn answer_to(
    request: impl AsyncFn(&mut DuplexStream) -> io::Result<()>,
) -> io::Result<String> {
    let (mut server, mut client) = io::duplex(64);
    tokio::spawn(async move {
        let mut request = String::new();
        client.read_to_string(&mut request).await?;
        client.write_all(request.to_uppercase().as_bytes()).await
    });
    request(&mut server).await?;
    let mut answer = String::new();
    let read = server.read_to_string(&mut answer);
    let _ = timeout(Duration::from_secs(3600), read).await;
    Ok(answer)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn without_an_end_the_server_waits_for_the_rest_of_the_request() {
        let start = Instant::now();
        assert_eq!(answer_to(written).await.unwrap(), "");
        assert_eq!(start.elapsed(), Duration::from_secs(3600));
    }

    #[tokio::test(start_paused = true)]
    async fn a_flush_is_no_end() {
        let flushed = async |server: &mut DuplexStream| {
            written(server).await?;
            server.flush().await
        };
        assert_eq!(answer_to(flushed).await.unwrap(), "");
    }

    #[tokio::test(start_paused = true)]
    async fn a_shutdown_of_one_half_leaves_the_other_for_the_answer() {
        let start = Instant::now();
        assert_eq!(answer_to(written_to_the_end).await.unwrap(), "HELLO");
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    /// The same over a socket, whose halves are the system's.
    #[tokio::test]
    async fn a_socket_is_half_closed_too() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut server = tokio::net::TcpStream::connect(address).await.unwrap();
        let (mut client, _) = listener.accept().await.unwrap();
        server.write_all(b"hello").await.unwrap();
        server.shutdown().await.unwrap();
        let mut request = String::new();
        client.read_to_string(&mut request).await.unwrap();
        client.write_all(request.to_uppercase().as_bytes()).await.unwrap();
        drop(client);
        let mut answer = String::new();
        server.read_to_string(&mut answer).await.unwrap();
        assert_eq!(answer, "HELLO");
    }

    /// The requests of a connection that has more than one look like this.
    #[tokio::test]
    async fn a_length_in_front_needs_no_end() {
        let (mut server, mut client) = io::duplex(64);
        for word in ["hello", "bye"] {
            server.write_u8(word.len() as u8).await.unwrap();
            server.write_all(word.as_bytes()).await.unwrap();
        }
        for word in ["hello", "bye"] {
            let mut request = vec![0; client.read_u8().await.unwrap().into()];
            client.read_exact(&mut request).await.unwrap();
            assert_eq!(request, word.as_bytes());
        }
    }
}
