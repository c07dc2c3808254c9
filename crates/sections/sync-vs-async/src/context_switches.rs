//! Guide 1.2 — A thread that waits is a context switch each time; tasks that wait share a few.

use std::{fs, io, thread};
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep};

const HANDLERS: usize = 100;
const WAITS: usize = 10;
const WAIT: Duration = Duration::from_millis(2);

pub fn main() -> io::Result<()> {
    if !cfg!(target_os = "linux") {
        println!("context switches can be read on Linux only");
        return Ok(());
    }
    println!("100 handlers, each of which waits ten times");
    println!("threads: context switches for each wait: {}", with_threads()? / (HANDLERS * WAITS));
    println!(
        "tasks on one thread: context switches for each wait: {}",
        with_tasks()? / (HANDLERS * WAITS)
    );
    Ok(())
}

/// Returns the context switches of all threads.
fn with_threads() -> io::Result<usize> {
    let handler = || {
        (0..WAITS).for_each(|_| thread::sleep(WAIT));
        context_switches()
    };
    let handlers: Vec<_> = (0..HANDLERS).map(|_| thread::spawn(handler)).collect();
    let switches = handlers.into_iter().map(|handler| handler.join().expect("it does not panic"));
    switches.sum()
}

/// Returns those of the one thread.
fn with_tasks() -> io::Result<usize> {
    let of_tasks = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build()?;
        runtime.block_on(async {
            let handler = || async {
                for _ in 0..WAITS {
                    sleep(WAIT).await;
                }
            };
            (0..HANDLERS).map(|_| handler()).collect::<JoinSet<_>>().join_all().await;
        });
        context_switches()
    };
    thread::spawn(of_tasks).join().expect("it does not panic")
}

/// Returns how often this thread has given up its core: to wait, or because others had their turn.
fn context_switches() -> io::Result<usize> {
    let status = fs::read_to_string("/proc/thread-self/status")?;
    let counts = status.lines().filter_map(|line| line.split_once("ctxt_switches:"));
    Ok(counts.filter_map(|(_, count)| count.trim().parse::<usize>().ok()).sum())
}

#[cfg(test)]
#[cfg(target_os = "linux")] // reads `/proc/thread-self/status`
mod tests {
    use super::*;

    const ALL: usize = HANDLERS * WAITS;

    /// One each, and a few more where a thread starts, or others have their turn.
    ///
    /// Proves G-1.2-10.
    #[test]
    fn a_thousand_waits_of_threads_are_a_thousand_context_switches() {
        let switches = with_threads().unwrap();
        assert!((ALL..2 * ALL).contains(&switches), "{switches}");
    }

    /// All that are due together are woken together.
    ///
    /// Proves G-1.2-10.
    #[test]
    fn a_thousand_waits_of_tasks_are_less_than_a_tenth_of_them() {
        let switches = with_tasks().unwrap();
        assert!(switches < ALL / 10, "{switches}");
    }
}
