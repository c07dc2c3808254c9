//! Promise: a signal ends a server and loses nothing in flight.
//!
//! Real signals to the real binary. A request is in flight from its first byte, so a client that
//! holds back the end of its line decides how long that lasts, and no test has to hit a moment.

#![cfg(unix)] // Windows has no signals, and std sends no Ctrl+Break

use crate::support::{WORKSPACE, program, read};
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};
use utils::probe::{Child, Ended, Signal};

#[test]
fn sigint_leaves_the_request_in_flight_its_answer() {
    let (mut server, address) = start();
    let mut busy = Client::with_a_request_in_flight(address);
    let mut idle = Client::connect(address);
    idle.send("hello\n");
    assert_eq!(idle.line(), "HELLO\n");

    server.signal(Signal::Interrupt);
    server.wait_for_line("shutting down");
    // The idle connection is closed while the busy one still holds up the end.
    assert_eq!(idle.line(), "");
    let refused = TcpStream::connect(address).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);

    busy.send("lo\n");
    assert_eq!(busy.line(), "HELLO\n");
    assert_eq!(busy.line(), "");
    assert_ended(&server.end(), 0, "0 cut off");
}

/// Its work has begun or begins, and takes 100 ms: the answer comes either way.
#[test]
fn a_request_that_is_at_work_is_answered() {
    let (server, address) = start();
    let mut client = Client::connect(address);
    client.send("first\nsecond\n");
    assert_eq!(client.line(), "FIRST\n");
    server.signal(Signal::Interrupt);
    assert_eq!(client.line(), "SECOND\n");
    assert_eq!(client.line(), "");
    assert_ended(&server.end(), 0, "0 cut off");
}

#[test]
fn a_request_that_never_ends_is_cut_off_after_a_second() {
    let (server, address) = start();
    let mut stalled = Client::with_a_request_in_flight(address);
    let signalled = Instant::now();
    server.signal(Signal::Interrupt);
    let ended = server.end();
    assert!(signalled.elapsed() >= Duration::from_secs(1));
    assert_ended(&ended, 0, "1 cut off");
    assert_eq!(stalled.line(), "", "no answer");
}

#[test]
fn a_port_in_use_is_said_to_be() {
    let other = TcpListener::bind("127.0.0.1:0").unwrap();
    let ended =
        Child::start(command().env("LISTEN", other.local_addr().unwrap().to_string())).end();
    assert!(ended.stderr.contains("AddrInUse"), "{ended:#?}");
    assert_eq!(ended.status.code(), Some(1));
}

/// Guide 4.5: Ctrl+C is one of its branches, SIGTERM is none. The README shows what a terminal shows,
/// whose `^C` is its own.
/// Proves G-4.5-5.
#[test]
fn ctrl_c_ends_the_select_loop_and_sigterm_kills_it() {
    use std::os::unix::process::ExitStatusExt;
    const SIGTERM: i32 = 15;
    let start = || {
        let mut program = Child::start(program("join-select").arg("select_loop"));
        // Then the handler of Ctrl+C is there as well: its branch is polled first.
        program.wait_for_line("ハートビート送信");
        program
    };
    let interrupted = start();
    interrupted.signal(Signal::Interrupt);
    let ended = interrupted.end();
    assert_ended(&ended, 0, "Ctrl+C 受信。シャットダウン...");
    let (first, last) =
        (ended.stdout.lines().next().unwrap(), ended.stdout.lines().last().unwrap());
    let readme = read(Path::new(WORKSPACE).join("crates/sections/join-select/README.md"));
    let block =
        format!("```text\n$ cargo run -p join-select -- select_loop\n{first}\n^C{last}\n```\n");
    assert!(readme.contains(&block), "{block}");

    let terminated = start();
    terminated.signal(Signal::Terminate);
    let ended = terminated.end();
    assert_eq!(ended.status.signal(), Some(SIGTERM), "{ended:#?}");
    assert!(!ended.stdout.contains("シャットダウン"), "{ended:#?}");
}

/// The server on a free port.
fn command() -> Command {
    let mut command = program("graceful-shutdown");
    command.arg("tcp_server").env("LISTEN", "127.0.0.1:0");
    command
}

/// A server that listens, and its address.
fn start() -> (Child, SocketAddr) {
    let mut server = Child::start(&mut command());
    let first_line = server.wait_for_line("");
    let address = first_line.strip_prefix("listening on ").expect(&first_line);
    (server, address.parse().expect(&first_line))
}

fn assert_ended(ended: &Ended, code: i32, last_line: &str) {
    assert_eq!(ended.status.code(), Some(code), "{ended:#?}");
    assert_eq!(ended.stdout.lines().last(), Some(last_line), "{ended:#?}");
    assert_eq!(ended.stderr, "", "{ended:#?}");
}

struct Client(BufReader<TcpStream>);

impl Client {
    fn connect(address: SocketAddr) -> Self {
        Self::new(TcpStream::connect(address).unwrap())
    }

    fn new(stream: TcpStream) -> Self {
        // Only a server that has lost the connection lets this pass.
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        Self(BufReader::new(stream))
    }

    /// Half of "hello" is in the server's hands: it came in one piece with a request that has
    /// been answered.
    fn with_a_request_in_flight(address: SocketAddr) -> Self {
        let mut client = Self::connect(address);
        client.send("first\nhel");
        assert_eq!(client.line(), "FIRST\n");
        client
    }

    fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    /// The next line with its end, or nothing at the end of the connection.
    fn line(&mut self) -> String {
        let mut line = String::new();
        match self.0.read_line(&mut line) {
            Ok(_) => line,
            // A server that is cut off leaves half a request unread, which resets the connection.
            Err(error) if error.kind() == ErrorKind::ConnectionReset => line,
            Err(error) => panic!("{error}"),
        }
    }
}
