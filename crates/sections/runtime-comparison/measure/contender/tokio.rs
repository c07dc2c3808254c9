//! Tokio, in both flavors: a worker for each core, or all on the caller's thread.

use crate::runtime::{ANY_PORT, Runtime, Sockets};
use std::io::Result;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;

pub struct Tokio<const HAS_WORKERS: bool>;

impl<const HAS_WORKERS: bool> Runtime for Tokio<HAS_WORKERS> {
    fn run(program: impl Future<Output = ()> + 'static) -> std::result::Result<(), String> {
        let mut builder = match HAS_WORKERS {
            true => Builder::new_multi_thread(),
            false => Builder::new_current_thread(),
        };
        let runtime = builder.enable_all().build().map_err(|error| error.to_string())?;
        runtime.block_on(program);
        Ok(())
    }

    fn spawn(task: impl Future<Output = ()> + Send + 'static) {
        tokio::spawn(task);
    }

    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send {
        tokio::time::sleep(duration)
    }
}

impl<const HAS_WORKERS: bool> Sockets for Tokio<HAS_WORKERS> {
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
        stream.read_exact(buffer).await.map(drop)
    }

    async fn write(stream: &mut TcpStream, bytes: &[u8]) -> Result<()> {
        stream.write_all(bytes).await
    }
}
