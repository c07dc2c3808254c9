//! A service that stops for good, with an idle CPU and a free connection.

mod broken;
mod fixed;

use crate::incident::{Incident, Observed, Service, drawn, run};
use std::cell::Cell;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::{Duration, sleep, timeout};

pub const INCIDENT: Incident = Incident {
    name: "futurelock",
    report: "Now and then the service stops answering, until a restart.\n\
             No error, no CPU, and the database has nothing to do.\n\
             Before that, a long report ran.",
    hints: &[
        "The pool has one connection. Who has it, and who waits for it?",
        "No query runs, and yet the connection is not free: somebody has its permit.\n\
         A permit can be given to a future that nobody polls.",
        "Which future is kept, and not polled, while the handler of a branch of\n\
         `select!` awaits?",
    ],
    broken: Service {
        source: include_str!("futurelock/broken.rs"),
        observe: || run(a_report_takes_5_s(async |pool| broken::handle(pool).await)),
    },
    fixed: Service {
        source: include_str!("futurelock/fixed.rs"),
        observe: || run(a_report_takes_5_s(async |pool| fixed::handle(pool).await)),
    },
    picture: Some(|| drawn(the_first_request())),
    cause: "The handler of the slow branch waits for the connection, to write its log.\n\
            The query of the same request waits for it too, and is first in the queue.\n\
            So the query gets the connection. But the handler does not poll the query:\n\
            it can neither end nor give the connection back. This is a futurelock.",
    read_on: &["cargo run -p cancellation -- futurelock", "cargo run -p join-select -- handler"],
};

/// One connection to the database.
pub struct Pool {
    permits: Semaphore,
    waiting: Cell<u32>,
    in_use: Cell<u32>,
}

impl Pool {
    fn of_one() -> Self {
        Self { permits: Semaphore::new(1), waiting: Cell::new(0), in_use: Cell::new(0) }
    }

    async fn connection(&self) -> Connection<'_> {
        self.waiting.set(self.waiting.get() + 1);
        let permit = self.permits.acquire().await.expect("nobody closes it");
        self.waiting.set(self.waiting.get() - 1);
        self.in_use.set(self.in_use.get() + 1);
        Connection { pool: self, _permit: permit }
    }
}

struct Connection<'a> {
    pool: &'a Pool,
    _permit: SemaphorePermit<'a>,
}

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        self.pool.in_use.set(self.pool.in_use.get() - 1);
    }
}

async fn query(pool: &Pool) -> u32 {
    let query = async {
        let _connection = pool.connection().await;
        sleep(Duration::from_millis(100)).await;
        42
    };
    timeline::named("query", query).await
}

async fn log_slow(pool: &Pool) {
    let log = async {
        let _connection = pool.connection().await;
        sleep(Duration::from_millis(10)).await;
    };
    timeline::named("log_slow", log).await;
}

async fn report(pool: &Pool) {
    let _connection = pool.connection().await;
    sleep(Duration::from_secs(5)).await;
}

/// The report and the request that comes at 2 s, without a limit of time: it is stuck for good.
async fn the_first_request() {
    let pool = Pool::of_one();
    let request = async {
        sleep(Duration::from_secs(2)).await;
        broken::handle(&pool).await
    };
    tokio::join!(biased; timeline::named("report", report(&pool)), request);
}

/// A report has the connection for 5 s. One request comes meanwhile, and one later.
async fn a_report_takes_5_s(handle: impl AsyncFn(&Pool) -> u32) -> Observed {
    let pool = Pool::of_one();
    let report = report(&pool);
    let request = async |at| {
        sleep(Duration::from_secs(at)).await;
        timeout(Duration::from_secs(60), handle(&pool)).await.is_ok()
    };
    let requests = async { tokio::join!(biased; request(2), request(10)) };
    let look = async {
        sleep(Duration::from_secs(30)).await;
        let (free, waiting) = (pool.permits.available_permits(), pool.waiting.get());
        format!(
            "at 30 s: connections in use {}, free {free}, waited for by {waiting}",
            pool.in_use.get()
        )
    };
    let ((), (first, second), evidence) = tokio::join!(biased; report, requests, look);
    let mut observed = Observed::default();
    for (at, is_answered) in [(2, first), (10, second)] {
        let answer = if is_answered { "is answered" } else { "has no answer after a minute" };
        observed.symptom(format!("the request that comes at {at} s {answer}"));
    }
    observed.evidence(evidence);
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broken_one_answers_nobody_after_the_report_and_the_repaired_one_answers_all() {
        let broken = (INCIDENT.broken.observe)();
        assert_eq!(
            broken.symptoms,
            "the request that comes at 2 s has no answer after a minute\n\
             the request that comes at 10 s has no answer after a minute\n"
        );
        let evidence = "at 30 s: connections in use 0, free 0, waited for by 4\n";
        assert!(broken.evidence.starts_with(evidence), "{}", broken.evidence);

        let fixed = (INCIDENT.fixed.observe)();
        assert_eq!(
            fixed.symptoms,
            "the request that comes at 2 s is answered\nthe request that comes at 10 s is answered\n"
        );
        let evidence = "at 30 s: connections in use 0, free 1, waited for by 0\n";
        assert!(fixed.evidence.starts_with(evidence), "{}", fixed.evidence);
    }
}
