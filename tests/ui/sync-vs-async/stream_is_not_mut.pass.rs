use std::io::Write;
use std::net::TcpStream;
use tokio::io::AsyncWriteExt;

fn sync_handler(mut stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(b"data")
}

async fn async_handler(mut stream: tokio::net::TcpStream) -> std::io::Result<()> {
    stream.write_all(b"data").await
}

fn main() {
    let _ = (sync_handler, async_handler);
}
