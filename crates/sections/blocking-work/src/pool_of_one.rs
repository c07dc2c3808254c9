//! Deep dive 16.2 — Closures that wait for other closures deadlock when they occupy every thread.

use std::io;
use tokio::runtime::{Builder, Handle};
use tokio::task::{JoinError, spawn_blocking};
use tokio::time::{Duration, timeout};

pub fn main() -> io::Result<()> {
    println!("nested, 1 thread: {:?}", run(1, nested(Duration::from_millis(20)))?);
    println!("nested, 2 threads: {:?}", run(2, nested(Duration::from_secs(5)))?);
    println!("one after the other, 1 thread: {:?}", run(1, one_after_the_other())?);
    Ok(())
}

fn run(
    threads: usize,
    work: impl Future<Output = Result<Option<u32>, JoinError>>,
) -> io::Result<Option<u32>> {
    let mut builder = Builder::new_current_thread();
    let runtime = builder.max_blocking_threads(threads).enable_time().build()?;
    Ok(runtime.block_on(work)?)
}

/// The outer closure keeps its thread while the inner one waits for a thread.
///
/// Without the limit to its patience it would wait for good. More threads only put it off: as many
/// callers at once, and each outer closure waits for a thread that another one keeps.
async fn nested(patience: Duration) -> Result<Option<u32>, JoinError> {
    let runtime = Handle::current();
    spawn_blocking(move || {
        let inner = async { timeout(patience, spawn_blocking(read)).await };
        match runtime.block_on(inner) {
            Ok(number) => number.map(|number| Some(parse(number))),
            Err(_) => Ok(None),
        }
    })
    .await?
}

/// A task waits between the two, and a task that waits keeps no thread.
async fn one_after_the_other() -> Result<Option<u32>, JoinError> {
    let number = spawn_blocking(read).await?;
    spawn_blocking(move || Some(parse(number))).await
}

/// Stands for a file or a database that is read synchronously.
fn read() -> &'static [u8] {
    b"7"
}

/// Stands for a computation.
fn parse(number: &[u8]) -> u32 {
    number.iter().fold(0, |sum, digit| sum * 10 + u32::from(digit - b'0'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{Arc, Barrier};
    use tokio::task::JoinSet;
    use utils::probe::in_child;

    const FOREVER: Duration = Duration::from_secs(3600);

    #[test]
    fn on_one_thread_the_inner_closure_never_starts() {
        assert_eq!(run(1, nested(Duration::from_millis(20))).unwrap(), None);
    }

    /// With all the patience of the world, that is: as one writes it.
    /// Proves D-16-4.
    #[test]
    fn without_a_limit_it_hangs() {
        let ended = in_child(Duration::from_secs(1), || {
            println!("begun");
            let never = run(1, nested(FOREVER));
            println!("ended: {never:?}");
        });
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.contains("begun") && !ended.stdout.contains("ended"), "{ended:#?}");
    }

    #[test]
    fn a_second_thread_is_enough_for_one_caller() {
        assert_eq!(run(2, nested(FOREVER)).unwrap(), Some(7));
    }

    #[test]
    fn two_threads_deadlock_as_well_under_two_callers() {
        let mut builder = Builder::new_current_thread();
        let runtime = builder.max_blocking_threads(2).enable_time().build().unwrap();
        let both_outer = Arc::new(Barrier::new(2));
        let mut callers = JoinSet::new();
        for _ in 0..2 {
            let (handle, both_outer) = (runtime.handle().clone(), both_outer.clone());
            let outer = move || {
                both_outer.wait();
                let inner =
                    async { timeout(Duration::from_millis(20), spawn_blocking(read)).await };
                let answered = handle.block_on(inner).is_ok();
                // Neither gives its thread to the inner closure of the other before both gave up.
                both_outer.wait();
                answered
            };
            callers.spawn_blocking_on(outer, runtime.handle());
        }
        assert_eq!(runtime.block_on(callers.join_all()), [false, false]);
    }

    #[test]
    fn one_after_the_other_needs_one_thread_for_any_number_of_callers() {
        assert_eq!(run(1, one_after_the_other()).unwrap(), Some(7));
        let many = async {
            let mut callers = JoinSet::new();
            for _ in 0..100 {
                callers.spawn(one_after_the_other());
            }
            let mut sum = 0;
            while let Some(caller) = callers.join_next().await {
                sum += caller??.unwrap();
            }
            Ok(Some(sum))
        };
        assert_eq!(run(1, many).unwrap(), Some(700));
    }
}
