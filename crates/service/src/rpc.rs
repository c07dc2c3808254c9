//! `Watch` over gRPC, by tonic: the links that are stored, then each new one.

use crate::link::Link;
use crate::metrics::{Metrics, Watching};
use crate::problem::passes;
use crate::store::Store;
use futures::stream::{BoxStream, StreamExt, TryStreamExt, iter, try_unfold};
use proto::links_server::{Links, LinksServer};
use std::time::Duration;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tonic::{Request, Response, Status};

#[allow(missing_docs, clippy::all, reason = "generated")]
pub mod proto {
    tonic::include_proto!("links.v1");
}

/// How many links are read at once.
const BATCH: u32 = 100;

/// How soon a link is seen that another process has stored.
const OTHERS: Duration = Duration::from_secs(5);

/// Answers `Watch`.
pub struct Watcher {
    pub store: Store,
    pub metrics: Metrics,
    /// Ends every stream.
    pub stopping: CancellationToken,
}

impl Watcher {
    /// Returns the service for a router.
    pub fn service(self) -> LinksServer<Self> {
        LinksServer::new(self)
    }
}

#[tonic::async_trait]
impl Links for Watcher {
    type WatchStream = BoxStream<'static, Result<proto::Link, Status>>;

    async fn watch(
        &self,
        request: Request<proto::WatchRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let cursor = Cursor {
            store: self.store.clone(),
            newest: self.store.newest(),
            last: request.into_inner().after,
            _watching: self.metrics.watching(),
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
    newest: watch::Receiver<i64>,
    last: i64,
    _watching: Watching,
}

impl Cursor {
    /// Waits for links that the client does not have.
    async fn next(mut self) -> Result<Option<(Vec<Link>, Self)>, Status> {
        loop {
            // Marked before the table is read: a link that is stored after that wakes this.
            self.newest.mark_unchanged();
            let batch = self.store.after(self.last, BATCH).await.map_err(status)?;
            if let Some(link) = batch.last() {
                self.last = link.id;
                return Ok(Some((batch, self)));
            }
            // An error is the time-out. The store, and with it the sender, is held here.
            let _ = timeout(OTHERS, self.newest.changed()).await;
        }
    }
}

fn message(link: Link) -> proto::Link {
    proto::Link { id: link.id, url: link.url, added: link.added }
}

fn status(error: sqlx::Error) -> Status {
    match passes(&error) {
        true => Status::unavailable(format!("the database cannot do it now: {error}")),
        false => Status::internal("an error of this service"),
    }
}
