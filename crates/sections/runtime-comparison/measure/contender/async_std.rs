//! async-std, because the documents name it. It is unmaintained: RUSTSEC-2025-0052.

use crate::runtime::{ANY_PORT, Runtime, Sockets};
use async_std::io::{ReadExt, WriteExt};
use async_std::net::{TcpListener, TcpStream};
use std::io::Result;
use std::net::SocketAddr;
use std::time::Duration;

pub struct AsyncStd;

impl Runtime for AsyncStd {
    fn run(program: impl Future<Output = ()> + 'static) -> std::result::Result<(), String> {
        async_std::task::block_on(program);
        Ok(())
    }

    fn spawn(task: impl Future<Output = ()> + Send + 'static) {
        async_std::task::spawn(task);
    }

    async fn sleep(duration: Duration) {
        async_std::task::sleep(duration).await;
    }
}

impl Sockets for AsyncStd {
    type Listener = TcpListener;
    type Stream = TcpStream;

    async fn listen() -> Result<(TcpListener, SocketAddr)> {
        let listener = TcpListener::bind(ANY_PORT).await?;
        let address = listener.local_addr()?;
        Ok((listener, address))
    }

    async fn accept(listener: &TcpListener) -> Result<TcpStream> {
        Ok(listener.accept().await?.0)
    }

    async fn connect(address: SocketAddr) -> Result<TcpStream> {
        TcpStream::connect(address).await
    }

    async fn read(stream: &mut TcpStream, buffer: &mut [u8]) -> Result<()> {
        stream.read_exact(buffer).await
    }

    async fn write(stream: &mut TcpStream, bytes: &[u8]) -> Result<()> {
        stream.write_all(bytes).await
    }
}
