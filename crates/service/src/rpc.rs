//! `Watch` over gRPC, by tonic: the links that are stored, then each new one.

use crate::link::Link;
use crate::metrics::{Metrics, Watching};
use crate::periodic::periodic;
use crate::problem::passes;
use crate::store::Store;
use futures::stream::{BoxStream, StreamExt, TryStreamExt, iter, try_unfold};
use proto::links_server::{Links, LinksServer};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};
use tracing::{debug, error, warn};

#[allow(missing_docs, clippy::all, reason = "generated")]
pub mod proto {
    tonic::include_proto!("links.v1");
}

/// How many links are read at once.
const BATCH: u32 = 100;

/// How many streams read at the same time. The requests have the other connections for themselves.
const READERS: usize = 2;

/// How many streams there may be.
const STREAMS: usize = 1000;

/// The largest request, in bytes. It has one number, and tonic would take 4 MiB.
const MAX_REQUEST: usize = 1024;

/// How soon a link is seen that another process has stored.
const OTHERS: Duration = Duration::from_secs(1);

/// How long a stream waits for a database that is away.
const PAUSE: Duration = Duration::from_secs(1);

/// Answers `Watch`.
pub struct Watcher {
    store: Store,
    metrics: Metrics,
    /// Ends every stream.
    stopping: CancellationToken,
    readers: Arc<Semaphore>,
    streams: Arc<Semaphore>,
}

/// Looks for links that other processes have stored, for all streams, until `stop` is cancelled.
pub async fn follow(store: &Store, stop: &CancellationToken) {
    periodic(OTHERS, stop, |_| async {
        if let Err(error) = store.refresh().await {
            debug!(%error, "it looks again later");
        }
    })
    .await;
}

impl Watcher {
    pub fn new(store: Store, metrics: Metrics, stopping: CancellationToken) -> Self {
        let [readers, streams] = [READERS, STREAMS].map(|most| Arc::new(Semaphore::new(most)));
        Self { store, metrics, stopping, readers, streams }
    }

    /// Returns the service for a router.
    pub fn service(self) -> LinksServer<Self> {
        LinksServer::new(self).max_decoding_message_size(MAX_REQUEST)
    }
}

#[tonic::async_trait]
impl Links for Watcher {
    type WatchStream = BoxStream<'static, Result<proto::Link, Status>>;

    async fn watch(
        &self,
        request: Request<proto::WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let Ok(place) = self.streams.clone().try_acquire_owned() else {
            let message = format!("there are {STREAMS} streams, and there may be no more");
            return Err(Status::resource_exhausted(message));
        };
        let cursor = Cursor {
            store: self.store.clone(),
            readers: self.readers.clone(),
            newest: self.store.newest(),
            // An id is never below: such a client would read an empty table each second.
            last: request.into_inner().after.max(0),
            _watching: (self.metrics.watching(), place),
        };
        // A stream reads the next batch when its client has taken the last one: a slow client costs
        // no memory, and misses nothing.
        let batches = try_unfold(cursor, Cursor::next);
        let links =
            batches.map_ok(|links| iter(links).map(message).map(Ok::<_, Status>)).try_flatten();
        let links = links.take_until(self.stopping.clone().cancelled_owned());
        Ok(Response::new(links.boxed()))
    }
}

/// Where a stream is.
struct Cursor {
    store: Store,
    readers: Arc<Semaphore>,
    newest: watch::Receiver<i64>,
    last: i64,
    _watching: (Watching, OwnedSemaphorePermit),
}

impl Cursor {
    /// Waits for links that the client does not have.
    async fn next(mut self) -> Result<Option<(Vec<Link>, Self)>, Status> {
        let last = self.last;
        loop {
            // It fails only without a sender, and the store that is held here has one.
            let _ = self.newest.wait_for(|newest| *newest > last).await;
            match self.read().await {
                Ok(batch) => {
                    if let Some(link) = batch.last() {
                        self.last = link.id;
                        return Ok(Some((batch, self)));
                    }
                    warn!(last, "the newest links are no longer there");
                }
                Err(error) if passes(&error) => warn!(%error, "a stream reads again later"),
                Err(error) => {
                    error!(%error, "a stream ends");
                    return Err(Status::internal("an error of this service; it is logged"));
                }
            }
            sleep(PAUSE).await;
        }
    }

    async fn read(&self) -> Result<Vec<Link>, sqlx::Error> {
        // It fails only if somebody closes the semaphore, and nobody does.
        let _reader = self.readers.acquire().await;
        self.store.after(self.last, BATCH).await
    }
}

fn message(link: Link) -> proto::Link {
    proto::Link { id: link.id, url: link.url, added: link.added }
}
