//! Deep dive 16.3 — A lock around a blocking call lets one call run at a time, on any number of workers.

use std::io;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, RwLock};
use std::time::Duration;
use tokio::runtime::Builder;

/// Far longer than a call needs to start that can start.
const QUIET: Duration = Duration::from_millis(500);

pub fn main() -> io::Result<()> {
    for workers in [1, 2, 4] {
        let around = at_once(workers, lock_around_the_call)?;
        let after = at_once(workers, lock_after_the_call)?;
        println!(
            "workers {workers}: {around} at once under a lock, {after} with the lock after it"
        );
    }
    Ok(())
}

type Request = fn(&Mutex<usize>, &dyn Fn() -> usize);

/// Wrong: all other workers wait for the lock. They use no CPU, and neither does the holder.
fn lock_around_the_call(total: &Mutex<usize>, call: &dyn Fn() -> usize) {
    let mut total = total.lock().expect("no call panics");
    *total += call();
}

/// Right: the lock is held for an addition.
fn lock_after_the_call(total: &Mutex<usize>, call: &dyn Fn() -> usize) {
    let found = call();
    *total.lock().expect("no addition panics") += found;
}

/// Sends one request a worker, and counts the calls that start while none ends: the throughput.
fn at_once(workers: usize, request: Request) -> io::Result<usize> {
    let runtime = Builder::new_multi_thread().worker_threads(workers).build()?;
    let (total, (starts, started)) = (Arc::default(), channel());
    // A disk, or a database with a blocking driver: it answers nobody while `busy` is held.
    let disk = Arc::new(RwLock::new(()));
    let busy = disk.write();
    for _ in 0..workers {
        let (total, disk, starts) = (Arc::clone(&total), Arc::clone(&disk), starts.clone());
        let call = move || {
            // Nobody counts the calls that start when the disk answers again.
            let _ = starts.send(());
            drop(disk.read());
            1
        };
        runtime.spawn(async move { request(&total, &call) });
    }
    let calls = (0..workers).take_while(|_| started.recv_timeout(QUIET).is_ok()).count();
    drop(busy);
    Ok(calls)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;
    use std::time::Instant;
    use tokio::task::JoinSet;

    /// Proves D-16-5.
    #[test]
    fn under_a_lock_one_call_runs_at_a_time_on_any_number_of_workers() {
        for workers in [1, 2, 4] {
            assert_eq!(at_once(workers, lock_around_the_call).unwrap(), 1);
        }
    }

    #[test]
    fn with_the_lock_after_it_there_are_as_many_calls_as_workers() {
        for workers in [1, 2, 4] {
            assert_eq!(at_once(workers, lock_after_the_call).unwrap(), workers);
        }
    }

    /// Runs four requests under the lock, on as many workers.
    fn four_under_a_lock(time: Duration) {
        let runtime = Builder::new_multi_thread().worker_threads(4).build().unwrap();
        let (total, mut requests) = (Arc::default(), JoinSet::new());
        for _ in 0..4 {
            let total = Arc::clone(&total);
            let request = async move {
                lock_around_the_call(&total, &|| {
                    thread::sleep(time);
                    1
                });
            };
            requests.spawn_on(request, runtime.handle());
        }
        runtime.block_on(requests.join_all());
        assert_eq!(*total.lock().unwrap(), 4);
    }

    /// The times add up, since no two calls overlap.
    ///
    /// Proves D-16-5.
    #[test]
    fn under_a_lock_four_workers_take_the_time_of_four_calls() {
        let (time, start) = (Duration::from_millis(20), Instant::now());
        four_under_a_lock(time);
        assert!(start.elapsed() >= 4 * time);
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
            four_under_a_lock(Duration::from_millis(100));
            let used = Duration::from_millis(10 * (cpu_time() - before));
            assert!(5 * used < start.elapsed(), "{used:?} of {:?}", start.elapsed());
        });
        assert!(ended.status.success(), "{ended:#?}");
    }
}
