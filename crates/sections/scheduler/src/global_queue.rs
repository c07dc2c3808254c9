//! Deep dive 6.3 — A worker with local tasks looks at the global queue every n-th tick.

use std::io::Result;
use std::sync::mpsc;
use std::thread;
use tokio::runtime::{Builder, Handle};

pub fn main() -> Result<()> {
    for interval in [5, 31, 61] {
        println!("global_queue_interval({interval}): gaps {:?}", gaps(interval)?);
    }
    Ok(())
}

/// Returns how many ticks apart the tasks of the global queue run while there is local work.
///
/// Where the first of them runs depends on the tick in which the runtime happens to be.
fn gaps(interval: u32) -> Result<Vec<usize>> {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).global_queue_interval(interval).build()?;
    let (log, order) = mpsc::channel();
    runtime.spawn(async move {
        let run = |name| {
            let log = log.clone();
            async move { log.send(name).expect("the list outlives the tasks") }
        };
        // Only what another thread spawns goes to the global queue.
        let handle = Handle::current();
        thread::scope(|scope| {
            scope.spawn(|| (0..4).for_each(|_| drop(handle.spawn(run("global")))));
        });
        (0..256).for_each(|_| drop(tokio::spawn(run("local"))));
    });
    let order: Vec<_> = order.iter().collect();
    let globals: Vec<_> = (0..order.len()).filter(|&at| order[at] == "global").collect();
    Ok(globals.windows(2).map(|pair| pair[1] - pair[0]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::runtime::Runtime;

    /// Proves D-6-8.
    #[test]
    fn local_work_is_interrupted_every_n_th_tick() {
        for interval in [2, 5, 31, 61] {
            assert_eq!(gaps(interval).unwrap(), [interval as usize; 3]);
        }
    }

    /// With 1 the global queue comes before all local work.
    #[test]
    fn an_interval_of_one_serves_the_global_queue_first() {
        assert_eq!(gaps(1).unwrap(), [1; 3]);
    }

    /// Positions of tasks from another thread among `local` tasks that take `work` each.
    fn positions(runtime: &Runtime, global: usize, local: usize, work: Duration) -> Vec<usize> {
        let (log, order) = mpsc::channel();
        let root = async move {
            let run = |name: &'static str| {
                let log = log.clone();
                async move {
                    thread::sleep(work);
                    log.send(name).unwrap();
                }
            };
            let handle = Handle::current();
            thread::scope(|scope| {
                scope.spawn(|| (0..global).for_each(|_| drop(handle.spawn(run("global")))));
            });
            let tasks: Vec<_> = (0..local).map(|_| tokio::spawn(run("local"))).collect();
            drop(log);
            for task in tasks {
                task.await.unwrap();
            }
        };
        runtime.block_on(async { tokio::spawn(root).await.unwrap() });
        let order: Vec<_> = order.iter().collect();
        (0..order.len()).filter(|&at| order[at] == "global").collect()
    }

    /// No number of ticks is fixed by default: an interval of about 200 µs is aimed at.
    ///
    /// The first check, in tick 61, finds tasks of more than 200 µs and takes the least: 2. Then
    /// comes tick 62, which is even.
    /// Proves D-6-8.
    #[test]
    fn long_tasks_tune_the_interval_down_to_two() {
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let at = positions(&runtime, 5, 90, Duration::from_millis(1));
        assert!(at[0] <= 61, "{at:?}");
        let gaps: Vec<_> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(gaps, [1, 2, 2, 2]);
    }

    /// Proves D-6-8.
    #[test]
    fn on_a_current_thread_runtime_the_interval_is_31() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let at = positions(&runtime, 4, 200, Duration::ZERO);
        let gaps: Vec<_> = at.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert_eq!(gaps, [31; 3]);
    }
}
