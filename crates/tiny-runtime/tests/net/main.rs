//! Sockets, seen by who uses them, on both flavors.

mod streams;
mod datagrams;
mod extensions;

use std::io::ErrorKind;

use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;
use tiny_runtime::net::{TcpListener, TcpStream, UdpSocket};
use tiny_runtime::runtime::{Builder, Runtime};
use tiny_runtime::task::{spawn, yield_now};
use tiny_runtime::time::timeout;
use utils::probe::{CountingWaker, Polls, in_child};

/// Only a hang takes so long.
const HANG: Duration = Duration::from_secs(60);

const ANY_PORT: &str = "127.0.0.1:0";

fn on_each_flavor(test: impl AsyncFn()) {
    for runtime in [one_thread(), Builder::new_multi_thread().worker_threads(2).build().unwrap()] {
        runtime.block_on(async { timeout(HANG, test()).await.unwrap() });
    }
}

fn one_thread() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind(ANY_PORT).await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

async fn pair() -> (TcpStream, TcpStream) {
    let (listener, address) = listen().await;
    let client = TcpStream::connect(address).await.unwrap();
    let (server, peer) = listener.accept().await.unwrap();
    assert_eq!(peer, client.local_addr().unwrap());
    (client, server)
}

async fn read_to_end(stream: &mut TcpStream) -> Vec<u8> {
    let mut all = Vec::new();
    let mut part = [0; 1000];
    loop {
        match stream.read(&mut part).await.unwrap() {
            0 => return all,
            read => all.extend(&part[..read]),
        }
    }
}

fn poll_once<F: Future>(future: F) -> Poll<F::Output> {
    pin!(future).poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn names_are_looked_up_on_the_pool_and_numbers_are_not() {
    let runtime = one_thread();
    runtime.block_on(async {
        let (_listener, address) = listen().await;
        TcpStream::connect(("127.0.0.1", address.port())).await.unwrap();
        assert_eq!(runtime.metrics().num_blocking_threads(), 0);
        TcpStream::connect(("localhost", address.port())).await.unwrap();
        assert_eq!(runtime.metrics().num_blocking_threads(), 1);
        let error = TcpStream::connect("no port").await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    });
}

#[test]
fn what_waits_when_the_runtime_ends_is_woken_and_told() {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
    let (mut client, mut server) = runtime.block_on(pair());
    let (counter, waker) = CountingWaker::new();
    let mut cx = Context::from_waker(&waker);
    let mut buffer = [0; 8];
    let mut read = pin!(server.read(&mut buffer));
    assert!(read.as_mut().poll(&mut cx).is_pending());
    drop(runtime);
    assert_eq!(counter.wakes(), 1);
    assert!(matches!(read.as_mut().poll(&mut cx), Poll::Ready(Err(_))));
    assert!(matches!(poll_once(client.write(b"!")), Poll::Ready(Err(_))));
}

#[test]
fn a_socket_outside_of_a_runtime_is_refused_with_the_remedy() {
    let ended = in_child(HANG, || {
        let _ = poll_once(TcpListener::bind(ANY_PORT));
    });
    assert!(!ended.status.success());
    assert!(ended.stderr.contains("Runtime::enter"), "{ended:#?}");
}

#[test]
fn sockets_of_std_are_taken_over() {
    on_each_flavor(async || {
        let listener = std::net::TcpListener::bind(ANY_PORT).unwrap();
        listener.set_nonblocking(true).unwrap();
        let listener = TcpListener::from_std(listener).unwrap();
        let client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        client.set_nonblocking(true).unwrap();
        let mut client = TcpStream::from_std(client).unwrap();
        let (mut server, _) = listener.accept().await.unwrap();
        client.write_all(b"!").await.unwrap();
        server.read_exact(&mut [0]).await.unwrap();
    });
}

/// At the limit `accept` says so, each time, and the connection waits in the kernel meanwhile.
#[cfg(unix)] // takes the descriptors away with `ulimit`
#[test]
fn without_descriptors_accept_is_an_error_and_works_again_after() {
    use std::io::{Read, Write};
    const EMFILE: i32 = 24;
    const HERE: &str = "without_descriptors_accept_is_an_error_and_works_again_after";
    if std::env::var_os(HERE).is_none() {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", "ulimit -n 64 && exec \"$0\" --exact \"$1\""]);
        shell.arg(std::env::current_exe().unwrap()).arg(HERE).env(HERE, "1");
        let ended = utils::probe::Child::start(&mut shell).end_within(HANG);
        assert!(ended.status.success() && ended.stdout.contains("1 passed"), "{ended:#?}");
        return;
    }
    one_thread().block_on(async {
        let (listener, address) = listen().await;
        let mut client = std::net::TcpStream::connect(address).unwrap();
        client.write_all(b"hello").unwrap();
        let mut hoard = Vec::new();
        while let Ok(file) = std::fs::File::open("/dev/null") {
            hoard.push(file);
        }
        for _ in 0..3 {
            let error = listener.accept().await.unwrap_err();
            assert_eq!(error.raw_os_error(), Some(EMFILE));
        }
        TcpStream::connect(address).await.unwrap_err();
        UdpSocket::bind(ANY_PORT).await.unwrap_err();
        assert!(Builder::new_current_thread().build().is_err());

        drop(hoard);
        let (mut server, _) = listener.accept().await.unwrap();
        server.read_exact(&mut [0; 5]).await.unwrap();
        server.write_all(b"hi").await.unwrap();
        client.read_exact(&mut [0; 2]).unwrap();
    });
}
