//! Guide 9.1 — Blocking work belongs on a thread that may block.
//!
//! While a worker thread hashes, reads a file or waits for a lock, it polls no other task.
//! `spawn_blocking` runs a closure on a thread of the blocking pool, and returns a future of its
//! result.
//!
//! Fails first: the test `the_worker_is_free_while_the_closure_runs` fails.

/// Runs a closure that takes long.
async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    // TODO: While this runs, the thread can do nothing else.
    work()
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::thread;

    #[test]
    fn the_worker_is_free_while_the_closure_runs() {
        paused(async {
            let (worker, (sender, receiver)) = (thread::current().id(), std::sync::mpsc::channel());
            let neighbour = tokio::spawn(async move { sender.send("hello").unwrap() });
            let heard = compute(move || {
                // On the worker it would wait for a task that only the worker can run.
                (thread::current().id() != worker).then(|| receiver.recv().unwrap())
            });
            assert_eq!(heard.await, Some("hello"));
            neighbour.await.unwrap();
        });
    }
}
