//! Deep dive 16.3 — A lock held around a blocking call: one call at a time, on any number of workers.

use std::io;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;
use tokio::runtime::Builder;
use tokio::task::JoinSet;

/// How long a call waits for company that cannot come.
const ALONE: Duration = Duration::from_millis(20);
/// Far longer than company needs that can come.
const TOGETHER: Duration = Duration::from_secs(5);

pub fn main() -> io::Result<()> {
    for workers in [1, 2, 4] {
        let around = most_at_once(workers, lock_around_the_call, ALONE)?;
        let after = most_at_once(workers, lock_after_the_call, TOGETHER)?;
        println!(
            "workers {workers}: {around} at once under a lock, {after} with the lock after it"
        );
    }
    Ok(())
}

/// How many calls are under way at once, of as many requests as there are workers.
///
/// That is the throughput: calls at once, divided by the time that one takes.
fn most_at_once(
    workers: usize,
    request: impl Fn(&Mutex<usize>, &Service) + Copy + Send + 'static,
    limit: Duration,
) -> io::Result<usize> {
    let runtime = Builder::new_multi_thread().worker_threads(workers).build()?;
    let shared = Arc::new((Mutex::new(0), Service::new(workers, limit)));
    let mut requests = JoinSet::new();
    for _ in 0..workers {
        let shared = Arc::clone(&shared);
        requests.spawn_on(async move { request(&shared.0, &shared.1) }, runtime.handle());
    }
    runtime.block_on(requests.join_all());
    // Here as below: poisoned only by a panic of a holder, and there is none.
    assert_eq!(*shared.0.lock().unwrap(), workers, "a request has not been counted");
    Ok(shared.1.calls.lock().unwrap().most)
}

/// Wrong: all other workers wait for the lock. They use no CPU, and neither does the holder.
fn lock_around_the_call(total: &Mutex<usize>, service: &Service) {
    let mut total = total.lock().unwrap();
    *total += service.call();
}

/// Right: the lock is held for an addition.
fn lock_after_the_call(total: &Mutex<usize>, service: &Service) {
    let found = service.call();
    *total.lock().unwrap() += found;
}

/// A disk, or a database with a blocking driver: its calls take time, but no CPU.
struct Service {
    calls: Mutex<Calls>,
    another: Condvar,
    /// A call ends when so many have been under way at once, or at the limit.
    expected: usize,
    limit: Duration,
}

#[derive(Default)]
struct Calls {
    now: usize,
    most: usize,
}

impl Service {
    fn new(expected: usize, limit: Duration) -> Self {
        Self { calls: Mutex::default(), another: Condvar::new(), expected, limit }
    }

    /// Finds one.
    fn call(&self) -> usize {
        let mut calls = self.calls.lock().unwrap();
        calls.now += 1;
        calls.most = calls.most.max(calls.now);
        self.another.notify_all();
        let too_few = |calls: &mut Calls| calls.most < self.expected;
        let (mut calls, _) = self.another.wait_timeout_while(calls, self.limit, too_few).unwrap();
        calls.now -= 1;
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    /// Proves D-16-5.
    #[test]
    fn under_a_lock_one_call_runs_at_a_time_on_any_number_of_workers() {
        for workers in [1, 2, 4] {
            assert_eq!(most_at_once(workers, lock_around_the_call, ALONE).unwrap(), 1);
        }
    }

    #[test]
    fn with_the_lock_after_it_there_are_as_many_calls_as_workers() {
        for workers in [1, 2, 4] {
            let limit = Duration::from_secs(60);
            assert_eq!(most_at_once(workers, lock_after_the_call, limit).unwrap(), workers);
        }
    }

    /// The times add up, since no two calls overlap.
    ///
    /// Proves D-16-5.
    #[test]
    fn under_a_lock_four_workers_take_the_time_of_four_calls() {
        let start = Instant::now();
        most_at_once(4, lock_around_the_call, ALONE).unwrap();
        assert!(start.elapsed() >= 4 * ALONE);
    }

    /// The figure of the heading.
    ///
    /// Proves D-16-5.
    #[cfg(target_os = "linux")] // reads `/proc/self/stat`
    #[test]
    fn under_a_lock_four_workers_use_less_than_20_percent_of_one_core() {
        /// Of this process, in hundredths of a second.
        fn cpu_time() -> u64 {
            let stat = std::fs::read_to_string("/proc/self/stat").unwrap();
            let (_, rest) = stat.rsplit_once(") ").unwrap();
            rest.split(' ').skip(11).take(2).map(|time| time.parse::<u64>().unwrap()).sum()
        }
        // Alone in a process: other tests compute.
        let ended = utils::probe::in_child(Duration::from_secs(60), || {
            let (before, start) = (cpu_time(), Instant::now());
            most_at_once(4, lock_around_the_call, 5 * ALONE).unwrap();
            let used = Duration::from_millis(10 * (cpu_time() - before));
            assert!(5 * used < start.elapsed(), "{used:?} of {:?}", start.elapsed());
        });
        assert!(ended.status.success(), "{ended:#?}");
    }
}
