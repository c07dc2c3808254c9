//! error[E0596]: cannot borrow `stream` as mutable, as it is not declared as mutable
//! Proves G-1.2-6.
//! Guide 1.2: the asynchronous handler as printed.

use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

async fn async_handler(stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(b"data").await
}

fn main() {
    let _ = async_handler;
}
