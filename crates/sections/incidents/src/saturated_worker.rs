//! Deep dive 16.1 — `top -H` finds the thread that burns; whether it is a worker its name does not say.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;
use std::{fs, hint, io, thread};
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;

/// Long enough to be sure of a task that cannot start.
const STUCK: Duration = Duration::from_millis(50);
/// Far longer than a task that can start ever needs.
const FREE: Duration = Duration::from_secs(5);

pub fn main() -> io::Result<()> {
    println!("on the worker: {}", incident(on_the_worker, STUCK)?);
    println!("on the blocking pool: {}", incident(on_the_pool, FREE)?);
    println!("on a thread with a name: {}", incident(on_a_named_thread, FREE)?);
    Ok(())
}

/// Which thread burns, and whether a neighbour starts on the only worker within `limit`.
fn incident<F>(place: impl FnOnce(Work) -> F, limit: Duration) -> io::Result<String>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let runtime = Builder::new_multi_thread().worker_threads(1).build()?;
    let (starts, started) = channel();
    let stop = Arc::new(AtomicBool::new(false));
    let request = runtime.spawn(place(Work { starts, stop: Arc::clone(&stop) }));
    started.recv().expect("the work sends before it ends");

    let (turn, turns) = channel();
    // Nobody listens any more if it starts too late.
    runtime.spawn(async move { turn.send(()).ok() });
    let neighbour = turns.recv_timeout(limit).map_or("waits", |()| "runs");
    let burns = busiest_thread();
    stop.store(true, Ordering::Relaxed);
    runtime.block_on(request)??;
    Ok(format!("{} burns, the neighbour {neighbour}", burns?))
}

/// Wrong: the tasks of this worker wait for the end of it.
async fn on_the_worker(work: Work) -> io::Result<()> {
    work.compute();
    Ok(())
}

/// Right, but a thread of the pool has the name of a worker.
async fn on_the_pool(work: Work) -> io::Result<()> {
    Ok(spawn_blocking(|| work.compute()).await?)
}

/// As right, and `top -H` says it. A pool of your own, such as rayon's, gets its names likewise.
async fn on_a_named_thread(work: Work) -> io::Result<()> {
    let (done, result) = oneshot::channel();
    thread::Builder::new().name("hash".to_string()).spawn(move || {
        work.compute();
        // The request may have been cancelled.
        let _ = done.send(());
    })?;
    result.await.map_err(io::Error::other)
}

struct Work {
    starts: Sender<()>,
    stop: Arc<AtomicBool>,
}

impl Work {
    /// Burns until it is stopped.
    fn compute(self) {
        self.starts.send(()).expect("the main thread waits for it");
        // Nothing but the flag itself is read by it: `Relaxed` is enough.
        while !self.stop.load(Ordering::Relaxed) {
            hint::spin_loop();
        }
    }
}

/// The name of the first thread that uses 50 ms of CPU time more, as `top -H` would show it.
fn busiest_thread() -> io::Result<String> {
    if !cfg!(target_os = "linux") {
        return Ok("a thread (its name can be read on Linux only)".to_string());
    }
    let before = ticks()?;
    loop {
        // Not to be the busiest itself.
        thread::sleep(Duration::from_millis(10));
        for (thread, now) in ticks()? {
            if now >= before.get(&thread).unwrap_or(&0) + 5 {
                return Ok(thread.1);
            }
        }
    }
}

/// The CPU time of each thread of this process, by id and name, in hundredths of a second.
fn ticks() -> io::Result<HashMap<(String, String), u64>> {
    let mut all = HashMap::new();
    for thread in fs::read_dir("/proc/self/task")? {
        let path = thread?.path().join("stat");
        // `ID (NAME) STATE …`, and the times in user and kernel mode are fields 14 and 15. A thread
        // that has ended since has no file.
        let Ok(stat) = fs::read_to_string(path) else { continue };
        let (id, rest) = stat.split_once(" (").unwrap_or_default();
        let (name, rest) = rest.rsplit_once(") ").unwrap_or_default();
        let times = rest.split(' ').skip(11).take(2).filter_map(|time| time.parse::<u64>().ok());
        all.insert((id.to_string(), name.to_string()), times.sum());
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    /// Each incident alone in a process: the threads of other tests burn too.
    #[cfg(target_os = "linux")] // reads `/proc/self/task`
    mod linux {
        use super::*;
        use utils::probe::{Ended, in_child};

        const LIMIT: Duration = Duration::from_secs(60);

        fn assert_printed(ended: &Ended, expected: &str) {
            assert!(ended.stdout.lines().any(|line| line.ends_with(expected)), "{ended:#?}");
        }

        /// Proves D-16-3.
        #[test]
        fn a_worker_that_computes_burns_and_its_neighbour_waits() {
            let ended = in_child(LIMIT, || println!("{}", incident(on_the_worker, STUCK).unwrap()));
            assert_printed(&ended, "tokio-rt-worker burns, the neighbour waits");
        }

        /// The name alone is no proof of a saturated worker.
        ///
        /// Proves D-16-3.
        #[test]
        fn a_thread_of_the_blocking_pool_has_the_name_of_a_worker() {
            let ended = in_child(LIMIT, || println!("{}", incident(on_the_pool, FREE).unwrap()));
            assert_printed(&ended, "tokio-rt-worker burns, the neighbour runs");
        }

        #[test]
        fn a_thread_with_a_name_says_what_burns() {
            let incident = || incident(on_a_named_thread, FREE).unwrap();
            let ended = in_child(LIMIT, || println!("{}", incident()));
            assert_printed(&ended, "hash burns, the neighbour runs");
        }
    }

    /// Why it takes `top -H`: the runtime counts the time of a worker when it goes to sleep.
    #[test]
    fn the_metrics_of_the_runtime_do_not_show_a_worker_while_it_burns() {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let (starts, started) = channel();
        let stop = Arc::new(AtomicBool::new(false));
        let request = runtime.spawn(on_the_worker(Work { starts, stop: Arc::clone(&stop) }));
        started.recv().unwrap();
        let busy = || runtime.metrics().worker_total_busy_duration(0);
        let before = busy();
        thread::sleep(STUCK);
        assert_eq!(busy(), before);

        stop.store(true, Ordering::Relaxed);
        runtime.block_on(request).unwrap().unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while busy() < before + STUCK {
            assert!(Instant::now() < deadline, "the time of the worker is never counted");
            thread::yield_now();
        }
    }
}
