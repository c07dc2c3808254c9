//! Deep dive 7.2 — A socket of std blocks until it is told not to, and `from_std` does not tell it.
//!
//! On Unix, where a debug build of Tokio looks. Elsewhere, and in a release build, the first `accept`
//! stops its thread.

use std::io::{Read, Result, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::panic;

#[tokio::main]
pub async fn main() -> Result<()> {
    // Quiet: its message stands below.
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|_| ()));
    let panicked = panic::catch_unwind(|| tokio::net::TcpListener::from_std(listener().unwrap()));
    panic::set_hook(hook);
    let message = match &panicked {
        Ok(_listener) => "not looked at in a release build",
        Err(message) => message.downcast_ref::<&str>().copied().unwrap_or_default(),
    };
    println!("from_std: {}", message.split('.').next().unwrap_or_default());

    let listener = listener()?;
    listener.set_nonblocking(true)?;
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut client = TcpStream::connect(listener.local_addr()?)?;
    // The other way round: what Tokio gives back does not block.
    let mut stream = listener.accept().await?.0.into_std()?;
    println!("into_std: {:?}", stream.read(&mut [0; 5]).map_err(|error| error.kind()));
    client.write_all(b"hello")?;
    stream.set_nonblocking(false)?;
    println!("into_std, blocking again: {:?}", stream.read(&mut [0; 5]));
    Ok(())
}

fn listener() -> Result<TcpListener> {
    TcpListener::bind(SocketAddr::from(([127, 0, 0, 1], 0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;
    use std::net::UdpSocket;
    use std::os::unix::net::{UnixDatagram, UnixStream};

    const MESSAGE: &str = "Registering a blocking socket with the tokio runtime is unsupported";

    /// Returns the message of its panic, if it panics.
    fn panic_of<T>(work: impl FnOnce() -> T) -> Option<String> {
        let payload = panic::catch_unwind(panic::AssertUnwindSafe(work)).map(drop).err()?;
        Some(payload.downcast_ref::<&str>().expect("it has a message").to_string())
    }

    #[cfg(debug_assertions)] // a release build does not look
    #[tokio::test]
    async fn each_kind_of_socket_is_looked_at() {
        let udp = || UdpSocket::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener().unwrap().local_addr().unwrap());
        let said = [
            panic_of(|| tokio::net::TcpListener::from_std(listener().unwrap())),
            panic_of(|| tokio::net::TcpStream::from_std(stream.unwrap())),
            panic_of(|| tokio::net::UdpSocket::from_std(udp())),
            panic_of(|| tokio::net::UnixStream::from_std(UnixStream::pair().unwrap().0)),
            panic_of(|| tokio::net::UnixDatagram::from_std(UnixDatagram::pair().unwrap().0)),
        ];
        for said in said {
            assert!(said.as_ref().is_some_and(|it| it.starts_with(MESSAGE)), "{said:?}");
        }
    }

    #[tokio::test]
    async fn one_that_does_not_block_is_taken_and_accepts() {
        let listener = listener().unwrap();
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let client = tokio::net::TcpStream::connect(listener.local_addr().unwrap());
        let (server, client) = tokio::join!(listener.accept(), client);
        assert_eq!(server.unwrap().1, client.unwrap().local_addr().unwrap());
    }

    #[tokio::test]
    async fn into_std_gives_back_a_socket_that_does_not_block() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = tokio::net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let mut client = client.into_std().unwrap();
        assert_eq!(client.read(&mut [0; 5]).unwrap_err().kind(), ErrorKind::WouldBlock);
        let mut server = listener.accept().await.unwrap().0.into_std().unwrap();
        client.set_nonblocking(false).unwrap();
        server.write_all(b"hello").unwrap();
        assert_eq!(client.read(&mut [0; 8]).unwrap(), 5);
    }
}
