//! Deep dive 7.2 — A `read` of 0 bytes is the end, each time again: a loop that ignores it spins.

use tokio::io::{self, AsyncReadExt, AsyncWriteExt, DuplexStream};

#[tokio::main]
pub async fn main() -> io::Result<()> {
    println!("the end ignored: {} reads", reads(|_bytes| false).await?);
    println!("the end seen: {} reads", reads(|bytes| bytes == 0).await?);

    // Wrong: capacity is no length. There is no room, so that 0 bytes are read, and this is no end.
    let mut buffer = Vec::with_capacity(64);
    println!(
        "read into the capacity of a Vec: {} bytes",
        hello_and_bye().await?.read(&mut buffer).await?
    );
    // Right: this fills the capacity. So is `read` right, into a `vec![0; 64]`.
    println!("read_buf into it: {} bytes", hello_and_bye().await?.read_buf(&mut buffer).await?);
    Ok(())
}

/// Reads until `is_end`, or a hundred thousand times: nothing ever waits here, so a core is busy.
async fn reads(is_end: impl Fn(usize) -> bool) -> io::Result<u32> {
    let (mut stream, mut buffer, mut reads) = (hello_and_bye().await?, [0; 64], 0);
    while reads < 100_000 {
        reads += 1;
        if is_end(stream.read(&mut buffer).await?) {
            break;
        }
    }
    Ok(reads)
}

/// A stream whose peer has said hello and gone.
async fn hello_and_bye() -> io::Result<DuplexStream> {
    let (mut peer, stream) = io::duplex(64);
    peer.write_all(b"hello").await?;
    Ok(stream)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn after_the_end_each_read_is_ready_with_0_bytes() {
        assert_eq!(reads(|_| false).await.unwrap(), 100_000);
    }

    #[tokio::test]
    async fn the_first_0_is_the_end() {
        assert_eq!(reads(|bytes| bytes == 0).await.unwrap(), 2);
    }

    #[tokio::test]
    async fn into_an_empty_vec_0_bytes_are_read_though_5_are_there() {
        let mut buffer = Vec::with_capacity(64);
        assert_eq!(hello_and_bye().await.unwrap().read(&mut buffer).await.unwrap(), 0);
        assert_eq!(hello_and_bye().await.unwrap().read_buf(&mut buffer).await.unwrap(), 5);
        let mut buffer = vec![0; 64];
        assert_eq!(hello_and_bye().await.unwrap().read(&mut buffer).await.unwrap(), 5);
    }

    /// The same of a socket whose peer has closed it.
    #[tokio::test]
    async fn a_closed_socket_is_ready_with_0_bytes_too() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        drop(listener.accept().await.unwrap());
        for _ in 0..3 {
            assert_eq!(stream.read(&mut [0; 64]).await.unwrap(), 0);
        }
    }
}
