//! Requests that fail on a connection that the server has closed.

mod broken;
mod fixed;

use crate::incident::{Incident, Observed, Service, run, seconds};
use std::cell::Cell;
use std::io;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Duration, Instant, sleep, timeout};

pub const INCIDENT: Incident = Incident {
    name: "connection_closed",
    report: "Calls fail: \"connection closed before message completed\".\n\
             Only some of them, and never under load.\n\
             The other side sees no request and no error.",
    hints: &[
        "Which calls fail: those after a pause, or those in a row?\n\
         On which connection?",
        "The server closes a connection on which nothing happens. After how long?",
        "The client keeps a connection for the next call. How long may it be idle?\n\
         Who knows that it is closed?",
    ],
    broken: Service {
        source: include_str!("connection_closed/broken.rs"),
        observe: || {
            let mut client = broken::Client::default();
            run(calls_with_pauses(async |server| client.get(server).await))
        },
    },
    fixed: Service {
        source: include_str!("connection_closed/fixed.rs"),
        observe: || {
            let mut client = fixed::Client::default();
            run(calls_with_pauses(async |server| client.get(server).await))
        },
    },
    picture: None,
    cause: "The client sends a request on a connection that the server has closed:\n\
            no answer can come. It must give up idle connections before the server does.\n\
            The server can still close at the moment of the call. Then a request that\n\
            may be repeated is sent again, on a new connection: the recipe `resend`.",
    read_on: &[
        "cargo run -- find \"connection closed before message completed\"",
        "cargo run -- copy pool ../my-app",
        "cargo run -- copy resend ../my-app",
    ],
};

/// Closes a connection after this time without a request.
const KEEP_ALIVE: Duration = Duration::from_secs(5);

#[derive(Default)]
pub struct Server {
    connections: Cell<u32>,
}

impl Server {
    fn connect(&self) -> Connection {
        self.connections.set(self.connections.get() + 1);
        let (stream, server) = duplex(64);
        tokio::spawn(answer(server));
        Connection { stream, number: self.connections.get(), last_used: Instant::now() }
    }
}

async fn answer(mut client: DuplexStream) -> io::Result<()> {
    while let Ok(request) = timeout(KEEP_ALIVE, client.read_u8()).await {
        client.write_u8(request?).await?;
    }
    Ok(())
}

thread_local! {
    /// The connection of the last call, and how long it had been idle.
    static USED: Cell<(u32, Duration)> = const { Cell::new((0, Duration::ZERO)) };
}

pub struct Connection {
    stream: DuplexStream,
    number: u32,
    last_used: Instant,
}

impl Connection {
    fn idle_for(&self) -> Duration {
        self.last_used.elapsed()
    }

    async fn ask(&mut self) -> io::Result<()> {
        USED.set((self.number, self.idle_for()));
        let exchange = async {
            self.stream.write_u8(7).await?;
            self.stream.read_u8().await
        };
        let closed = |_| io::Error::other("connection closed before message completed");
        exchange.await.map_err(closed)?;
        self.last_used = Instant::now();
        Ok(())
    }
}

async fn calls_with_pauses(mut get: impl AsyncFnMut(&Server) -> io::Result<()>) -> Observed {
    let (server, start) = (Server::default(), Instant::now());
    let mut observed = Observed::default();
    for pause in [0, 1, 1, 6, 1, 7, 1] {
        sleep(Duration::from_secs(pause)).await;
        let result = get(&server).await;
        let at = seconds(start.elapsed());
        let text = result.map_or_else(|error| error.to_string(), |()| "ok".to_string());
        observed.symptom(format!("call at {at}: {text}"));
        let (connection, idle) = USED.get();
        let idle = seconds(idle);
        observed.evidence(format!(
            "call at {at}, on connection {connection}, idle for {idle}: {}",
            if text == "ok" { "ok" } else { "closed" },
        ));
    }
    let limit = seconds(KEEP_ALIVE);
    observed.evidence(format!("the server closes a connection after {limit} without a request"));
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broken_one_fails_after_each_long_pause_and_the_repaired_one_never() {
        let failures = |text: &str| text.matches("closed before message completed").count();
        let broken = (INCIDENT.broken.observe)();
        assert_eq!(failures(&broken.symptoms), 2);
        let line = "call at 8 s, on connection 1, idle for 6 s: closed\n";
        assert!(broken.evidence.contains(line), "{}", broken.evidence);
        let fixed = (INCIDENT.fixed.observe)();
        assert_eq!((failures(&fixed.symptoms), fixed.symptoms.matches(": ok\n").count()), (0, 7));
        assert!(fixed.evidence.contains("call at 8 s, on connection 2, idle for 0 s: ok\n"));
    }
}
