//! Deep dive 9.2 — The pool starts threads up to its limit, then it queues closures without a limit.

use std::io;
use std::sync::{Arc, RwLock, mpsc};
use tokio::runtime::{Builder, Runtime};

pub fn main() -> io::Result<()> {
    let runtime = Builder::new_current_thread().max_blocking_threads(2).build()?;
    let (started, queued) = crowd(&runtime, 5, 2);
    println!("2 threads for 5 closures: {started:?} started, {queued:?} queued");
    Ok(())
}

/// Returns which closures start while none ends, and which start only afterwards.
///
/// Hangs if the pool has fewer than `threads` threads: nobody opens the gate.
fn crowd(runtime: &Runtime, closures: usize, threads: usize) -> (Vec<usize>, Vec<usize>) {
    let gate = Arc::new(RwLock::new(()));
    let closed = gate.write();
    let (log, starts) = mpsc::channel();
    for number in 0..closures {
        let (gate, log) = (Arc::clone(&gate), log.clone());
        runtime.spawn_blocking(move || {
            log.send(number).expect("`starts` outlives the closures");
            drop(gate.read());
        });
    }
    drop(log);
    let mut started: Vec<_> = starts.iter().take(threads).collect();
    started.extend(starts.try_iter());
    drop(closed);
    let mut queued: Vec<_> = starts.iter().collect();
    // Closures leave the queue in order, but the threads that take them race for the log.
    started.sort_unstable();
    queued.sort_unstable();
    (started, queued)
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use std::thread;
    use std::time::Duration;

    #[test]
    fn two_threads_start_two_of_five_closures_and_queue_three() {
        let runtime = Builder::new_current_thread().max_blocking_threads(2).build().unwrap();
        assert_eq!(crowd(&runtime, 5, 2), (vec![0, 1], vec![2, 3, 4]));
    }

    #[test]
    fn one_thread_takes_them_in_the_order_of_spawning() {
        let runtime = Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
        let (log, order) = mpsc::channel();
        for number in 0..100 {
            let log = log.clone();
            runtime.spawn_blocking(move || log.send(number).unwrap());
        }
        drop(log);
        assert_eq!(order.iter().collect::<Vec<_>>(), Vec::from_iter(0..100));
    }

    /// How many threads and how many queued closures there are, once `threads` closures run.
    fn threads_and_queue(mut builder: Builder, closures: usize, threads: usize) -> [usize; 2] {
        let runtime = builder.build().unwrap();
        let gate = Arc::new(RwLock::new(()));
        let closed = gate.write();
        let (log, starts) = mpsc::channel();
        for _ in 0..closures {
            let (gate, log) = (Arc::clone(&gate), log.clone());
            runtime.spawn_blocking(move || {
                log.send(()).unwrap();
                drop(gate.read());
            });
        }
        drop(log);
        // A pool that has fewer threads is a failure, and no hang.
        let start = |_: &usize| starts.recv_timeout(Duration::from_secs(60)).is_ok();
        assert_eq!((0..threads).take_while(start).count(), threads);
        let metrics = runtime.metrics();
        let seen = [metrics.num_blocking_threads(), metrics.blocking_queue_depth()];
        drop(closed);
        assert_eq!(starts.iter().count(), closures - threads, "each runs in the end");
        seen
    }

    #[test]
    fn no_closure_in_the_queue_has_a_thread_of_its_own() {
        let mut builder = Builder::new_current_thread();
        builder.max_blocking_threads(2);
        assert_eq!(threads_and_queue(builder, 5, 2), [2, 3]);
    }

    /// Proves D-9-7, D-9-9.
    #[test]
    fn by_default_512_of_600_closures_start_and_88_wait() {
        assert_eq!(threads_and_queue(Builder::new_current_thread(), 600, 512), [512, 88]);
    }

    /// Nothing tells the caller that the pool is full: only memory ends the queue.
    /// Proves D-9-7.
    #[test]
    fn the_queue_takes_closures_without_a_limit() {
        let runtime = Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
        let (open, gate) = mpsc::channel::<()>();
        let (started, start) = mpsc::channel();
        runtime.spawn_blocking(move || {
            started.send(()).unwrap();
            gate.recv()
        });
        start.recv().unwrap();
        for _ in 0..100_000 {
            runtime.spawn_blocking(|| ());
        }
        assert_eq!(runtime.metrics().blocking_queue_depth(), 100_000);
        drop(open);
    }

    #[test]
    fn an_idle_thread_ends_after_its_keep_alive() {
        let keep_alive = Duration::from_millis(50);
        let mut builder = Builder::new_current_thread();
        let runtime = builder.thread_keep_alive(keep_alive).build().unwrap();
        let start = std::time::Instant::now();
        runtime.block_on(runtime.spawn_blocking(|| ())).unwrap();
        while runtime.metrics().num_blocking_threads() > 0 {
            thread::sleep(Duration::from_millis(1));
        }
        assert!(start.elapsed() >= keep_alive, "{:?}", start.elapsed());
    }

    #[test]
    fn an_idle_thread_takes_the_next_closure() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let id = || thread::current().id();
        let first = runtime.block_on(runtime.spawn_blocking(id)).unwrap();
        while runtime.metrics().num_idle_blocking_threads() == 0 {
            thread::yield_now();
        }
        assert_eq!(runtime.block_on(runtime.spawn_blocking(id)).unwrap(), first);
    }
}
