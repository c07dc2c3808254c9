//! Guide 9.1 — Blocking work belongs on a thread that may block.

/// Runs a closure that takes long.
async fn compute<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    // The task waits, and the worker polls other tasks. A panic of the closure goes on in this task.
    match tokio::task::spawn_blocking(work).await {
        Ok(value) => value,
        Err(error) => std::panic::resume_unwind(error.into_panic()),
    }
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
