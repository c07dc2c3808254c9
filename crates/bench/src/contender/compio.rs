//! compio: the kernel reads and writes by itself, and reports when it has done so. It is in the rows of
//! TCP echo alone, to see what completions by io_uring reach where readiness is reported.

use super::{Column, Net, WORKERS};
use compio::BufResult;
use compio::io::{AsyncRead, AsyncWriteExt};
use compio::net::{TcpListener, TcpStream};
use compio::runtime::{Runtime, spawn};
use std::thread;

/// Two threads with a runtime each: a task stays where it is. They run until the process ends.
pub struct Compio;

impl Compio {
    /// Returns whether the kernel lets this process have io_uring.
    pub fn is_available() -> bool {
        Runtime::new().is_ok()
    }
}

impl Column for Compio {
    const NAME: &'static str = "compio";
}

impl Net for Compio {
    fn echo(listener: std::net::TcpListener) -> Self {
        for _ in 0..WORKERS {
            let listener = listener.try_clone().expect("there are descriptors");
            thread::spawn(|| {
                let runtime = Runtime::new().expect("it could be started before");
                runtime.block_on(async {
                    let listener = TcpListener::from_std(listener).expect("it is a socket");
                    loop {
                        let (stream, _) = listener.accept().await.expect("there are descriptors");
                        spawn(echo(stream)).detach();
                    }
                });
            });
        }
        Self
    }
}

async fn echo(mut stream: TcpStream) {
    let mut buffer = Vec::with_capacity(1024);
    loop {
        let BufResult(read, filled) = stream.read(buffer).await;
        // Ends when the client goes.
        let Ok(1..) = read else { return };
        let BufResult(written, used) = stream.write_all(filled).await;
        if written.is_err() {
            return;
        }
        buffer = used;
        buffer.clear();
    }
}
