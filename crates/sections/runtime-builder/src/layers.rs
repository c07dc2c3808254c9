//! Deep dive 5.1 — The driver has no thread of its own: a worker polls it, or `block_on` does.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::thread::{self, ThreadId};
use tokio::runtime::Builder;
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;
use tokio::time::{Duration, sleep};

pub fn main() -> io::Result<()> {
    println!("multi_thread: {}", who_runs_what(Builder::new_multi_thread().worker_threads(1))?);
    println!("current_thread: {}", who_runs_what(&mut Builder::new_current_thread())?);
    Ok(())
}

/// Names the thread of each layer: `main` called `block_on`, `worker` runs tasks, `pool` neither.
fn who_runs_what(builder: &mut Builder) -> io::Result<String> {
    let main = thread::current().id();
    builder.enable_time().build()?.block_on(async {
        let root = thread::current().id();
        let task = tokio::spawn(async { thread::current().id() }).await?;
        let closure = spawn_blocking(|| thread::current().id()).await?;
        let timer = thread_of_the_driver().await;
        let [root, task, closure, timer] = [root, task, closure, timer].map(|id| match id {
            id if id == main => "main",
            id if id == task => "worker",
            _ => "pool",
        });
        Ok(format!("root future {root}, task {task}, closure {closure}, timer {timer}"))
    })
}

/// Returns the thread that polls the driver: it wakes the tasks whose timers are due.
async fn thread_of_the_driver() -> ThreadId {
    let (log, mut wakes) = mpsc::unbounded_channel();
    let waker = Waker::from(Arc::new(Caller(log)));
    loop {
        let mut timer = pin!(sleep(Duration::from_millis(5)));
        // On a loaded machine a timer may be due before anybody waits for it: nobody is woken.
        if timer.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
            return wakes.recv().await.expect("the waker holds the other end");
        }
    }
}

/// A waker that notes its caller's thread.
struct Caller(mpsc::UnboundedSender<ThreadId>);

impl Wake for Caller {
    fn wake(self: Arc<Self>) {
        let _ = self.0.send(thread::current().id());
    }
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use std::sync::mpsc;
    use tokio::runtime::{Runtime, worker_index};
    use tokio::task::block_in_place;

    /// Proves D-0-5, D-5-1, D-18-5.
    #[test]
    fn with_many_threads_a_worker_runs_the_tasks_and_polls_the_driver() {
        assert_eq!(
            who_runs_what(Builder::new_multi_thread().worker_threads(1)).unwrap(),
            "root future main, task worker, closure pool, timer worker"
        );
    }

    #[test]
    fn on_one_thread_the_caller_of_block_on_does_all_but_block() {
        assert_eq!(
            who_runs_what(&mut Builder::new_current_thread()).unwrap(),
            "root future main, task main, closure pool, timer main"
        );
    }

    /// Proves D-5-2.
    #[test]
    fn the_root_future_and_a_closure_are_on_no_worker() {
        let workers = |runtime: Runtime| {
            runtime.block_on(async {
                let task = tokio::spawn(async { worker_index() }).await.unwrap();
                let closure = spawn_blocking(worker_index).await.unwrap();
                [worker_index(), task, closure]
            })
        };
        let many = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        assert_eq!(workers(many), [None, Some(0), None]);
        let one = Builder::new_current_thread().build().unwrap();
        assert_eq!(workers(one), [Some(0), Some(0), None]);
    }

    /// The box that the picture leaves out holds the workers too: the blocking pool starts them.
    /// Proves D-0-5, D-5-1.
    #[test]
    fn the_blocking_pool_starts_its_threads_and_the_workers_under_one_name() {
        let (starts, names) = mpsc::channel();
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .on_thread_start(move || {
                starts.send(thread::current().name().map(str::to_string)).unwrap();
            })
            .build()
            .unwrap();
        runtime.block_on(runtime.spawn_blocking(|| ())).unwrap();
        drop(runtime);
        let name = || Some("tokio-rt-worker".to_string());
        assert_eq!(names.iter().collect::<Vec<_>>(), [name(), name(), name()]);
    }

    /// The tasks of a worker run on another thread while it blocks; then it is one thread of the
    /// pool like any other.
    /// Proves D-0-5, D-5-1.
    #[test]
    fn a_worker_that_has_given_its_work_away_runs_the_closures_of_the_pool() {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let task = runtime.spawn(async {
            let worker = thread::current().id();
            let (runs, running) = mpsc::channel();
            tokio::spawn(async move { runs.send(thread::current().id()).unwrap() });
            // Until then it could take its work back.
            let successor = block_in_place(|| running.recv().unwrap());
            (worker, successor)
        });
        let (worker, successor) = runtime.block_on(task).unwrap();
        assert_ne!(worker, successor);
        while runtime.metrics().num_idle_blocking_threads() == 0 {
            thread::yield_now();
        }
        let closure = runtime.spawn_blocking(|| thread::current().id());
        assert_eq!(runtime.block_on(closure).unwrap(), worker);
    }

    #[test]
    fn without_a_driver_tasks_and_closures_run_all_the_same() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let sum = runtime.block_on(async {
            tokio::spawn(async { 1 }).await.unwrap() + spawn_blocking(|| 2).await.unwrap()
        });
        assert_eq!(sum, 3);
    }
}
