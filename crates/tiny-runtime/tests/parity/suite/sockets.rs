//! UDP: looking without taking, polling by hand, and who may hear it all.

use super::on_each_flavor;
use super::rt::{self, Interest, net::UdpSocket};
use std::future::poll_fn;
use std::io::ErrorKind;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

async fn pair() -> (UdpSocket, UdpSocket) {
    let one = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    let other = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    one.connect(other.local_addr().unwrap()).await.unwrap();
    other.connect(one.local_addr().unwrap()).await.unwrap();
    (one, other)
}

#[test]
fn a_datagram_that_is_peeked_at_stays() {
    on_each_flavor(async || {
        let (sender, socket) = pair().await;
        let from = sender.local_addr().unwrap();
        let mut two = [0; 2];
        // An attempt before the first report is `WouldBlock`, and so is one that finds nothing.
        assert_eq!(socket.try_peek(&mut two).unwrap_err().kind(), ErrorKind::WouldBlock);
        assert_eq!(socket.try_peek_from(&mut two).unwrap_err().kind(), ErrorKind::WouldBlock);
        assert_eq!(socket.try_peek_sender().unwrap_err().kind(), ErrorKind::WouldBlock);
        sender.send(b"ping").await.unwrap();
        assert_eq!(socket.peek(&mut two).await.unwrap(), 2);
        assert_eq!(&two, b"pi");
        assert_eq!(socket.peek_from(&mut two).await.unwrap(), (2, from));
        assert_eq!(socket.peek_sender().await.unwrap(), from);
        assert_eq!(socket.try_peek(&mut two).unwrap(), 2);
        assert_eq!(socket.try_peek_from(&mut two).unwrap(), (2, from));
        assert_eq!(socket.try_peek_sender().unwrap(), from);
        let peeked = poll_fn(|cx| rt::poll_peek_datagram(&socket, cx, &mut two)).await;
        assert_eq!(peeked.unwrap(), 2);
        let peeked = poll_fn(|cx| rt::poll_peek_from(&socket, cx, &mut two)).await;
        assert_eq!(peeked.unwrap(), (2, from));
        assert_eq!(poll_fn(|cx| socket.poll_peek_sender(cx)).await.unwrap(), from);
        let mut four = [0; 4];
        assert_eq!(socket.recv(&mut four).await.unwrap(), 4);
        assert_eq!(&four, b"ping");
        assert_eq!(socket.try_peek(&mut two).unwrap_err().kind(), ErrorKind::WouldBlock);
    });
}

#[test]
fn datagrams_are_sent_and_received_by_polling() {
    on_each_flavor(async || {
        let (sender, socket) = pair().await;
        let mut buffer = [0; 4];
        let mut nobody = Context::from_waker(Waker::noop());
        assert!(rt::poll_recv(&socket, &mut nobody, &mut buffer).is_pending());
        assert!(socket.poll_recv_ready(&mut nobody).is_pending());
        poll_fn(|cx| sender.poll_send_ready(cx)).await.unwrap();
        assert_eq!(poll_fn(|cx| sender.poll_send(cx, b"one")).await.unwrap(), 3);
        poll_fn(|cx| socket.poll_recv_ready(cx)).await.unwrap();
        let received = poll_fn(|cx| rt::poll_recv(&socket, cx, &mut buffer)).await.unwrap();
        assert_eq!(&buffer[..received], b"one");

        let stranger = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let open = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let to = open.local_addr().unwrap();
        assert_eq!(poll_fn(|cx| stranger.poll_send_to(cx, b"four", to)).await.unwrap(), 4);
        let received = poll_fn(|cx| rt::poll_recv_from(&open, cx, &mut buffer)).await.unwrap();
        assert_eq!(received, (4, stranger.local_addr().unwrap()));
        assert_eq!(&buffer, b"four");
    });
}

#[test]
fn ready_tells_whether_there_is_a_datagram() {
    on_each_flavor(async || {
        let (sender, socket) = pair().await;
        let both = Interest::READABLE | Interest::WRITABLE;
        let ready = socket.ready(both).await.unwrap();
        assert!(ready.is_writable() && !ready.is_readable(), "{ready:?}");
        let mut waits = pin!(socket.ready(Interest::READABLE));
        let mut nobody = Context::from_waker(Waker::noop());
        assert!(matches!(waits.as_mut().poll(&mut nobody), Poll::Pending));
        sender.send(b"!").await.unwrap();
        assert!(waits.await.unwrap().is_readable());
    });
}

#[test]
fn a_broadcast_has_to_be_allowed() {
    on_each_flavor(async || {
        let (socket, _other) = pair().await;
        assert!(!socket.broadcast().unwrap());
        socket.set_broadcast(true).unwrap();
        assert!(socket.broadcast().unwrap());
        socket.set_broadcast(false).unwrap();
        assert!(!socket.broadcast().unwrap());
    });
}
