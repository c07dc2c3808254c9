//! Deep dive 16.3 — Idle workers sit in `futex` too; threads that want one lock sit at one address.
//!
//! Needs Rust 1.87, for the pipe of `std::io`.

use std::collections::HashSet;
use std::io::{self, PipeReader, Read, Write, pipe};
use std::path::{Path, PathBuf};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use std::{fs, thread};
use tokio::runtime::Builder;
use tokio::task::JoinSet;

pub fn main() -> io::Result<()> {
    if !cfg!(all(target_os = "linux", any(target_arch = "aarch64", target_arch = "x86_64"))) {
        println!("where threads wait can be read on Linux only, on aarch64 or x86_64");
        return Ok(());
    }
    println!("nothing to do: {}", where_four_workers_wait(0, lock_after_the_read)?);
    println!("a lock around the read: {}", where_four_workers_wait(4, lock_around_the_read)?);
    println!("a lock after the read: {}", where_four_workers_wait(4, lock_after_the_read)?);
    Ok(())
}

/// Wrong: one worker waits for the bytes, all others for that worker.
fn lock_around_the_read(total: &Mutex<usize>, mut service: &PipeReader) -> io::Result<()> {
    // Poisoned only by a panic of a holder, and there is none.
    let mut total = total.lock().unwrap();
    service.read_exact(&mut [0])?;
    *total += 1;
    Ok(())
}

/// Right about the lock: four reads at once. That they block four workers is another matter.
fn lock_after_the_read(total: &Mutex<usize>, mut service: &PipeReader) -> io::Result<()> {
    service.read_exact(&mut [0])?;
    *total.lock().unwrap() += 1;
    Ok(())
}

/// The system calls of the four workers of a runtime while nothing moves.
fn where_four_workers_wait(
    requests: usize,
    request: impl Fn(&Mutex<usize>, &PipeReader) -> io::Result<()> + Copy + Send + 'static,
) -> io::Result<String> {
    let (log, threads) = channel();
    let runtime = Builder::new_multi_thread()
        .worker_threads(4)
        .enable_all()
        .on_thread_start(move || {
            // `PROCESS/task/THREAD`, each thread its own. Nobody asks for more than four.
            let _ = log.send(fs::read_link("/proc/thread-self"));
        })
        .build()?;
    let workers: Vec<_> = threads.iter().take(4).collect::<io::Result<_>>()?;

    // Dropped before the runtime, which waits for its tasks: the end of it is the end of a read.
    let (service, mut answers) = pipe()?;
    let shared = Arc::new((Mutex::new(0), service));
    let (starts, started) = channel();
    let mut tasks = JoinSet::new();
    for _ in 0..requests {
        let (shared, starts) = (Arc::clone(&shared), starts.clone());
        let task = async move {
            starts.send(()).expect("this function waits for it");
            request(&shared.0, &shared.1)
        };
        tasks.spawn_on(task, runtime.handle());
    }
    started.iter().take(requests).for_each(drop);
    let calls = at_rest(&workers)?;

    answers.write_all(&vec![0; requests])?;
    runtime.block_on(tasks.join_all()).into_iter().collect::<io::Result<()>>()?;
    Ok(summary(&calls))
}

/// The system call of each thread, as soon as all are blocked in one, and twice in the same.
///
/// Read one after the other, a first thread may have been woken by a last one in between; nobody
/// is left to wake it after that.
fn at_rest(threads: &[PathBuf]) -> io::Result<Vec<String>> {
    let mut before = Vec::new();
    loop {
        let call = |thread| fs::read_to_string(Path::new("/proc").join(thread).join("syscall"));
        let now: Vec<_> = threads.iter().map(call).collect::<io::Result<_>>()?;
        // Of a thread that runs, `running`.
        let blocked = |call: &String| call.starts_with(|first: char| first.is_ascii_digit());
        if now == before && now.iter().all(blocked) {
            return Ok(now);
        }
        before = now;
        thread::sleep(Duration::from_millis(1));
    }
}

/// From lines like `202 0x7f88…`: the number of the call, then its arguments. The first argument
/// of `futex` is the address at which it waits.
fn summary(calls: &[String]) -> String {
    let [read, epoll_wait, futex] =
        if cfg!(target_arch = "x86_64") { ["0", "232", "202"] } else { ["63", "22", "98"] };
    let of = |number| calls.iter().filter(move |call| call.split(' ').next() == Some(number));
    let addresses: HashSet<_> = of(futex).map(|call| call.split(' ').nth(1)).collect();
    format!(
        "read {}, epoll_wait {}, futex {} (addresses: {})",
        of(read).count(),
        of(epoll_wait).count(),
        of(futex).count(),
        addresses.len(),
    )
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
        let idle = "read 0, epoll_wait 1, futex 3 (addresses: 3)";
        assert_eq!(where_four_workers_wait(0, lock_after_the_read).unwrap(), idle);
    }

    /// Proves D-16-5.
    #[test]
    fn three_workers_that_want_one_lock_sit_in_futex_at_one_address() {
        let contended = "read 1, epoll_wait 0, futex 3 (addresses: 1)";
        assert_eq!(where_four_workers_wait(4, lock_around_the_read).unwrap(), contended);
    }

    #[test]
    fn with_the_lock_after_it_all_four_are_in_their_read() {
        let together = "read 4, epoll_wait 0, futex 0 (addresses: 0)";
        assert_eq!(where_four_workers_wait(4, lock_after_the_read).unwrap(), together);
    }

    /// What one sees of an idle runtime with a request or two.
    #[test]
    fn one_request_blocks_one_worker_and_the_others_sit_idle_in_futex() {
        let one = "read 1, epoll_wait 1, futex 2 (addresses: 2)";
        assert_eq!(where_four_workers_wait(1, lock_around_the_read).unwrap(), one);
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
        assert_eq!(summary(&calls), "read 0, epoll_wait 0, futex 1 (addresses: 1)");
        assert_eq!(calls[0].split(' ').nth(4), Some("0x0"));
    }
}
