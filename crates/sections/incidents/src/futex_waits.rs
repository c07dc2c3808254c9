//! Deep dive 16.3 — Idle workers sit in `futex` too; threads that want one lock sit at one address.

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{fs, io, thread};
use tokio::runtime::Builder;

pub fn main() -> io::Result<()> {
    if !cfg!(all(target_os = "linux", any(target_arch = "aarch64", target_arch = "x86_64"))) {
        println!("where threads wait can be read on Linux only, on aarch64 or x86_64");
        return Ok(());
    }
    println!("four workers, nothing to do: {}", where_four_workers_wait(0)?);
    println!("four workers, three want one lock: {}", where_four_workers_wait(3)?);
    Ok(())
}

/// Where the workers of a runtime wait, while some of its tasks want a lock that this thread holds.
fn where_four_workers_wait(tasks: usize) -> io::Result<String> {
    let (log, threads) = channel();
    let mut builder = Builder::new_multi_thread();
    // `PROCESS/task/THREAD`, each thread its own.
    builder.on_thread_start(move || drop(log.send(fs::read_link("/proc/thread-self"))));
    let runtime = builder.worker_threads(4).enable_all().build()?;
    let workers: Vec<_> = threads.iter().take(4).collect::<io::Result<_>>()?;

    let lock = Arc::new(Mutex::new(()));
    let held = lock.lock();
    let (starts, started) = channel();
    for _ in 0..tasks {
        let (lock, starts) = (Arc::clone(&lock), starts.clone());
        runtime.spawn(async move {
            starts.send(()).expect("the main thread waits for it");
            drop(lock.lock());
        });
    }
    started.iter().take(tasks).for_each(drop);
    let calls = at_rest(&workers)?;
    drop(held);
    Ok(summary(&calls))
}

/// The system call of each thread, once all of them sit in the same for a millisecond.
fn at_rest(threads: &[PathBuf]) -> io::Result<Vec<String>> {
    let look = |thread: &PathBuf| fs::read_to_string(format!("/proc/{}/syscall", thread.display()));
    let mut before = Vec::new();
    loop {
        let now: Vec<_> = threads.iter().map(look).collect::<io::Result<_>>()?;
        if now == before && !now.iter().any(|call| call.starts_with("running")) {
            return Ok(now);
        }
        before = now;
        thread::sleep(Duration::from_millis(1));
    }
}

/// From `202 0x7f88…`: the number of the call, here `futex`, and the address at which it waits.
fn summary(calls: &[String]) -> String {
    let futex = if cfg!(target_arch = "x86_64") { "202 " } else { "98 " };
    let waits: Vec<_> = calls.iter().filter_map(|call| call.strip_prefix(futex)).collect();
    let addresses: HashSet<_> = waits.iter().map(|wait| wait.split(' ').next()).collect();
    format!("{} in futex (addresses: {})", waits.len(), addresses.len())
}

#[cfg(test)]
// Reads `/proc/self/task/*/syscall`, and knows the numbers of the calls there.
#[cfg(all(target_os = "linux", any(target_arch = "aarch64", target_arch = "x86_64")))]
mod tests {
    use super::*;

    /// Time in `futex` alone is no sign of contention.
    ///
    /// Proves D-16-5.
    #[test]
    fn of_four_idle_workers_three_sit_in_futex_each_at_an_address_of_its_own() {
        assert_eq!(where_four_workers_wait(0).unwrap(), "3 in futex (addresses: 3)");
    }

    /// The fourth is idle, and polls the driver.
    ///
    /// Proves D-16-5.
    #[test]
    fn three_workers_that_want_one_lock_sit_in_futex_at_one_address() {
        assert_eq!(where_four_workers_wait(3).unwrap(), "3 in futex (addresses: 1)");
    }

    /// You see the same of an idle runtime with a request or two.
    #[test]
    fn one_waiting_request_is_no_different_from_an_idle_worker() {
        assert_eq!(where_four_workers_wait(1).unwrap(), "3 in futex (addresses: 3)");
    }

    #[test]
    fn who_waits_for_a_lock_has_no_time_limit() {
        let (log, threads) = channel();
        let lock = Arc::new(Mutex::new(()));
        let held = lock.lock().unwrap();
        let waiting = thread::spawn({
            let lock = Arc::clone(&lock);
            move || {
                log.send(fs::read_link("/proc/thread-self").unwrap()).unwrap();
                drop(lock.lock());
            }
        });
        let calls = at_rest(&[threads.recv().unwrap()]).unwrap();
        drop(held);
        waiting.join().unwrap();
        assert_eq!(summary(&calls), "1 in futex (addresses: 1)");
        assert_eq!(calls[0].split(' ').nth(4), Some("0x0"));
    }
}
