use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

async fn async_handler(mut stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(b"data").await
}

fn main() {
    let _ = async_handler;
}
