//! Asks for each link now and then, and notes the result. Links of one host wait for each other:
//! no host gets two requests at once, and a dead one holds a single place, for a limited time.

use crate::addresses::{Private, Public, private};
use crate::bounded_jobs::Jobs;
use crate::busy::Busy;
use crate::link::{Link, Outcome, ago, later};
use crate::metrics::{Checked, Metrics};
use crate::periodic::periodic;
use crate::retry::{Policy, RetryError, Verdict, retry};
use crate::store::Store;
use reqwest::{Client, StatusCode, header::RETRY_AFTER, redirect};
use std::collections::BTreeMap;
use std::error::Error;
use std::time::{Duration, Instant};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, Span, info, info_span, instrument, warn};
use url::Url;

/// How often it looks for links that are due.
const LOOK: Duration = Duration::from_secs(1);

/// How many links a round takes, and how many of one host. The first one of each host comes first.
const ROUND: i64 = 1000;
const OF_A_HOST: i64 = 20;

/// How long one host may take of a round, until its next link waits.
const HOST_LIMIT: Duration = Duration::from_secs(30);

/// How long a result waits that could not be noted.
const PAUSE: Duration = Duration::from_secs(1);

/// How much is noted of an error, in bytes. A certificate alone may name a thousand hosts.
const MAX_ERROR: usize = 300;

/// Checks links. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Checker {
    pub store: Store,
    pub metrics: Metrics,
    pub client: Client,
    /// Whether it asks private addresses.
    pub private: bool,
    /// How many hosts are asked at once.
    pub at_once: usize,
    /// How often, and how long, one link is asked for.
    pub policy: Policy,
}

/// Returns three attempts of up to this long.
pub fn policy(attempt_limit: Duration) -> Policy {
    Policy {
        attempts: 3,
        attempt_limit,
        first_pause: Duration::from_millis(200),
        max_pause: Duration::from_secs(5),
        jitter: true,
    }
}

/// Why there was no usable answer.
#[derive(Debug, thiserror::Error)]
enum Failure {
    /// The server wants to be asked again.
    #[error("the server answered {0}")]
    Later(StatusCode, Option<Duration>),
    #[error(transparent)]
    Network(reqwest::Error),
    #[error(transparent)]
    Private(Private),
}

/// Returns the client. It takes the certificates of the system.
pub fn client(private: bool) -> Result<Client, reqwest::Error> {
    // An error means that there is a provider already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    // An environment's proxy is not for links: reqwest is built without that feature.
    let client = Client::builder().user_agent(concat!("link-keeper/", env!("CARGO_PKG_VERSION")));
    // The target of a redirect may be a host that is being asked.
    let client = client.redirect(redirect::Policy::none());
    // The next link of a host is due in minutes, and there may be a thousand hosts.
    let client = client.pool_max_idle_per_host(0);
    if private { client.build() } else { client.dns_resolver(Public).build() }
}

impl Checker {
    /// Checks each link whose last check is as old as `every`, and each new one as soon as a place is
    /// free, until `stop` is cancelled. Then it drops the requests under way, whose links stay due.
    pub async fn run(&self, every: Duration, stop: &CancellationToken) {
        let (jobs, busy) = (Jobs::at_most(self.at_once), Busy::default());
        periodic(every.min(LOOK), stop, |_| async {
            match self.store.due([&ago(every), &later(every)], OF_A_HOST, ROUND).await {
                Ok(mut links) => {
                    // A job of an earlier round may still ask that host.
                    links.retain(|link| !busy.hosts().contains(&host(link)));
                    if !links.is_empty() {
                        self.round(links, &jobs, &busy, stop).await;
                    }
                }
                // The next round may find it again.
                Err(error) => warn!(%error, "no links are checked"),
            }
        })
        .await;
        jobs.finish().await;
    }

