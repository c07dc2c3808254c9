//! Keep connections and lend them out: a limited number, checked, and never half-used.
//!
//! To connect for each request is slow, and without a limit it takes the server down. Here a caller
//! waits for one of `max_size` connections, for a limited time; one that has rested is checked, and
//! one that is old is replaced. A connection goes back only by [`Pooled::put_back`]: if a request
//! fails, times out or is dropped half-way, its connection is closed, so that nobody reads the rest of
//! somebody else's answer. Idle ones are closed when a caller finds them bad or old. `deadpool` and
//! `bb8` do more, but take back whatever is dropped.
//!
//! ```
//! # use recipes::pool::{Connect, Limits, Pool};
//! struct Database;
//! impl Connect for Database {
//!     type Connection = Vec<String>; // in your case, a socket
//!     type Error = std::io::Error;
//!     async fn connect(&self) -> Result<Vec<String>, std::io::Error> { Ok(Vec::new()) }
//!     async fn is_healthy(&self, _connection: &mut Vec<String>) -> bool { true }
//! }
//! # #[tokio::main(flavor = "current_thread", start_paused = true)] async fn main() {
//! # let [wait, connect, check_after, max_age] = [5, 5, 30, 1800].map(std::time::Duration::from_secs);
//! let pool = Pool::new(Database, Limits { max_size: 4, wait, connect, check_after, max_age });
//! let mut lent = pool.get().await.unwrap();
//! lent.connection.push("a whole request".to_string());
//! lent.put_back();
//! assert_eq!(pool.get().await.unwrap().connection.len(), 1);
//! # }
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::sync::{Arc, Mutex, PoisonError};
use std::{future::Future, time::Duration};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{Instant, timeout};

/// How to make and check connections. Both may be dropped at any `.await`.
pub trait Connect {
    /// The connection that is lent.
    type Connection;
    /// Why there is no connection.
    type Error;
    /// Makes a connection.
    fn connect(&self) -> impl Future<Output = Result<Self::Connection, Self::Error>> + Send;
    /// Returns whether a connection can still be used.
    fn is_healthy(&self, it: &mut Self::Connection) -> impl Future<Output = bool> + Send;
}

/// The limits of a pool.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections that are lent at once: with zero, none.
    pub max_size: usize,
    /// How long a caller waits for a connection that others have.
    pub wait: Duration,
    /// How long a new connection may take, and before it all checks of one caller together.
    pub connect: Duration,
    /// A connection that has rested for so long is checked before it is lent.
    pub check_after: Duration,
    /// A connection that is this old is not lent again.
    pub max_age: Duration,
}

/// Why there is no connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GetError<E> {
    /// Others had all connections, for the whole of `Limits::wait`.
    #[error("all connections are in use")]
    Busy,
    /// A new connection took longer than `Limits::connect`.
    #[error("connecting took too long")]
    TimedOut,
    /// A new connection failed.
    #[error("cannot connect")]
    Connect(#[source] E),
}

/// Lends connections.
pub struct Pool<C: Connect> {
    connect: C,
    limits: Limits,
    places: Arc<Semaphore>,
    idle: Mutex<Vec<Entry<C::Connection>>>,
}

struct Entry<T> {
    connection: T,
    made: Instant,
    put_back: Instant,
}

/// A lent connection. Dropped, it is closed, unless it has been put back.
pub struct Pooled<C: Connect> {
    /// The connection that is lent.
    pub connection: C::Connection,
    made: Instant,
    pool: Arc<Pool<C>>,
    // The last field: a connection is closed before another one is made.
    place: OwnedSemaphorePermit,
}

impl<C: Connect> Pool<C> {
    /// Returns a pool without connections.
    pub fn new(connect: C, limits: Limits) -> Arc<Self> {
        let places = Arc::new(Semaphore::new(limits.max_size.min(Semaphore::MAX_PERMITS)));
        Arc::new(Self { connect, limits, places, idle: Mutex::default() })
    }

