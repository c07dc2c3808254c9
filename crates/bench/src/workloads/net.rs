//! TCP: many connections, a request and an answer on each, over and over. The client is the same for all,
//! and its CPU time does not count.

use crate::contender::{Http, Net};
use crate::load::{Child, Load, Request, percentile};
use crate::measure::{Round, Sample, cpu, sample, thread_cpu};
use std::fs;
use std::net::{SocketAddr, TcpListener};
use std::thread;
use std::time::{Duration, Instant};

/// The figure of the requests that is measured.
#[derive(Clone, Copy)]
pub enum Of {
    /// The time that one takes, if each connection has one under way.
    Throughput,
    /// The time that one in a hundred exceeds.
    P99,
}

pub(super) fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a port");
    let address = listener.local_addr().expect("it is bound");
    (listener, address)
}

fn figure(of: Of, requests: usize, all: Duration, p99: Duration, cpu: Duration) -> Sample {
    let sample = sample(requests, all, cpu);
    match of {
        Of::Throughput => sample,
        Of::P99 => Sample { time: p99.as_nanos() as f64, ..sample },
    }
}

/// 64 bytes there and back. The client is this thread.
pub fn echo<R: Net>(connections: usize, requests: usize, of: Of) -> Round {
    let (listener, address) = listen();
    let server = R::echo(listener);
    let mut load = Load::connect(address, connections, Request::Echo);
    Box::new(move || {
        let _server = &server; // lives as long as the round
        let (cpu_before, own_before, before) = (cpu(), thread_cpu(), Instant::now());
        let latencies = load.run(requests);
        let (time, own) = (before.elapsed(), thread_cpu() - own_before);
        let cpu = cpu() - cpu_before - own;
        figure(of, connections * requests, time, percentile(latencies, 99), cpu)
    })
}

/// The same with as many connections as one process may have: the client is another one, and server and
/// connections are made anew for each round.
pub fn echo_crowd<R: Net>(connections: usize, requests: usize, of: Of) -> Round {
    Box::new(move || {
        let before = open_files();
        let (listener, address) = listen();
        let server = R::echo(listener);
        let mut load = Child::connect(address, connections, Request::Echo);
        load.run(1); // to be warm
        let sample = measured(&mut load, connections, requests, of);
        drop(load);
        drop(server);
        // A server for the whole process closes its ends in its own time.
        while open_files() > before + 100 {
            thread::sleep(Duration::from_millis(1));
        }
        sample
    })
}

/// None, if the system does not say.
fn open_files() -> usize {
    fs::read_dir("/proc/self/fd").map_or(0, Iterator::count)
}

/// Requests of HTTP 1.1 that hyper answers. The client is another process.
pub fn hyper<R: Http>(connections: usize, requests: usize, of: Of) -> Round {
    let (listener, address) = listen();
    let server = R::http(listener);
    let mut load = Child::connect(address, connections, Request::Http);
    Box::new(move || {
        let _server = &server; // lives as long as the round
        measured(&mut load, connections, requests, of)
    })
}

fn measured(load: &mut Child, connections: usize, requests: usize, of: Of) -> Sample {
    let cpu_before = cpu();
    let (all, p99) = load.run(requests);
    figure(of, connections * requests, all, p99, cpu() - cpu_before)
}
