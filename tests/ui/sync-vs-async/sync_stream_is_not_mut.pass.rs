use std::io::Write;
use std::net::TcpStream;

fn sync_handler(mut stream: TcpStream) -> std::io::Result<()> {
    stream.write_all(b"data")
}

fn main() {
    let _ = sync_handler;
}
