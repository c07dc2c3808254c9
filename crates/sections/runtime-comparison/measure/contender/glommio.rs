//! glommio, a runtime for each core on io_uring: this is one of them. It runs on Linux only, if the kernel lets it.

use crate::runtime::{ANY_PORT, Runtime, Sockets};
use futures::io::{AsyncReadExt, AsyncWriteExt};
use glommio::LocalExecutorBuilder;
use glommio::net::{TcpListener, TcpStream};
use send_wrapper::SendWrapper;
use std::io::Result;
use std::net::SocketAddr;
use std::time::Duration;

/// Its futures and sockets stay on their thread. The other runtimes ask for what is `Send`, so they are wrapped: they
/// would panic on another thread, but there is none.
pub struct Glommio;

impl Runtime for Glommio {
    fn run(program: impl Future<Output = ()> + 'static) -> std::result::Result<(), String> {
        let executor = LocalExecutorBuilder::default().make();
        executor.map_err(|error| error.to_string())?.run(program);
        Ok(())
    }

    fn spawn(task: impl Future<Output = ()> + Send + 'static) {
        glommio::spawn_local(task).detach();
    }

    fn sleep(duration: Duration) -> impl Future<Output = ()> + Send {
        SendWrapper::new(glommio::timer::sleep(duration))
    }
}

impl Sockets for Glommio {
    type Listener = SendWrapper<TcpListener>;
    type Stream = SendWrapper<TcpStream>;

    async fn listen() -> Result<(Self::Listener, SocketAddr)> {
        let listener = TcpListener::bind(ANY_PORT)?;
        let address = listener.local_addr()?;
        Ok((SendWrapper::new(listener), address))
    }

    async fn accept(listener: &Self::Listener) -> Result<Self::Stream> {
        Ok(SendWrapper::new(SendWrapper::new(listener.accept()).await?))
    }

    async fn connect(address: SocketAddr) -> Result<Self::Stream> {
        Ok(SendWrapper::new(SendWrapper::new(TcpStream::connect(address)).await?))
    }

    async fn read(stream: &mut Self::Stream, buffer: &mut [u8]) -> Result<()> {
        SendWrapper::new(stream.read_exact(buffer)).await
    }

    async fn write(stream: &mut Self::Stream, bytes: &[u8]) -> Result<()> {
        SendWrapper::new(stream.write_all(bytes)).await
    }
}
