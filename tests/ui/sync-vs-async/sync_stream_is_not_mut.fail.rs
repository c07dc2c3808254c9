//! error[E0596]: cannot borrow `stream` as mutable, as it is not declared as mutable
//! Proves G-1.2-5.
//! Guide 1.2: the synchronous handler as printed.

use std::io::Write;
use std::net::TcpStream;

fn sync_handler(stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(b"data")
}

fn main() {
    let _ = sync_handler;
}
