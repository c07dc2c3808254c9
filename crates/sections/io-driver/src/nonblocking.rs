//! Deep dive 7.1, 7.2 — A refused connection becomes writable too: only `SO_ERROR` tells it from a success.

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{Error, ErrorKind, Result};
use std::net::{SocketAddr, TcpListener};
use std::time::{Duration, Instant};
use tokio::net::TcpSocket;

pub fn main() -> Result<()> {
    let open = TcpListener::bind("127.0.0.1:0")?;
    let address = open.local_addr()?;
    let stream = connect(address, Duration::from_secs(5))?;
    println!("connected to the right port: {}", stream.peer_addr()? == address);

    // Bound, so that nobody else gets the port, but not listening: it refuses.
    let closed = TcpSocket::new_v4()?;
    closed.bind("127.0.0.1:0".parse().expect("a literal address"))?;
    let refused = connect(closed.local_addr()?, Duration::from_secs(5));
    println!("not listening: {:?}", refused.map_err(|error| error.kind()));
    Ok(())
}

/// Connects as Tokio's `TcpStream::connect` does, to one address, but blocks its thread.
fn connect(address: SocketAddr, limit: Duration) -> Result<TcpStream> {
    let deadline = Instant::now() + limit;
    // Non-blocking from its birth: `connect` answers EINPROGRESS at once, which is success to mio.
    let mut stream = TcpStream::connect(address)?;

    // epoll, kqueue or IOCP. Registering reports what is ready already, so no event is lost.
    let mut poll = Poll::new()?;
    poll.registry().register(&mut stream, Token(0), Interest::WRITABLE)?;
    let mut events = Events::with_capacity(1);
    loop {
        let left = deadline.checked_duration_since(Instant::now());
        match poll.poll(&mut events, Some(left.ok_or(ErrorKind::TimedOut)?)) {
            // A signal; its handler has run.
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            result => result?,
        }
        for event in &events {
            if let Some(result) = verdict(&stream) {
                let result = result.map_err(|error| error.kind());
                println!("writable: {}, so: {result:?}", event.is_writable());
                return result.map(|()| stream).map_err(Error::from);
            }
        }
    }
}

