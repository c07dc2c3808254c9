//! Guide 9.3 — Behind one lock a stream cannot be written while it is read; its two halves can.

use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex, split};
use tokio::sync::Mutex;
use tokio::time::{Duration, timeout};

const HOUR: Duration = Duration::from_secs(3600);

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("one lock: an answer in an hour: {}", timeout(HOUR, one_lock()).await.is_ok());
    println!("two halves: an answer in an hour: {}", timeout(HOUR, two_halves()).await.is_ok());
}

/// Wrong: the reader waits with the lock, for an answer to what the writer cannot send.
async fn one_lock() -> io::Result<u8> {
    let (stream, peer) = duplex(64);
    // In an `Arc`, if reader and writer are tasks.
    let stream = Mutex::new(stream);
    let reader = async { stream.lock().await.read_u8().await };
    let writer = async { stream.lock().await.write_u8(7).await };
    tokio::try_join!(biased; reader, writer, echo(peer)).map(|(answer, ..)| answer)
}

/// Right: each has its own. A `TcpStream` has `into_split`, which takes no lock at all.
async fn two_halves() -> io::Result<u8> {
    let (stream, peer) = duplex(64);
    let (mut reader, mut writer) = split(stream);
    let (reader, writer) = (reader.read_u8(), writer.write_u8(7));
    tokio::try_join!(biased; reader, writer, echo(peer)).map(|(answer, ..)| answer)
}

/// A peer that speaks only when it is spoken to.
async fn echo(mut stream: DuplexStream) -> io::Result<()> {
    let byte = stream.read_u8().await?;
    stream.write_u8(byte).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::net::{TcpListener, TcpStream};

    #[tokio::test(start_paused = true)]
    async fn behind_one_lock_the_writer_waits_for_the_reader_without_end() {
        timeout(HOUR, one_lock()).await.unwrap_err();
    }

    #[tokio::test(start_paused = true)]
    async fn two_halves_do_not_wait_for_each_other() {
        assert_eq!(timeout(HOUR, two_halves()).await.unwrap().unwrap(), 7);
    }

    /// The halves of a socket can go into tasks of their own.
    #[tokio::test]
    async fn the_halves_of_a_socket_are_owned() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (mut reader, mut writer) = client.into_split();
        let reader = tokio::spawn(async move { reader.read_u8().await });
        let writer = tokio::spawn(async move {
            writer.write_u8(7).await?;
            // A half that is dropped would end its direction.
            io::Result::Ok(writer)
        });
        let (mut server, _) = listener.accept().await.unwrap();
        let byte = server.read_u8().await.unwrap();
        server.write_u8(byte).await.unwrap();
        assert_eq!(reader.await.unwrap().unwrap(), 7);
        drop(writer.await.unwrap().unwrap());
    }

    /// A lock is right around one write, so that no two frames mix.
    #[tokio::test(start_paused = true)]
    async fn many_writers_may_share_their_half_behind_a_lock() {
        let (stream, mut peer) = duplex(3);
        let (_reader, writer) = split(stream);
        let writer = Arc::new(Mutex::new(writer));
        let frame = |byte| {
            let writer = writer.clone();
            async move { writer.lock().await.write_all(&[byte; 4]).await.unwrap() }
        };
        let mut received = [0; 8];
        let (.., read) = tokio::join!(frame(1), frame(2), peer.read_exact(&mut received));
        read.unwrap();
        let (first, second) = received.split_at(4);
        assert_eq!((first, second), (&[first[0]; 4][..], &[second[0]; 4][..]));
        assert_ne!(first, second);
    }
}
