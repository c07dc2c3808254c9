//! error[E0596]: cannot borrow `stream` as mutable, as it is not declared as mutable
//! Proves G-1.2-5, G-1.2-6.
//! Guide 1.2: the handlers as printed.

use std::io::Write;
use std::net::TcpStream;
use tokio::io::AsyncWriteExt;

fn sync_handler(stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(b"data")
}

async fn async_handler(stream: tokio::net::TcpStream) -> std::io::Result<()> {
    stream.write_all(b"data").await
}

fn main() {
    let _ = (sync_handler, async_handler);
}
