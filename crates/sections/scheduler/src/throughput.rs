//! Deep dive 9.2 — A task that computes takes one worker of N: N − 1 queued tasks run at once.

use std::io::Result;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, RwLock};
use tokio::runtime::{Builder, Runtime};

pub fn main() -> Result<()> {
    for (workers, hogs) in [(2, 0), (2, 1), (4, 0), (4, 1)] {
        let runtime = Builder::new_multi_thread().worker_threads(workers).build()?;
        let (running, waiting) = at_once(&runtime, workers, hogs);
        println!("workers: {workers}, hogs: {hogs}, tasks at once: {running}, waiting: {waiting}");
    }
    Ok(())
}

/// Of as many tasks as there are workers: those that run at once beside the hogs, and the others.
fn at_once(runtime: &Runtime, workers: usize, hogs: usize) -> (usize, usize) {
    let end = Arc::new(RwLock::new(()));
    let not_yet = end.write();
    let (log, starts) = channel();
    let spawn = || runtime.spawn(compute(log.clone(), end.clone()));
    // The hogs, and as many tasks as there are workers left. A task that does not start while
    // the others run would make this hang.
    for _ in 0..workers {
        spawn();
        starts.recv().expect("`log` is still here");
    }
    (0..hogs).for_each(|_| drop(spawn()));
    let running = workers - hogs + starts.try_iter().count();
    drop((not_yet, log));
    (running, starts.iter().count())
}

/// A hog, and a task too: it keeps its worker, since there is no `.await` in it.
async fn compute(log: Sender<()>, end: Arc<RwLock<()>>) {
    log.send(()).expect("`starts` outlives the computation");
    drop(end.read());
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::thread;

    fn of(workers: usize) -> Runtime {
        Builder::new_multi_thread().worker_threads(workers).build().unwrap()
    }

    /// Proves D-9-4.
    #[test]
    fn beside_a_hog_one_task_fewer_runs_at_once() {
        for workers in [2, 3, 4, 8] {
            assert_eq!(at_once(&of(workers), workers, 0), (workers, 0));
            assert_eq!(at_once(&of(workers), workers, 1), (workers - 1, 1));
        }
    }

    /// Nothing takes the worker from the hogs: there is no preemption.
    #[test]
    fn as_many_hogs_as_workers_leave_nothing() {
        assert_eq!(at_once(&of(4), 4, 3), (1, 3));
        assert_eq!(at_once(&of(4), 4, 4), (0, 4));
    }

    /// The price is paid to the end of the hog, however many tasks come and go.
    #[test]
    fn the_place_of_a_hog_is_never_taken() {
        let runtime = of(4);
        let (end, log) = (Arc::new(RwLock::new(())), channel());
        let not_yet = end.write();
        let hog = runtime.spawn(compute(log.0, end.clone()));
        assert_eq!(log.1.recv(), Ok(()));
        let (running, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let tasks: Vec<_> = (0..1000)
            .map(|_| {
                let (running, most) = (running.clone(), most.clone());
                runtime.spawn(async move {
                    let now = running.fetch_add(1, Ordering::SeqCst) + 1;
                    most.fetch_max(now, Ordering::SeqCst);
                    thread::yield_now();
                    running.fetch_sub(1, Ordering::SeqCst);
                })
            })
            .collect();
        for task in tasks {
            runtime.block_on(task).unwrap();
        }
        let (most, is_finished) = (most.load(Ordering::SeqCst), hog.is_finished());
        // First: a runtime that is dropped waits for its hogs.
        drop(not_yet);
        runtime.block_on(hog).unwrap();
        assert!(most <= 3, "{most}");
        assert!(!is_finished);
    }
}
