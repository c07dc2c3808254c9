//! Deep dive 6.3 — A worker asks the slot, the local queue, the global queue, and only then the driver.

use std::io::Result;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::Duration;
use tokio::runtime::{Builder, Handle};
use tokio::task::yield_now;
use tokio::time::sleep;

/// Each task sends its name when it runs.
type Log = Sender<&'static str>;

pub fn main() -> Result<()> {
    println!("{}", names(one_of_each)?.join(" → "));
    Ok(())
}

/// Returns what `root` and all that it spawns log, on one worker.
fn names<F>(root: impl FnOnce(Log) -> F) -> Result<Vec<&'static str>>
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_time().build()?;
    let (log, names) = mpsc::channel();
    runtime.spawn(root(log));
    // Ends with the last task, which drops the last sender.
    Ok(names.iter().collect())
}

/// Puts a task everywhere a worker looks, then lets the worker look.
async fn one_of_each(log: Log) {
    let run = |name| {
        let log = log.clone();
        async move { log.send(name).expect("the list outlives the tasks") }
    };
    let timer = async {
        sleep(Duration::from_millis(1)).await;
        run("timer").await;
    };
    let elsewhere = async {
        // The timer is set and falls due, but the only worker is here and not at the clock.
        thread::sleep(Duration::from_millis(20));
        let handle = Handle::current();
        thread::scope(|scope| {
            // Only what another thread spawns goes to the global queue.
            scope.spawn(|| drop(handle.spawn(run("global"))));
        });
        let yielded = run("yielded");
        tokio::spawn(async move {
            yield_now().await;
            yielded.await;
        });
        tokio::spawn(run("local"));
        tokio::spawn(run("slot"));
    };
    tokio::join!(biased; timer, elsewhere);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Barrier};

    /// Proves D-6-7, D-6-9, D-18-5.
    #[test]
    fn the_driver_comes_last() {
        let order = names(one_of_each).unwrap();
        assert_eq!(order, ["slot", "local", "global", "yielded", "timer"]);
    }

    /// The list of the document has the driver before the steal.
    /// Proves D-6-7.
    #[test]
    fn a_worker_steals_before_it_polls_the_driver() {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_time().build().unwrap();
        let meeting = Arc::new(Barrier::new(2));
        let (log, order) = mpsc::channel();
        runtime.spawn({
            let (meeting, log) = (meeting.clone(), log.clone());
            async move {
                // From here on both workers are blocked: nobody polls the driver.
                meeting.wait();
                let timer = async {
                    sleep(Duration::from_millis(1)).await;
                    log.send("timer").unwrap();
                };
                let until_due = async {
                    thread::sleep(Duration::from_millis(20));
                    meeting.wait();
                };
                tokio::join!(biased; timer, until_due);
            }
        });
        let owner = runtime.spawn(async move {
            meeting.wait();
            for name in ["stolen", "stolen", "stolen", "slot"] {
                let log = log.clone();
                tokio::spawn(async move { log.send(name).unwrap() });
            }
            meeting.wait();
            // The rest of the list: the task in the slot comes when this worker is free.
            (order.iter().take(4).collect::<Vec<_>>(), order)
        });
        let (by_thief, _rest) = runtime.block_on(owner).unwrap();
        assert_eq!(by_thief, ["stolen", "stolen", "stolen", "timer"]);
    }
}
