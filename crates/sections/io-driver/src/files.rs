//! Deep dive 7.2 — A file cannot be polled like a socket: a thread of the blocking pool reads it.

use std::io::Result;
use std::sync::mpsc::channel;
use std::time::Duration;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;
use tokio::time::timeout;

pub fn main() -> Result<()> {
    let runtime = Builder::new_current_thread().enable_all().max_blocking_threads(1).build()?;
    runtime.block_on(busy_pool())
}

/// The pool has one thread, and that is taken.
async fn busy_pool() -> Result<()> {
    let (release, released) = channel();
    let occupant = spawn_blocking(move || released.recv());

    println!("the socket: {} bytes", read_socket().await?);
    let mut file = std::pin::pin!(read_file());
    match timeout(Duration::from_millis(50), &mut file).await {
        Err(_elapsed) => println!("the file: waits for the pool"),
        Ok(read) => println!("the file: {} bytes at once", read?),
    }

    release.send(()).expect("the occupant is waiting for this");
    println!("the file, once the pool is free: {} bytes", file.await?);
    occupant.await?.expect("the release has been sent");
    Ok(())
}

async fn read_socket() -> Result<usize> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let mut client = TcpStream::connect(listener.local_addr()?).await?;
    let (mut server, _) = listener.accept().await?;
    server.write_all(b"hello\n").await?;
    client.read_exact(&mut [0; 6]).await
}

/// The file every program has: its own.
async fn read_file() -> Result<usize> {
    File::open(std::env::current_exe()?).await?.read_exact(&mut [0; 6]).await
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use tokio::net::lookup_host;
    use tokio::runtime::Runtime;

    const A_WHILE: Duration = Duration::from_millis(50);

    fn pool_of_one() -> Runtime {
        Builder::new_current_thread().enable_all().max_blocking_threads(1).build().unwrap()
    }

    /// Runs `work` while the one thread of the pool is taken; says whether it ended in time.
    fn ends_without_the_pool(work: impl Future<Output = ()>) -> bool {
        let runtime = pool_of_one();
        let (release, released) = channel::<()>();
        runtime.spawn_blocking(move || released.recv());
        runtime.block_on(async {
            let mut work = std::pin::pin!(work);
            let in_time = timeout(A_WHILE, &mut work).await.is_ok();
            drop(release);
            if !in_time {
                work.await;
            }
            in_time
        })
    }

    /// Proves D-7-2.
    #[test]
    fn a_file_waits_for_the_pool_and_a_socket_does_not() {
        assert!(!ends_without_the_pool(async { assert_eq!(read_file().await.unwrap(), 6) }));
        assert!(ends_without_the_pool(async { assert_eq!(read_socket().await.unwrap(), 6) }));
    }

    /// Proves D-7-2.
    #[test]
    fn a_name_waits_for_the_pool_and_an_address_does_not() {
        let look_up = async |host| assert!(lookup_host((host, 80)).await.unwrap().count() > 0);
        assert!(!ends_without_the_pool(look_up("localhost")));
        assert!(ends_without_the_pool(look_up("127.0.0.1")));
    }

    #[test]
    fn a_file_starts_a_thread_of_the_pool_and_a_socket_none() {
        let runtime = pool_of_one();
        runtime.block_on(read_socket()).unwrap();
        assert_eq!(runtime.metrics().num_blocking_threads(), 0);
        runtime.block_on(read_file()).unwrap();
        assert_eq!(runtime.metrics().num_blocking_threads(), 1);
    }

    /// A file is "ready" always, so epoll refuses it.
    /// Proves D-7-2.
    #[cfg(target_os = "linux")] // of epoll
    #[test]
    fn epoll_does_not_take_a_regular_file() {
        use mio::unix::SourceFd;
        use std::os::fd::AsRawFd;
        let file = std::fs::File::open(std::env::current_exe().unwrap()).unwrap();
        let poll = mio::Poll::new().unwrap();
        let fd = file.as_raw_fd();
        let readable = mio::Interest::READABLE;
        let error = poll.registry().register(&mut SourceFd(&fd), mio::Token(0), readable);
        assert_eq!(error.unwrap_err().kind(), std::io::ErrorKind::PermissionDenied);
    }
}