/// Asks `getsockopt(SO_ERROR)` first. `None`: the event came too early, wait for the next.
fn verdict(stream: &TcpStream) -> Option<Result<()>> {
    match (stream.take_error(), stream.peer_addr()) {
        (Ok(Some(error)) | Err(error), _) => Some(Err(error)),
        (Ok(None), Ok(_)) => Some(Ok(())),
        (Ok(None), Err(error)) if error.kind() == ErrorKind::NotConnected => None,
        (Ok(None), Err(error)) => Some(Err(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{Read, Write};
    use std::task::{Context, Poll as Polled};
    use tokio::runtime::Builder;
    use tokio::task::yield_now;
    use utils::probe::CountingWaker;

    const LIMIT: Duration = Duration::from_secs(60);

    /// As long as the socket lives its port refuses.
    fn closed_port() -> (TcpSocket, SocketAddr) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let address = socket.local_addr().unwrap();
        (socket, address)
    }

    #[test]
    fn what_connect_returns_can_be_written_at_once() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut stream = connect(listener.local_addr().unwrap(), LIMIT).unwrap();
        stream.write_all(b"hello\n").unwrap();
        drop(stream);
        let mut text = String::new();
        listener.accept().unwrap().0.read_to_string(&mut text).unwrap();
        assert_eq!(text, "hello\n");
    }

    /// Proves D-7-3.
    #[test]
    fn a_refusal_is_an_event_for_writing_and_so_error_names_it_once() {
        let (_closed, address) = closed_port();
        let mut stream = TcpStream::connect(address).unwrap();
        let mut poll = Poll::new().unwrap();
        poll.registry().register(&mut stream, Token(0), Interest::WRITABLE).unwrap();
        let mut events = Events::with_capacity(8);
        poll.poll(&mut events, Some(LIMIT)).unwrap();
        let writable: Vec<_> = events.iter().map(|event| event.is_writable()).collect();
        assert_eq!(writable, [true]);
        let error = stream.take_error().unwrap().unwrap();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
        // Not asserted of Windows: wine names it again.
        assert!(cfg!(windows) || stream.take_error().unwrap().is_none());
    }

    #[test]
    fn a_refusal_is_the_error_of_connect_here_and_in_tokio() {
        let (_closed, address) = closed_port();
        assert_eq!(connect(address, LIMIT).unwrap_err().kind(), ErrorKind::ConnectionRefused);
        let runtime = Builder::new_current_thread().enable_io().build().unwrap();
        let error = runtime.block_on(tokio::net::TcpStream::connect(address)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::ConnectionRefused);
    }

    /// The kernel has connected long ago: only a turn of the driver ends the wait.
    /// Proves D-7-3.
    #[test]
    fn the_first_poll_connects_and_registers_and_an_event_ends_the_wait() {
        let runtime = Builder::new_current_thread().enable_io().build().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let _context = runtime.enter();
        let mut future = Box::pin(tokio::net::TcpStream::connect(listener.local_addr().unwrap()));
        let (counter, waker) = CountingWaker::new();
        let mut cx = Context::from_waker(&waker);
        assert!(future.as_mut().poll(&mut cx).is_pending());
        listener.accept().unwrap();
        assert_eq!(counter.wakes(), 0);
        runtime.block_on(yield_now());
        assert_eq!(counter.wakes(), 1);
        assert!(matches!(future.as_mut().poll(&mut cx), Polled::Ready(Ok(_))));
    }

    /// Proves D-7-2.
    #[cfg(unix)] // asks for the flags of descriptors
    #[tokio::test]
    async fn every_socket_and_pipe_of_tokio_is_non_blocking() {
        use rustix::fs::{OFlags, fcntl_getfl};
        use tokio::net::unix::pipe;
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let client = tokio::net::TcpStream::connect(address).await.unwrap();
        let (server, _) = listener.accept().await.unwrap();
        let datagrams = tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let (unix, _peer) = tokio::net::UnixStream::pair().unwrap();
        let (sender, receiver) = pipe::pipe().unwrap();
        let flags = [
            fcntl_getfl(&listener),
            fcntl_getfl(&client),
            fcntl_getfl(&server),
            fcntl_getfl(&datagrams),
            fcntl_getfl(&unix),
            fcntl_getfl(&sender),
            fcntl_getfl(&receiver),
        ];
        let non_blocking = flags.map(|flags| flags.unwrap().contains(OFlags::NONBLOCK));
        assert_eq!(non_blocking, [true; 7]);
    }

    #[cfg(target_os = "linux")] // expects the calls of Linux: `SOCK_NONBLOCK`, `EINPROGRESS`, epoll
    mod linux {
        use super::*;
        use rustix::io::Errno;
        use rustix::net::{
            AddressFamily, SocketFlags, SocketType, bind, getsockname, listen, socket_with,
        };
        use std::collections::BTreeSet;
        use std::fs;
        use std::os::fd::AsRawFd;

        fn socket(flags: SocketFlags) -> rustix::fd::OwnedFd {
            socket_with(AddressFamily::INET, SocketType::STREAM, flags, None).unwrap()
        }

        /// Proves D-7-1.
        #[test]
        fn mio_is_epoll_on_linux() {
            let poll = Poll::new().unwrap();
            let selector = fs::read_link(format!("/proc/self/fd/{}", poll.as_raw_fd())).unwrap();
            assert_eq!(selector.to_str(), Some("anon_inode:[eventpoll]"));
        }

        /// Proves D-7-3.
        #[test]
        fn the_flag_comes_with_the_socket_and_connect_answers_einprogress() {
            let open = TcpListener::bind("127.0.0.1:0").unwrap();
            let (_closed, refusing) = closed_port();
            for address in [open.local_addr().unwrap(), refusing] {
                let socket = socket(SocketFlags::NONBLOCK);
                assert_eq!(rustix::net::connect(&socket, &address), Err(Errno::INPROGRESS));
            }
        }

        /// A queue of one that is full: the kernel drops what comes, and nobody answers.
        #[test]
        fn a_peer_that_does_not_answer_takes_the_limit() {
            let listener = socket(SocketFlags::empty());
            bind(&listener, &SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
            listen(&listener, 0).unwrap();
            let address = SocketAddr::try_from(getsockname(&listener).unwrap()).unwrap();
            let _first = connect(address, LIMIT).unwrap();
            let limit = Duration::from_millis(50);
            let start = Instant::now();
            assert_eq!(connect(address, limit).unwrap_err().kind(), ErrorKind::TimedOut);
            assert!(start.elapsed() >= limit);
        }

        /// EPOLLIN, EPOLLOUT, EPOLLRDHUP and EPOLLET; EPOLLERR and EPOLLHUP are always included.
        const BOTH_DIRECTIONS_BY_EDGES: u32 = 0x1 | 0x4 | 0x2000 | 0x8000_0000 | 0x8 | 0x10;

        /// Proves D-7-3.
        #[tokio::test]
        async fn tokio_registers_a_socket_once_for_both_directions_and_for_edges() {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let stream = tokio::net::TcpStream::connect(address).await.unwrap();
            assert_eq!(interests(stream.as_raw_fd()), BTreeSet::from([BOTH_DIRECTIONS_BY_EDGES]));
            // Waiting changes nothing: no system call for each wait.
            let mut cx = Context::from_waker(std::task::Waker::noop());
            assert!(stream.poll_read_ready(&mut cx).is_pending());
            assert_eq!(interests(stream.as_raw_fd()), BTreeSet::from([BOTH_DIRECTIONS_BY_EDGES]));
        }

        /// Returns what the epoll instances of this process watch `fd` for. A set: a cloned
        /// instance, as the runtime has, shows every registration twice.
        fn interests(fd: i32) -> BTreeSet<u32> {
            let instances = fs::read_dir("/proc/self/fd").unwrap().filter_map(|entry| {
                let entry = entry.unwrap();
                // Other tests close descriptors while this one reads the list.
                let target = fs::read_link(entry.path()).ok()?;
                let is_epoll = target.to_str() == Some("anon_inode:[eventpoll]");
                is_epoll.then(|| entry.file_name().into_string().unwrap())
            });
            let mut masks = BTreeSet::new();
            for instance in instances {
                let info = fs::read_to_string(format!("/proc/self/fdinfo/{instance}"));
                for line in info.unwrap_or_default().lines() {
                    // tfd: 9 events: 8000201d data: ...
                    let mut words = line.split_whitespace().skip_while(|&word| word != "tfd:");
                    if words.nth(1) == Some(&fd.to_string()) {
                        masks.insert(u32::from_str_radix(words.nth(1).unwrap(), 16).unwrap());
                    }
                }
            }
            masks
        }
    }
}
