use super::*;
use crate::runtime::io::readiness::Direction;
use crate::runtime::io::waiters::Slot;
use crate::sync::thread;
use mio::net::TcpStream;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::task::Context;
use std::time::Instant;
use utils::probe::CountingWaker;

/// Longer than anything here takes: only a hang reaches it.
const LIMIT: Duration = Duration::from_secs(60);

fn pair() -> (TcpStream, std::net::TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let peer = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (stream, _peer) = listener.accept().unwrap();
    stream.set_nonblocking(true).unwrap();
    (TcpStream::from_std(stream), peer)
}

fn is_ready(io: &ScheduledIo, direction: Direction) -> bool {
    let mut cx = Context::from_waker(std::task::Waker::noop());
    io.poll_io(&mut cx, direction, Slot::Exclusive, || Ok(()), |_| false).is_ready()
}

#[test]
fn an_interrupt_ends_the_turn_of_a_sleeper_and_one_before_it_the_next() {
    let (mut reactor, registry) = Reactor::new().unwrap();
    let start = Instant::now();
    registry.interrupt();
    reactor.poll(Some(LIMIT)).unwrap();
    let sleeper = thread::spawn(move || reactor.poll(Some(LIMIT)));
    registry.interrupt();
    sleeper.join().unwrap().unwrap();
    assert!(start.elapsed() < LIMIT);
}

#[test]
fn registering_reports_what_is_ready_already_and_each_change_once() {
    let (mut reactor, registry) = Reactor::new().unwrap();
    let (mut stream, mut peer) = pair();
    peer.write_all(b"hello").unwrap();
    let (token, io) = registry.register(&mut stream).unwrap();
    reactor.poll(Some(LIMIT)).unwrap();
    assert!(is_ready(&io, Direction::Read) && is_ready(&io, Direction::Write));

    // Unread, but reported: the next poll reports nothing.
    reactor.poll(Some(Duration::ZERO)).unwrap();
    assert!(reactor.events.is_empty());
    registry.deregister(&mut stream, token);
}

#[test]
fn an_event_wakes_the_task_behind_all_locks() {
    let (mut reactor, registry) = Reactor::new().unwrap();
    let (mut stream, mut peer) = pair();
    let (_token, io) = registry.register(&mut stream).unwrap();
    let (counter, waker) = CountingWaker::new();
    let mut cx = Context::from_waker(&waker);
    let mut read = || {
        let operation = || (&stream).read(&mut [0; 64]);
        io.poll_io(&mut cx, Direction::Read, Slot::Exclusive, operation, |_| false)
    };
    assert!(read().is_pending());
    peer.write_all(b"hello").unwrap();
    while counter.wakes() == 0 {
        reactor.poll(Some(LIMIT)).unwrap();
    }
    assert_eq!(read().map(Result::unwrap), std::task::Poll::Ready(5));
    assert!(read().is_pending());
}

#[test]
fn a_stale_token_reports_to_nobody_not_even_to_the_next_tenant_of_its_slot() {
    let (_reactor, registry) = Reactor::new().unwrap();
    let [(mut first, _), (mut second, _)] = [pair(), pair()];
    let (stale, _io) = registry.register(&mut first).unwrap();
    registry.deregister(&mut first, stale);
    let (fresh, _io) = registry.register(&mut second).unwrap();
    assert_eq!(slot(stale), slot(fresh));

    let sockets = lock(&registry.sockets);
    assert!(sockets.get(stale).is_none() && sockets.get(INTERRUPT).is_none());
    assert!(sockets.get(fresh).is_some());
    drop(sockets);
    // It does not remove the socket either.
    registry.deregister(&mut first, stale);
    assert!(lock(&registry.sockets).get(fresh).is_some());
}

/// As long as there is a duplicate, closing the descriptor does not have the kernel forget it.
#[cfg(unix)] // duplicates a descriptor
#[test]
fn a_socket_that_has_left_is_not_reported_even_if_a_duplicate_stays() {
    use std::os::fd::AsFd;
    let (mut reactor, registry) = Reactor::new().unwrap();
    let (mut stream, mut peer) = pair();
    let (token, _io) = registry.register(&mut stream).unwrap();
    reactor.poll(Some(LIMIT)).unwrap();
    let duplicate = std::net::TcpStream::from(stream.as_fd().try_clone_to_owned().unwrap());
    registry.deregister(&mut stream, token);
    drop(stream);
    peer.write_all(b"hello").unwrap();
    duplicate.set_nonblocking(false).unwrap();
    duplicate.peek(&mut [0]).unwrap();
    reactor.poll(Some(Duration::ZERO)).unwrap();
    assert!(reactor.events.is_empty());
}

#[test]
fn what_the_kernel_does_not_take_leaves_no_trace() {
    let (_reactor, registry) = Reactor::new().unwrap();
    let (mut stream, _peer) = pair();
    let (token, _io) = registry.register(&mut stream).unwrap();
    registry.register(&mut stream).unwrap_err();
    assert_eq!(lock(&registry.sockets).slab.len(), 1);
    registry.deregister(&mut stream, token);
    assert!(lock(&registry.sockets).slab.is_empty());
}

#[test]
fn after_shutdown_nothing_is_taken_in_and_leaving_is_still_allowed() {
    let (_reactor, registry) = Reactor::new().unwrap();
    let (mut stream, _peer) = pair();
    let (token, io) = registry.register(&mut stream).unwrap();
    registry.shutdown();
    io.try_io(Direction::Read, || Ok(())).unwrap_err();
    registry.deregister(&mut stream, token);
    registry.register(&mut stream).unwrap_err();
}

#[test]
fn a_dropped_socket_leaves_its_slot() {
    let runtime = crate::runtime::Builder::new_current_thread().build().unwrap();
    runtime.block_on(async {
        let registry = crate::runtime::context::registry();
        let taken = || lock(&registry.sockets).slab.len();
        let sockets = [
            crate::net::TcpListener::bind("127.0.0.1:0").await.unwrap(),
            crate::net::TcpListener::bind("127.0.0.1:0").await.unwrap(),
        ];
        assert_eq!(taken(), 2);
        drop(sockets);
        assert_eq!(taken(), 0);
    });
}

#[test]
fn a_waker_that_panics_keeps_no_other_from_waking() {
    struct Panics;
    impl std::task::Wake for Panics {
        fn wake(self: std::sync::Arc<Self>) {
            panic!("on purpose");
        }
    }
    let (counter, waker) = CountingWaker::new();
    let wakers = [waker.clone(), std::sync::Arc::new(Panics).into(), waker.clone(), waker];
    wake_all(wakers.iter().map(ForeignWaker::clone_of));
    assert_eq!(counter.wakes(), 3);
}
