//! TCP echo: many connections, on each 64 bytes there and back, over and over. The client is this
//! thread, the same for all, and its CPU time does not count.

use crate::contender::Net;
use crate::measure::{Round, Sample, cpu, sample, thread_cpu};
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{ErrorKind, Read, Write};
use std::net::TcpListener;
use std::time::{Duration, Instant};

const MESSAGE: [u8; 64] = [7; 64];

struct Client {
    poll: Poll,
    connections: Vec<Connection>,
}

struct Connection {
    stream: TcpStream,
    sent: Instant,
    missing: usize,
    left: usize,
}

/// The time an exchange takes, if each connection has one under way.
pub fn throughput<R: Net, const CONNECTIONS: usize, const EXCHANGES: usize>() -> Round {
    let mut run = server_and_client::<R>(CONNECTIONS);
    Box::new(move || run(EXCHANGES).0)
}

/// What one exchange in a hundred exceeds.
pub fn p99<R: Net, const CONNECTIONS: usize, const EXCHANGES: usize>() -> Round {
    let mut run = server_and_client::<R>(CONNECTIONS);
    Box::new(move || {
        let (sample, mut latencies) = run(EXCHANGES);
        let index = latencies.len() * 99 / 100;
        let (_, p99, _) = latencies.select_nth_unstable(index);
        Sample { time: p99.as_nanos() as f64, ..sample }
    })
}

fn server_and_client<R: Net>(connections: usize) -> impl FnMut(usize) -> (Sample, Vec<Duration>) {
    let runtime = R::start();
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it is bound");
    runtime.echo(listener);
    let poll = Poll::new().expect("there are descriptors");
    let connect = |token| {
        let stream = std::net::TcpStream::connect(address).expect("the server accepts");
        stream.set_nodelay(true).expect("it is a socket");
        stream.set_nonblocking(true).expect("it is a socket");
        let mut stream = TcpStream::from_std(stream);
        let registered = poll.registry().register(&mut stream, Token(token), Interest::READABLE);
        registered.expect("there is memory");
        Connection { stream, sent: Instant::now(), missing: 0, left: 0 }
    };
    let connections = (0..connections).map(connect).collect();
    let mut client = Client { poll, connections };
    move |exchanges| {
        let _runtime = &runtime; // lives as long as the round
        client.run(exchanges)
    }
}

impl Client {
    fn run(&mut self, exchanges: usize) -> (Sample, Vec<Duration>) {
        let total = exchanges * self.connections.len();
        let mut latencies = Vec::with_capacity(total);
        let mut events = Events::with_capacity(1024);
        let mut buffer = [0; MESSAGE.len()];
        let (cpu_before, own_before, before) = (cpu(), thread_cpu(), Instant::now());
        for connection in &mut self.connections {
            connection.left = exchanges;
            connection.send();
        }
        while latencies.len() < total {
            self.poll.poll(&mut events, None).expect("no signal is handled");
            for event in &events {
                let connection = &mut self.connections[event.token().0];
                while connection.left > 0 {
                    match connection.stream.read(&mut buffer[..connection.missing]) {
                        Ok(0) => panic!("the server has gone"),
                        Ok(read) => connection.missing -= read,
                        Err(error) if error.kind() == ErrorKind::WouldBlock => break,
                        Err(error) => panic!("{error}"),
                    }
                    if connection.missing == 0 {
                        latencies.push(connection.sent.elapsed());
                        connection.left -= 1;
                        if connection.left > 0 {
                            connection.send();
                        }
                        break; // the answer cannot be there yet, and will be an event
                    }
                }
            }
        }
        let (time, own) = (before.elapsed(), thread_cpu() - own_before);
        (sample(total, time, cpu() - cpu_before - own), latencies)
    }
}

impl Connection {
    fn send(&mut self) {
        self.sent = Instant::now();
        self.missing = MESSAGE.len();
        let written = self.stream.write(&MESSAGE).expect("there is room");
        assert_eq!(written, MESSAGE.len());
    }
}