    /// Waits, first come, first served, for the last connection that was put back and is good, or
    /// else a new one. A bad or old one is no error: the next is tried. Once checks have taken
    /// `connect`, one that does not pass at once is bad: all takes at most `wait` and twice `connect`.
    ///
    /// Cancel safety: dropped, it leaves the queue, and closes what it was making or checking. If
    /// `connect` or `is_healthy` panics, so does this, and the place is free again.
    pub async fn get(self: &Arc<Self>) -> Result<Pooled<C>, GetError<C::Error>> {
        let place = timeout(self.limits.wait, Arc::clone(&self.places).acquire_owned()).await;
        let place = place.map_err(|_| GetError::Busy)?.expect("it is never closed");
        let (pool, start) = (Arc::clone(self), Instant::now());
        while let Some(mut entry) = self.pop() {
            if self.is_good(&mut entry, start).await {
                let Entry { connection, made, .. } = entry;
                return Ok(Pooled { connection, made, pool, place });
            }
        }
        let connection = timeout(self.limits.connect, self.connect.connect()).await;
        let connection = connection.map_err(|_| GetError::TimedOut)?.map_err(GetError::Connect)?;
        Ok(Pooled { connection, made: Instant::now(), pool, place })
    }

    fn pop(&self) -> Option<Entry<C::Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }

    async fn is_good(&self, it: &mut Entry<C::Connection>, start: Instant) -> bool {
        let limits = self.limits;
        let left = limits.connect.saturating_sub(start.elapsed());
        let check = timeout(left, self.connect.is_healthy(&mut it.connection));
        it.made.elapsed() < limits.max_age
            && (it.put_back.elapsed() < limits.check_after || check.await == Ok(true))
    }
}

impl<C: Connect> Pooled<C> {
    /// Gives the connection back for others: call this once the whole answer has been read.
    pub fn put_back(self) {
        let Self { connection, made, pool, place } = self;
        let entry = Entry { connection, made, put_back: Instant::now() };
        pool.idle.lock().unwrap_or_else(PoisonError::into_inner).push(entry);
        drop(place);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use futures::future::join_all;
    use std::io;
    use std::panic::AssertUnwindSafe;
    use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed};
    use tokio::time::{advance, sleep};

    const SECOND: Duration = Duration::from_secs(1);
    const LIMITS: Limits = Limits {
        max_size: 10,
        wait: Duration::from_secs(5),
        connect: Duration::from_secs(5),
        check_after: Duration::from_secs(30),
        max_age: Duration::from_secs(1800),
    };

    /// Numbers its connections from 0, and takes a tenth of a second for each.
    #[derive(Default)]
    struct Server(Arc<State>);

    #[derive(Default)]
    struct State {
        made: AtomicUsize,
        open: AtomicUsize,
        peak: AtomicUsize,
        checks: AtomicUsize,
        refuses: AtomicBool,
        panics: AtomicBool,
        hangs: AtomicBool,
        unhealthy: AtomicBool,
    }

    struct Connection(usize, Arc<State>);

    impl Drop for Connection {
        fn drop(&mut self) {
            self.1.open.fetch_sub(1, Relaxed);
        }
    }

    impl Connect for Server {
        type Connection = Connection;
        type Error = io::Error;

        async fn connect(&self) -> Result<Connection, io::Error> {
            let state = Arc::clone(&self.0);
            sleep(SECOND / 10).await;
            if state.hangs.load(Relaxed) {
                std::future::pending::<()>().await;
            }
            assert!(!state.panics.load(Relaxed), "in connect");
            if state.refuses.load(Relaxed) {
                return Err(io::ErrorKind::ConnectionRefused.into());
            }
            let open = state.open.fetch_add(1, Relaxed) + 1;
            state.peak.fetch_max(open, Relaxed);
            Ok(Connection(state.made.fetch_add(1, Relaxed), state))
        }

        async fn is_healthy(&self, _: &mut Connection) -> bool {
            self.0.checks.fetch_add(1, Relaxed);
            if self.0.hangs.load(Relaxed) {
                std::future::pending::<()>().await;
            }
            !self.0.unhealthy.load(Relaxed)
        }
    }

    fn pool(max_size: usize) -> (Arc<State>, Arc<Pool<Server>>) {
        let server = Server::default();
        (Arc::clone(&server.0), Pool::new(server, Limits { max_size, ..LIMITS }))
    }

    async fn get(pool: &Arc<Pool<Server>>) -> Pooled<Server> {
        pool.get().await.expect("a connection")
    }

    #[tokio::test(start_paused = true)]
    async fn no_more_than_the_limit_are_open_and_all_have_their_turn() {
        let (server, pool) = pool(3);
        let start = Instant::now();
        let requests = (0..9).map(|_| async {
            let connection = get(&pool).await;
            sleep(SECOND).await;
            connection.put_back();
        });
        join_all(requests).await;
        assert_eq!((server.peak.load(Relaxed), server.made.load(Relaxed)), (3, 3));
        assert_eq!(start.elapsed(), SECOND * 31 / 10);
    }