    /// Starts to check these links. It waits for a place, and for no host.
    #[instrument(skip_all, fields(links = links.len()))]
    async fn round(&self, links: Vec<Link>, jobs: &Jobs, busy: &Busy, stop: &CancellationToken) {
        let mut hosts: BTreeMap<String, Vec<Link>> = BTreeMap::new();
        for link in links {
            hosts.entry(host(&link)).or_default().push(link);
        }
        for (name, links) in hosts {
            let Some(alone) = busy.enter(&name) else { continue };
            let (checker, token) = (self.clone(), stop.clone());
            let job = async move {
                checker.host(links, &token).await;
                drop(alone);
            };
            // A new task has no span: without this, the checks would be below no round.
            let job = job.instrument(info_span!(parent: Span::current(), "host", name));
            // If all places are taken, the round waits; the end of the service does not.
            if !matches!(stop.run_until_cancelled(jobs.spawn(job)).await, Some(Ok(_))) {
                return;
            }
        }
    }

    /// Checks the links of one host, one after another. After an error, or when it has taken long, the
    /// others wait for the next round, in which they are the oldest.
    async fn host(&self, links: Vec<Link>, stop: &CancellationToken) {
        let start = Instant::now();
        for link in links {
            let Some(outcome) = stop.run_until_cancelled(self.check(&link)).await else { return };
            let answered = matches!(outcome, Outcome::Status(_));
            let result = if answered { "answer" } else { "error" };
            self.metrics.checks.get_or_create(&Checked { result }).inc();
            if stop.run_until_cancelled(self.note(link.id, &outcome)).await.is_none() {
                return;
            }
            if !answered || start.elapsed() > HOST_LIMIT {
                return;
            }
        }
    }

    /// Notes a result, as soon as the database takes it. Until then it keeps its place: a checker that
    /// went on would ask every host each second while the disk is full.
    async fn note(&self, id: i64, outcome: &Outcome) {
        while let Err(error) = self.store.record(id, outcome).await {
            warn!(%error, link = id, "the result of a check waits");
            sleep(PAUSE).await;
        }
    }

    /// Asks for one link, again if that may help. It is a `GET`, which repeats safely.
    #[instrument(skip_all, fields(link = link.id))]
    async fn check(&self, link: &Link) -> Outcome {
        let ask = || async {
            if let Some(private) = private(&link.url).filter(|_| !self.private) {
                return Err(Failure::Private(private));
            }
            // The body is not read: the connection ends with the answer.
            let answer = self.client.get(&link.url).send().await.map_err(Failure::Network)?;
            match answer.status() {
                status @ (StatusCode::TOO_MANY_REQUESTS
                | StatusCode::BAD_GATEWAY
                | StatusCode::SERVICE_UNAVAILABLE
                | StatusCode::GATEWAY_TIMEOUT) => {
                    let after = answer.headers().get(RETRY_AFTER);
                    let after = after.and_then(|it| it.to_str().ok()?.parse().ok());
                    Err(Failure::Later(status, after.map(Duration::from_secs)))
                }
                status => Ok(status),
            }
        };
        let outcome = match retry(&self.policy, ask, verdict).await {
            Ok(status) | Err(RetryError::Failed(Failure::Later(status, _))) => {
                Outcome::Status(status.as_u16())
            }
            Err(RetryError::Failed(Failure::Network(error))) => Outcome::Error(causes(error)),
            Err(error) => Outcome::Error(error.to_string()),
        };
        info!(?outcome, "checked");
        outcome
    }
}

/// Returns the host and its port, as the table has it.
fn host(link: &Link) -> String {
    Url::parse(&link.url).map(|url| url.authority().to_owned()).unwrap_or_default()
}

fn verdict(failure: &Failure) -> Verdict {
    match failure {
        Failure::Later(_, Some(after)) => Verdict::AgainAfter(*after),
        Failure::Later(_, None) => Verdict::Again,
        Failure::Private(_) => Verdict::GiveUp,
        Failure::Network(error) if error.is_builder() => Verdict::GiveUp,
        Failure::Network(_) => Verdict::Again,
    }
}

/// Returns the error with its causes: "error sending request" alone says nothing.
fn causes(error: reqwest::Error) -> String {
    let error = error.without_url();
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text += &format!(": {error}");
        cause = error.source();
    }
    text.truncate(text.floor_char_boundary(MAX_ERROR));
    text
}
