//! The life of the service: open, serve, drain.

use crate::checker::{Checker, client, policy};
use crate::drain_on_signal::{Signals, Tasks};
use crate::metrics::Metrics;
use crate::problem::Problem;
use crate::rpc::{Watcher, follow};
use crate::settings::{Database, Settings};
use crate::store::{OpenError, Store};
use crate::supervise::{RestartLimit, supervise};
use crate::tcp_server::Server;
use crate::telemetry::Telemetry;
use crate::{api, layers, server};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use reqwest::Client;
use std::convert::Infallible;
use std::error::Error;
use std::future::pending;
use std::io::{self, Write};
use std::time::{Duration, Instant};
use tokio::net::TcpListener;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tracing::{error, info, warn};

/// How many connections may be open. More of them wait in the queue of the system.
const MAX_CONNECTIONS: usize = 10_000;

/// How long the database may take to answer at the start.
const OPEN_LIMIT: Duration = Duration::from_secs(30);

/// How often the checker is started again, should it panic.
const RESTARTS: RestartLimit = RestartLimit {
    max_restarts: 5,
    within: Duration::from_secs(600),
    first_delay: Duration::from_secs(1),
    max_delay: Duration::from_secs(60),
};

/// Why the service did not start, or how it ended.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("cannot listen on {0}")]
    Listen(std::net::SocketAddr, #[source] io::Error),
    #[error("cannot open the database {0}")]
    Store(String, #[source] OpenError),
    #[error("the database {0} has not answered for {1:?}")]
    Silent(String, Duration),
    #[error("cannot send spans")]
    Telemetry(#[from] opentelemetry_otlp::ExporterBuildError),
    #[error("cannot check links (install ca-certificates, or set CHECK_EVERY=off)")]
    Client(#[from] reqwest::Error),
    #[error("cannot handle signals or write to stdout")]
    Io(#[from] io::Error),
    #[error("{0}: what was under way is cut off")]
    CutOff(&'static str),
    #[error("the server has ended by itself")]
    Ended,
}

/// Runs the service until a signal ends it.
pub async fn run(settings: Settings) -> Result<(), Failure> {
    // First of all: until then, a signal would end the process.
    let mut signals = Signals::listen()?;
    let telemetry = Telemetry::start(&settings)?;
    let client = settings.check_every.map(|_| client(settings.check_private)).transpose()?;
    // Before the database: a second service on the same port must not touch it.
    let listener = TcpListener::bind(settings.listen).await;
    let listener = listener.map_err(|error| Failure::Listen(settings.listen, error))?;
    let address = listener.local_addr()?;
    let store = tokio::select! {
        store = open(&settings.database, OPEN_LIMIT) => store?,
        // Nothing has begun.
        _ = signals.recv() => return Ok(()),
    };
    let (tasks, metrics) = (Tasks::new(), Metrics::default());

    let router = router(&settings, &store, &metrics, tasks.stopping());
    let mut server = serve(&tasks, listener, router);
    check(&tasks, &settings, client, &store, &metrics);
    let (others, stopping) = (store.clone(), tasks.stopping());
    tasks.spawn(async move { follow(&others, &stopping).await });
    writeln!(io::stdout(), "listening on http://{address}")?;

    tokio::select! {
        _ = signals.recv() => {}
        _ = &mut server => return Err(Failure::Ended),
    }
    info!(running = metrics.running(), "it ends: no new connections");
    tokio::select! {
        ended = end(settings.drain_limit, tasks, store, telemetry) => ended,
        _ = signals.recv() => Err(Failure::CutOff("a second signal came")),
    }
}

/// Opens the database, or fails at the limit: a host may take a connection and never answer.
async fn open(database: &Database, limit: Duration) -> Result<Store, Failure> {
    match timeout(limit, Store::open(database)).await {
        Ok(store) => store.map_err(|error| Failure::Store(database.to_string(), error)),
        Err(_) => Err(Failure::Silent(database.to_string(), limit)),
    }
}

/// Ends all that runs, the connections to the database after what uses them, and the spans last.
async fn end(
    limit: Duration,
    tasks: Tasks,
    store: Store,
    telemetry: Telemetry,
) -> Result<(), Failure> {
    let start = Instant::now();
    let drained = async {
        // Its own limit is not used: this one is for the connections to the database, too.
        let _ = tasks.drain(Duration::MAX, pending()).await;
        store.close().await;
    };
    let in_time = timeout(limit, drained).await;
    in_time.map_err(|_| Failure::CutOff("the drain limit has passed"))?;
    // A collector that is dead must not make this an error: nothing of a client is lost.
    telemetry.flush(limit.saturating_sub(start.elapsed())).await;
    Ok(())
}

/// Puts every route on one router.
fn router(
    settings: &Settings,
    store: &Store,
    metrics: &Metrics,
    stopping: CancellationToken,
) -> Router {
    let watcher = Watcher::new(store.clone(), metrics.clone(), stopping.clone());
    let links =
        api::router(store.clone()).route_service("/links.v1.Links/{*method}", watcher.service());
    let ready = {
        let store = store.clone();
        async move || ready(&store, &stopping).await
    };
    let router = layers::limited(links, settings, metrics)
        .route("/healthz", get(async || "alive\n"))
        .route("/readyz", get(ready))
        .route("/metrics", get(Metrics::show).with_state(metrics.clone()))
        .method_not_allowed_fallback(Problem::of_method)
        .fallback(async || {
            let message = "there is no such path: allowed: /links, /links/ID, /admin/report, \
                           /healthz, /readyz and /metrics";
            Problem::new(StatusCode::NOT_FOUND, message)
        });
    layers::observed(router, metrics.clone())
}

/// Says whether requests should come here.
async fn ready(store: &Store, stopping: &CancellationToken) -> Result<&'static str, Problem> {
    if stopping.is_cancelled() {
        return Err(Problem::new(StatusCode::SERVICE_UNAVAILABLE, "the service is ending"));
    }
    store.ping().await?;
    Ok("ready\n")
}

/// Serves in a task that the drain waits for.
fn serve(tasks: &Tasks, listener: TcpListener, router: Router) -> tokio::task::JoinHandle<()> {
    // The limit is that of the drain, which also counts.
    let server = Server { max_connections: MAX_CONNECTIONS, drain_limit: Duration::MAX };
    let stopping = tasks.stopping().cancelled_owned();
    tasks.spawn(async move {
        let handler = move |stream, stopping| server::serve(stream, stopping, router.clone());
        let served = server.serve(listener, handler, stopping, |error| warn!(%error, "accept"));
        if let Err(cut_off) = served.await {
            error!(%cut_off, "the server has ended");
        }
    })
}

/// Checks in a task beside the server. Should it fail too often, the links are served unchecked.
fn check(
    tasks: &Tasks,
    settings: &Settings,
    client: Option<Client>,
    store: &Store,
    metrics: &Metrics,
) {
    let (Some(every), Some(client)) = (settings.check_every, client) else { return };
    let (store, metrics) = (store.clone(), metrics.clone());
    let (at_once, policy) = (settings.checks_at_once, policy(settings.check_limit));
    let private = settings.check_private;
    let checker = Checker { store, metrics, client, private, at_once, policy };
    let stop = tasks.stopping();
    tasks.spawn(async move {
        let start = |stop: CancellationToken| {
            let checker = checker.clone();
            async move {
                checker.run(every, &stop).await;
                Ok::<_, Infallible>(())
            }
        };
        let failed = |failure: &_| error!(%failure, "the checker is started again");
        if let Err(error) = supervise(RESTARTS, &stop, start, failed).await {
            error!(error = &error as &dyn Error, "no more links are checked");
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::str::FromStr;

    #[tokio::test]
    async fn a_database_that_is_silent_is_not_waited_for() {
        // It takes connections into its queue, and never answers.
        let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("postgres://me@{}/links", silent.local_addr().unwrap());
        let database = Database::Postgres(FromStr::from_str(&url).unwrap());
        let opened = open(&database, Duration::from_millis(50)).await;
        assert!(matches!(opened, Err(Failure::Silent(..))));
    }
}