    #[tokio::test(start_paused = true)]
    async fn only_what_is_put_back_is_lent_again() {
        let (server, pool) = pool(1);
        get(&pool).await.put_back();
        assert_eq!(get(&pool).await.connection.0, 0);
        // That one was dropped: it is closed at once, and there is room for another.
        assert_eq!(server.open.load(Relaxed), 0);
        let request = async {
            let _connection = get(&pool).await;
            sleep(60 * SECOND).await;
        };
        timeout(SECOND, request).await.expect_err("it takes a minute");
        assert_eq!((server.open.load(Relaxed), get(&pool).await.connection.0), (0, 2));
    }

    #[tokio::test(start_paused = true)]
    async fn a_caller_waits_for_a_limited_time() {
        let (_, pool) = pool(1);
        let held = get(&pool).await;
        let start = Instant::now();
        assert!(matches!(pool.get().await, Err(GetError::Busy)));
        assert_eq!(start.elapsed(), 5 * SECOND);
        let (next, ()) = tokio::join!(pool.get(), async { held.put_back() });
        assert_eq!(next.ok().map(|it| it.connection.0), Some(0));
        let none = Pool::new(Server::default(), Limits { max_size: 0, ..LIMITS });
        assert!(matches!(none.get().await, Err(GetError::Busy)));
    }

    #[tokio::test(start_paused = true)]
    async fn a_server_that_refuses_or_hangs_or_panics_keeps_no_place() {
        let (server, pool) = pool(1);
        server.refuses.store(true, Relaxed);
        let Err(GetError::Connect(error)) = pool.get().await else { panic!("it refuses") };
        assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
        server.hangs.store(true, Relaxed);
        assert!(matches!(pool.get().await, Err(GetError::TimedOut)));
        timeout(SECOND, pool.get()).await.map(drop).expect_err("dropped half-way");
        server.hangs.store(false, Relaxed);
        server.panics.store(true, Relaxed);
        AssertUnwindSafe(pool.get()).catch_unwind().await.map(drop).expect_err("it panics");
        server.panics.store(false, Relaxed);
        server.refuses.store(false, Relaxed);
        assert_eq!(get(&pool).await.connection.0, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn all_checks_of_one_caller_have_one_limit() {
        let (server, pool) = pool(100);
        let lent = join_all((0..100).map(|_| get(&pool))).await;
        lent.into_iter().for_each(Pooled::put_back);
        advance(30 * SECOND).await;
        server.hangs.store(true, Relaxed);
        let start = Instant::now();
        let (lent, ()) = tokio::join!(pool.get(), async {
            sleep(LIMITS.connect + SECOND / 20).await;
            assert_eq!(server.open.load(Relaxed), 0, "all count as bad");
            server.hangs.store(false, Relaxed);
        });
        assert_eq!(lent.ok().map(|it| it.connection.0), Some(100));
        assert_eq!(start.elapsed(), LIMITS.connect + SECOND / 10);
    }

    #[tokio::test(start_paused = true)]
    async fn what_has_rested_is_checked_and_what_is_bad_or_old_is_replaced() {
        let (server, pool) = pool(1);
        get(&pool).await.put_back();
        get(&pool).await.put_back();
        assert_eq!(server.checks.load(Relaxed), 0);
        advance(30 * SECOND).await;
        let checked = get(&pool).await;
        assert_eq!((checked.connection.0, server.checks.load(Relaxed)), (0, 1));
        checked.put_back();
        advance(30 * SECOND).await;
        server.unhealthy.store(true, Relaxed);
        let replaced = get(&pool).await;
        assert_eq!((replaced.connection.0, server.open.load(Relaxed)), (1, 1));
        replaced.put_back();
        // A check that hangs counts as a bad one.
        advance(30 * SECOND).await;
        server.hangs.store(true, Relaxed);
        let start = Instant::now();
        assert!(matches!(pool.get().await, Err(GetError::TimedOut)));
        assert_eq!((start.elapsed(), server.open.load(Relaxed)), (10 * SECOND, 0));
        server.hangs.store(false, Relaxed);
        get(&pool).await.put_back();
        let checks = server.checks.load(Relaxed);
        advance(1800 * SECOND).await;
        // Not even checked.
        assert_eq!((get(&pool).await.connection.0, server.checks.load(Relaxed)), (3, checks));
    }
}
