//! Deep dive 16.1 — `top -H` finds the thread that burns; its name does not say whether it is a worker.
//!
//! To take to work: `cargo run -- copy bounded_blocking`.

use std::sync::mpsc::{Receiver, TryRecvError, channel};
use std::time::Duration;
use std::{fs, hint, io, thread};
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;

pub fn main() -> io::Result<()> {
    println!("on the worker: {}", incident(on_the_worker)?);
    println!("on the blocking pool: {}", incident(on_the_pool)?);
    println!("on a thread with a name: {}", incident(on_a_named_thread)?);
    Ok(())
}

/// Says which thread burns, and whether a neighbour runs on the only worker.
fn incident<F>(request: fn(Receiver<()>) -> F) -> io::Result<String>
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = Builder::new_multi_thread().worker_threads(1).build()?;
    let (stop, stopped) = channel();
    runtime.spawn(request(stopped));
    let (turn, turns) = channel();
    // Nobody listens any more if it starts too late.
    runtime.spawn(async move { turn.send("runs").ok() });
    let neighbour = turns.recv_timeout(Duration::from_secs(1)).unwrap_or("waits");
    let thread = busiest_thread()?;
    drop(stop);
    Ok(format!("{thread} burns, the neighbour {neighbour}"))
}

/// Wrong: all other tasks of this worker wait.
async fn on_the_worker(stopped: Receiver<()>) {
    burn(stopped);
}

/// Right, but a thread of the pool has the name of a worker.
async fn on_the_pool(stopped: Receiver<()>) {
    spawn_blocking(|| burn(stopped)).await.expect("it does not panic");
}

/// Right, and `top -H` says what burns. A pool of your own gets its names in the same way.
async fn on_a_named_thread(stopped: Receiver<()>) {
    let named = thread::Builder::new().name("hash".to_string());
    named.spawn(|| burn(stopped)).expect("a thread can start");
}

fn burn(stopped: Receiver<()>) {
    while stopped.try_recv() == Err(TryRecvError::Empty) {
        hint::spin_loop();
    }
}

/// Waits for a thread other than this one to use 50 ms of CPU time, and returns its name.
fn busiest_thread() -> io::Result<String> {
    if !cfg!(target_os = "linux") {
        return Ok("a thread (its name can be read on Linux only)".to_string());
    }
    let own = fs::read_link("/proc/thread-self")?;
    loop {
        for thread in fs::read_dir("/proc/self/task")? {
            let path = thread?.path();
            // `ID (NAME) STATE …`; field 14 is the CPU time in 1/100 s. One that has ended has no file.
            let Ok(stat) = fs::read_to_string(path.join("stat")) else { continue };
            let fields: Vec<_> = stat.split(['(', ')', ' ']).collect();
            if path.file_name() != own.file_name()
                && fields[15].parse::<u32>().is_ok_and(|ticks| ticks >= 5)
            {
                return Ok(fields[2].to_string());
            }
        }
    }
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
            let ended = in_child(LIMIT, || println!("{}", incident(on_the_worker).unwrap()));
            assert_printed(&ended, "tokio-rt-worker burns, the neighbour waits");
        }

        /// The name alone is no proof of a saturated worker.
        ///
        /// Proves D-16-3.
        #[test]
        fn a_thread_of_the_blocking_pool_has_the_name_of_a_worker() {
            let ended = in_child(LIMIT, || println!("{}", incident(on_the_pool).unwrap()));
            assert_printed(&ended, "tokio-rt-worker burns, the neighbour runs");
        }

        #[test]
        fn a_thread_with_a_name_says_what_burns() {
            let incident = || incident(on_a_named_thread).unwrap();
            let ended = in_child(LIMIT, || println!("{}", incident()));
            assert_printed(&ended, "hash burns, the neighbour runs");
        }
    }

    /// Why it takes `top -H`: the runtime counts the time of a worker when it goes to sleep.
    #[test]
    fn the_metrics_of_the_runtime_do_not_show_a_worker_while_it_burns() {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let ((starts, started), (stop, stopped)) = (channel(), channel());
        let request = runtime.spawn(async move {
            starts.send(()).unwrap();
            on_the_worker(stopped).await;
        });
        started.recv().unwrap();
        const WHILE: Duration = Duration::from_millis(50);
        let busy = || runtime.metrics().worker_total_busy_duration(0);
        let before = busy();
        thread::sleep(WHILE);
        assert_eq!(busy(), before);

        drop(stop);
        runtime.block_on(request).unwrap();
        let deadline = Instant::now() + Duration::from_secs(60);
        while busy() < before + WHILE {
            assert!(Instant::now() < deadline, "the time of the worker is never counted");
            thread::yield_now();
        }
    }
}
