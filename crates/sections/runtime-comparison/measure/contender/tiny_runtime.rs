//! tiny-runtime, the one of this workspace: a worker for each core.

use crate::runtime::{ANY_PORT, Runtime, Sockets};
use std::io::Result;
use std::net::SocketAddr;
use std::time::Duration;
use tiny_runtime::net::{TcpListener, TcpStream};
use tiny_runtime::runtime::Builder;

pub struct TinyRuntime;

impl Runtime for TinyRuntime {
    fn run(program: impl Future<Output = ()> + 'static) -> std::result::Result<(), String> {
        let runtime = Builder::new_multi_thread().enable_all().build();
        runtime.map_err(|error| error.to_string())?.block_on(program);
        Ok(())
    }

    fn spawn(task: impl Future<Output = ()> + Send + 'static) {
        tiny_runtime::spawn(task);
    }

    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send {
        tiny_runtime::time::sleep(duration)
    }
}

impl Sockets for TinyRuntime {
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
