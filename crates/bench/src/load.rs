//! A client of many connections, each with one request under way: it sends, waits for the answer, and
//! sends again. It runs on this thread, or in a process of its own with as many descriptors again.

mod child;

pub use child::{Child, main};

use crate::contender::ANSWER;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{ErrorKind, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// A request, as it is sent over each connection.
#[derive(Clone, Copy)]
pub enum Request {
    /// 64 bytes, which come back.
    Echo,
    /// `GET /`.
    Http,
}

pub struct Load {
    poll: Poll,
    connections: Vec<Connection>,
    request: &'static [u8],
    /// Bytes of the answer.
    answer: usize,
}

struct Connection {
    stream: TcpStream,
    sent: Instant,
    /// Bytes of the answer that have not come yet.
    missing: usize,
    /// Requests that are not answered yet.
    left: usize,
}

impl Request {
    fn bytes(self) -> &'static [u8] {
        match self {
            Self::Echo => &[7; 64],
            Self::Http => b"GET / HTTP/1.1\r\nhost: localhost\r\n\r\n",
        }
    }

    /// Asks once, and waits. Returns the length of the answer: all are as long as the first.
    fn ask(self, stream: &mut std::net::TcpStream) -> usize {
        stream.write_all(self.bytes()).expect("there is room");
        let end = match self {
            Self::Echo => self.bytes(),
            Self::Http => ANSWER.as_bytes(),
        };
        let (mut answer, mut buffer) = (Vec::new(), [0; 1024]);
        while !answer.ends_with(end) {
            let read = stream.read(&mut buffer).expect("the server answers");
            assert!(read > 0, "the server has gone");
            answer.extend_from_slice(&buffer[..read]);
        }
        answer.len()
    }
}

impl Load {
    pub fn connect(address: SocketAddr, connections: usize, request: Request) -> Self {
        let poll = Poll::new().expect("there are descriptors");
        let mut answer = 0;
        let connect = |token| {
            let mut stream = std::net::TcpStream::connect(address).expect("the server accepts");
            stream.set_nodelay(true).expect("it is a socket");
            if token % 64 == 0 {
                // One that the kernel has to turn away comes again a second later: the server keeps up.
                answer = request.ask(&mut stream);
            }
            stream.set_nonblocking(true).expect("it is a socket");
            let mut stream = TcpStream::from_std(stream);
            let registered =
                poll.registry().register(&mut stream, Token(token), Interest::READABLE);
            registered.expect("there is memory");
            Connection { stream, sent: Instant::now(), missing: 0, left: 0 }
        };
        let connections = (0..connections).map(connect).collect();
        Self { poll, connections, request: request.bytes(), answer }
    }

    /// Sends this number of requests over each connection. Returns how long each answer took to come.
    pub fn run(&mut self, requests: usize) -> Vec<Duration> {
        let total = requests * self.connections.len();
        let mut latencies = Vec::with_capacity(total);
        let mut events = Events::with_capacity(1024);
        for connection in &mut self.connections {
            connection.left = requests;
            connection.send(self.request, self.answer);
        }
        while latencies.len() < total {
            match self.poll.poll(&mut events, None) {
                // io_uring interrupts a thread that has had one.
                Err(error) if error.kind() == ErrorKind::Interrupted => continue,
                polled => polled.expect("it can be asked"),
            }
            for event in &events {
                let connection = &mut self.connections[event.token().0];
                if connection.left > 0 && connection.read() {
                    latencies.push(connection.sent.elapsed());
                    connection.left -= 1;
                    if connection.left > 0 {
                        // The next answer cannot be there yet, and will be an event.
                        connection.send(self.request, self.answer);
                    }
                }
            }
        }
        latencies
    }
}

impl Connection {
    fn send(&mut self, request: &[u8], answer: usize) {
        self.sent = Instant::now();
        self.missing = answer;
        let written = self.stream.write(request).expect("there is room");
        assert_eq!(written, request.len());
    }

    /// Returns whether the answer is complete.
    fn read(&mut self) -> bool {
        let mut buffer = [0; 1024];
        while self.missing > 0 {
            let wanted = self.missing.min(buffer.len());
            match self.stream.read(&mut buffer[..wanted]) {
                Ok(0) => panic!("the server has gone"),
                Ok(read) => self.missing -= read,
                Err(error) if error.kind() == ErrorKind::WouldBlock => return false,
                Err(error) => panic!("{error}"),
            }
        }
        true
    }
}

/// Returns the latency that `percent` in a hundred do not exceed.
pub fn percentile(mut latencies: Vec<Duration>, percent: usize) -> Duration {
    let index = latencies.len() * percent / 100;
    *latencies.select_nth_unstable(index).1
}
