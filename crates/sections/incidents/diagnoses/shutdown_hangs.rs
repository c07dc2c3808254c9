//! A shutdown that waits for clients who want nothing.

mod broken;
mod fixed;

use crate::incident::{Incident, Observed, Service, drawn, run, seconds};
use std::cell::Cell;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex};
use tokio::time::{Duration, Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

pub const INCIDENT: Incident = Incident {
    name: "shutdown_hangs",
    report: "At each deploy the old pod does not end at SIGTERM.\n\
             Kubernetes kills it after 30 s, with exit code 137.\n\
             It had nothing to do any more.",
    hints: &[
        "What does the process wait for after SIGTERM: requests, or connections?",
        "Where does the task of an idle connection wait?\n\
         What does it look at before?",
        "A task that looks at a flag between two requests does not see it while it\n\
         awaits the next request.",
    ],
    broken: Service {
        source: include_str!("shutdown_hangs/broken.rs"),
        observe: || run(sigterm(broken::connection)),
    },
    fixed: Service {
        source: include_str!("shutdown_hangs/fixed.rs"),
        observe: || run(sigterm(fixed::connection)),
    },
    picture: Some(|| drawn(an_idle_client())),
    cause: "An idle connection awaits its next request.\n\
            It looks at the shutdown only between two requests, and no second one comes.\n\
            It must wait for both at once. A request that has begun is still answered.",
    read_on: &[
        "cargo run -p graceful-shutdown -- keep_alive",
        "cargo run -- copy http_server ../my-app",
    ],
};

thread_local! {
    /// The runtime has one thread.
    static UNDER_WAY: Cell<u32> = const { Cell::new(0) };
}

async fn next_request(client: &mut DuplexStream) -> Option<u8> {
    let request = client.read_u8().await.ok()?;
    UNDER_WAY.set(UNDER_WAY.get() + 1);
    Some(request)
}

/// Takes a second.
async fn answer(client: &mut DuplexStream, request: u8) {
    sleep(Duration::from_secs(1)).await;
    // The client may have gone.
    let _ = client.write_u8(request).await;
    UNDER_WAY.set(UNDER_WAY.get() - 1);
}

/// One client that has had an answer, and asks no more. Kubernetes is not there to end it.
async fn an_idle_client() {
    let (connections, shutdown) = (TaskTracker::new(), CancellationToken::new());
    let (mut client, server) = duplex(64);
    let connection = broken::connection(server, shutdown.clone());
    connections.spawn(timeline::named("connection", connection));
    let _ = client.write_u8(7).await;
    let _ = client.read_u8().await;
    shutdown.cancel();
    connections.close();
    connections.wait().await;
}

/// One client has a request under way when the signal comes, and one keeps an idle connection.
async fn sigterm<F>(connection: fn(DuplexStream, CancellationToken) -> F) -> Observed
where
    F: Future<Output = ()> + Send + 'static,
{
    let (connections, shutdown) = (TaskTracker::new(), CancellationToken::new());
    let client = || {
        let (client, server) = duplex(64);
        connections.spawn(connection(server, shutdown.clone()));
        client
    };
    let (mut busy, _idle) = (client(), client());
    let _ = busy.write_u8(7).await;
    sleep(Duration::from_millis(500)).await;

    let signal = Instant::now();
    shutdown.cancel();
    connections.close();
    let answered = async { busy.read_u8().await.map(|_| signal.elapsed()) };
    let look = async {
        sleep(Duration::from_secs(20)).await;
        (connections.len(), UNDER_WAY.get())
    };
    let ended = async {
        timeout(Duration::from_secs(30), connections.wait()).await.ok().map(|()| signal.elapsed())
    };
    let (answered, (open, under_way), ended) = tokio::join!(biased; answered, look, ended);
    let mut observed = Observed::default();
    observed.symptom(format!(
        "the request under way is answered after {}",
        seconds(answered.unwrap_or_default())
    ));
    observed.symptom(match ended {
        Some(after) => format!("the process ends after {}", seconds(after)),
        None => "after 30 s the process is killed: exit code 137".to_string(),
    });
    let requests = format!("requests under way {under_way}");
    observed.evidence(format!("20 s after SIGTERM: connections open {open}, {requests}"));
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broken_one_is_killed_and_the_repaired_one_ends_with_the_last_request() {
        let answered = "the request under way is answered after 0.5 s\n";
        let broken = (INCIDENT.broken.observe)();
        let killed = "after 30 s the process is killed: exit code 137\n";
        assert_eq!(broken.symptoms, format!("{answered}{killed}"));
        let evidence = "20 s after SIGTERM: connections open 1, requests under way 0\n";
        assert!(broken.evidence.starts_with(evidence), "{}", broken.evidence);
        let fixed = (INCIDENT.fixed.observe)();
        assert_eq!(fixed.symptoms, format!("{answered}the process ends after 0.5 s\n"));
    }
}
