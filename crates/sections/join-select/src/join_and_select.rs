//! Guide 4.1 — `join!` takes as long as its slowest future, `select!` as long as its fastest.

use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() {
    let (a, b, c) = wait_for_all().await;
    println!("{a}, {b}, {c}");
    println!("{}", take_the_first().await);
}

/// Takes 200 ms, as long as task B: this one task polls each of the three in turn.
async fn wait_for_all() -> (String, String, String) {
    tokio::join!(task_a(), task_b(), task_c())
}

/// Takes 50 ms. The two losers are dropped where they stand, before the winner's handler runs.
async fn take_the_first() -> String {
    tokio::select! {
        val = task_a() => format!("Aが先: {val}"),
        val = task_b() => format!("Bが先: {val}"),
        val = task_c() => format!("Cが先: {val}"),
    }
}

async fn task_a() -> String {
    sleep(Duration::from_millis(100)).await;
    "A完了".to_string()
}

async fn task_b() -> String {
    sleep(Duration::from_millis(200)).await;
    "B完了".to_string()
}

async fn task_c() -> String {
    sleep(Duration::from_millis(50)).await;
    "C完了".to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;
    use tokio::time::Instant;
    use utils::probe::{DropLog, allocations};

    /// Proves G-4.1-1, G-4.1-2.
    #[tokio::test(start_paused = true)]
    async fn join_takes_as_long_as_its_slowest_future() {
        let start = Instant::now();
        let (a, b, c) = wait_for_all().await;
        assert_eq!(start.elapsed(), Duration::from_millis(200));
        assert_eq!([a, b, c], ["A完了", "B完了", "C完了"]);
    }

    /// Proves G-4.1-2.
    #[tokio::test(start_paused = true)]
    async fn one_after_the_other_takes_the_sum() {
        let start = Instant::now();
        let [_a, _b, _c] = [task_a().await, task_b().await, task_c().await];
        assert_eq!(start.elapsed(), Duration::from_millis(350));
    }

    /// Proves G-4.1-3.
    #[tokio::test(start_paused = true)]
    async fn select_takes_as_long_as_its_fastest_future() {
        let start = Instant::now();
        assert_eq!(take_the_first().await, "Cが先: C完了");
        assert_eq!(start.elapsed(), Duration::from_millis(50));
    }

    /// Proves G-4.1-3, D-11-8.
    #[tokio::test(start_paused = true)]
    async fn losers_are_dropped_before_the_handler_runs() {
        let log = DropLog::new();
        let branch = async |name, millis| {
            let _guard = log.guard(name);
            sleep(Duration::from_millis(millis)).await;
        };
        tokio::select! {
            () = branch("winner", 50) => log.note("handler"),
            () = branch("loser", 100) => unreachable!("50 ms come before 100 ms"),
        }
        assert_eq!(log.entries(), ["winner", "loser", "handler"]);
    }

    /// Concurrent is not parallel: were the branches on two threads, one id would differ.
    /// Proves G-4.1-4.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn every_branch_of_a_join_runs_on_the_thread_of_its_task() {
        let here = async || thread::current().id();
        let (a, b, c) = tokio::join!(here(), here(), here());
        assert_eq!([a, b, c], [thread::current().id(); 3]);
    }

    /// Two spawned tasks meet at a barrier only because each has a thread: a `join!` would hang.
    /// Proves G-4.1-4.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn spawned_tasks_run_in_parallel() {
        let both = std::sync::Arc::new(std::sync::Barrier::new(2));
        let (begun, has_begun) = tokio::sync::oneshot::channel();
        let a = tokio::spawn({
            let both = both.clone();
            async move {
                begun.send(()).unwrap();
                both.wait();
                thread::current().id()
            }
        });
        // A worker that takes both tasks at once may begin to wait while no other knows of the second.
        has_begun.await.unwrap();
        let b = tokio::spawn(async move {
            both.wait();
            thread::current().id()
        });
        assert_ne!(a.await.unwrap(), b.await.unwrap());
    }

    /// Proves D-1-5.
    #[test]
    fn join_allocates_nothing() {
        let ready = async || tokio::join!(async { 1 }, async { 2 }, async { 3 });
        let mut future = std::pin::pin!(ready());
        let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
        let (count, poll) = allocations(|| future.as_mut().poll(&mut cx));
        assert_eq!(poll, std::task::Poll::Ready((1, 2, 3)));
        assert_eq!(count, 0);
    }
}
