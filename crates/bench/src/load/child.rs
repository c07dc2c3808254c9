//! The client in a process of its own. A line to it is the number of requests for each connection; a line
//! from it, the nanoseconds of the whole and of the slowest hundredth.

use super::{Load, Request, percentile};
use std::io::{BufRead, BufReader, Write, stdin, stdout};
use std::net::SocketAddr;
use std::process::{self, Command, Stdio};
use std::time::{Duration, Instant};

/// Connected. It ends when it is dropped.
pub struct Child {
    process: process::Child,
    answers: BufReader<process::ChildStdout>,
}

impl Child {
    pub fn connect(address: SocketAddr, connections: usize, request: Request) -> Self {
        let this = std::env::current_exe().expect("it runs");
        let request = match request {
            Request::Echo => "echo",
            Request::Http => "http",
        };
        let mut process = Command::new(this)
            .args(["--load", &address.to_string(), &connections.to_string(), request])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("processes can be started");
        let answers = BufReader::new(process.stdout.take().expect("it is piped"));
        let mut child = Self { process, answers };
        child.line(); // when all are connected
        child
    }

    /// Returns how long all requests together took, and what one in a hundred exceeds.
    pub fn run(&mut self, requests: usize) -> (Duration, Duration) {
        let stdin = self.process.stdin.as_mut().expect("it is piped");
        writeln!(stdin, "{requests}").expect("the client lives");
        let line = self.line();
        let (all, p99) = line.trim().split_once(' ').expect("two numbers");
        let nanos = |text: &str| Duration::from_nanos(text.parse().expect("a number"));
        (nanos(all), nanos(p99))
    }

    fn line(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).expect("the client lives");
        line
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        drop(self.process.stdin.take()); // which ends it
        self.process.wait().expect("it is not waited for elsewhere");
    }
}

/// Runs the client in its own process: `--load ADDRESS CONNECTIONS echo|http`.
pub fn main(address: &str, connections: &str, request: &str) {
    let address: SocketAddr = address.parse().expect("written by `connect`");
    let connections = connections.parse().expect("written by `connect`");
    let request = if request == "http" { Request::Http } else { Request::Echo };
    let mut load = Load::connect(address, connections, request);
    println!("connected");
    for line in stdin().lock().lines() {
        let requests = line.expect("a line").parse().expect("written by `run`");
        let before = Instant::now();
        let latencies = load.run(requests);
        let all = before.elapsed();
        println!("{} {}", all.as_nanos(), percentile(latencies, 99).as_nanos());
        stdout().flush().expect("it is waited for");
    }
}
