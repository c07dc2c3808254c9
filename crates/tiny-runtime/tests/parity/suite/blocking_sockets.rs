//! Sockets of std's that block: refused, in a debug build, instead of holding their thread.

use super::one_thread;
use super::rt::net;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::panic::{AssertUnwindSafe, catch_unwind};

fn panic_of<T>(work: impl FnOnce() -> T) -> String {
    let Err(payload) = catch_unwind(AssertUnwindSafe(work)) else { return String::new() };
    match payload.downcast::<String>() {
        Ok(message) => *message,
        Err(payload) => payload.downcast_ref::<&str>().unwrap().to_string(),
    }
}

#[test]
fn a_blocking_socket_is_refused_and_one_that_does_not_block_is_taken() {
    const REFUSED: &str = "Registering a blocking socket";
    let runtime = one_thread();
    let _entered = runtime.enter();
    for blocks in [true, false] {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let stream = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(!blocks).unwrap();
        stream.set_nonblocking(!blocks).unwrap();
        socket.set_nonblocking(!blocks).unwrap();
        for message in [
            panic_of(|| net::TcpListener::from_std(listener).unwrap()),
            panic_of(|| net::TcpStream::from_std(stream).unwrap()),
            panic_of(|| net::UdpSocket::from_std(socket).unwrap()),
        ] {
            assert_eq!(message.starts_with(REFUSED), blocks, "{message}");
            assert_eq!(message.is_empty(), !blocks, "{message}");
        }
    }
}
