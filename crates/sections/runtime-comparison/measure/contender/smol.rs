//! smol: its global executor, which has one thread unless `SMOL_THREADS` asks for more.

use crate::runtime::{ANY_PORT, Runtime, Sockets};
use smol::io::{AsyncReadExt, AsyncWriteExt};
use smol::net::{TcpListener, TcpStream};
use std::io::Result;
use std::net::SocketAddr;
use std::time::Duration;

pub struct Smol;

impl Runtime for Smol {
    fn run(program: impl Future<Output = ()> + 'static) -> std::result::Result<(), String> {
        smol::block_on(program);
        Ok(())
    }

    fn spawn(task: impl Future<Output = ()> + Send + 'static) {
        smol::spawn(task).detach();
    }

    async fn sleep(duration: Duration) {
        smol::Timer::after(duration).await;
    }
}

impl Sockets for Smol {
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
