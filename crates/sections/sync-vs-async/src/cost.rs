//! Guide 8.2 — A task starts several times faster than a thread and takes some hundred bytes.

use std::thread;
use std::time::{Duration, Instant};

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let (thread, task) = (time_of_a_thread(), time_of_a_task().await);
    println!("a task starts at least 3 times faster: {}", thread > 3 * task);
    println!("its future takes less than 1 KiB: {}", size_of_val(&handler()) < 1024);
}

/// Started and joined, the best of a hundred: what others do on this machine only adds to it.
fn time_of_a_thread() -> Duration {
    let measure = |_| {
        let start = Instant::now();
        thread::spawn(|| {}).join().expect("it does nothing");
        start.elapsed()
    };
    (0..100).map(measure).min().unwrap_or_default()
}

/// Started and joined, the average of a hundred at once, and the best of a hundred such averages.
async fn time_of_a_task() -> Duration {
    let mut best = Duration::MAX;
    for _ in 0..100 {
        let start = Instant::now();
        let tasks: Vec<_> = (0..100).map(|_| tokio::spawn(async {})).collect();
        for task in tasks {
            task.await.expect("it does nothing");
        }
        best = best.min(start.elapsed() / 100);
    }
    best
}

async fn handler() {
    tokio::time::sleep(Duration::from_millis(10)).await;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The document says 「~数ms」.
    /// Proves G-8.2-3.
    #[test]
    fn a_thread_starts_in_less_than_a_millisecond() {
        assert!(time_of_a_thread() < Duration::from_millis(1));
    }

    /// Proves G-8.2-4.
    #[tokio::test]
    async fn a_task_starts_in_less_than_20_microseconds() {
        assert!(time_of_a_task().await < Duration::from_micros(20));
    }

    /// Proves G-8.2-4.
    #[tokio::test]
    async fn a_task_starts_at_least_three_times_faster_than_a_thread() {
        assert!(time_of_a_thread() > 3 * time_of_a_task().await);
    }

    /// Proves G-8.2-2.
    #[cfg(target_pointer_width = "64")] // with pointers of 4 bytes it is smaller
    #[test]
    fn the_future_of_a_sleeping_task_is_some_hundred_bytes() {
        assert!((100..400).contains(&size_of_val(&handler())), "{}", size_of_val(&handler()));
    }

    #[inline(never)]
    fn leaf() -> String {
        std::backtrace::Backtrace::force_capture().to_string()
    }

    async fn inner() -> String {
        leaf()
    }

    async fn who_awaits() -> String {
        let trace = inner().await;
        // Not the last thing it does, so that no compiler leaves it out of the stack.
        tokio::task::yield_now().await;
        trace
    }

    async fn who_spawns() -> String {
        tokio::spawn(who_awaits()).await.unwrap()
    }

    #[inline(never)]
    fn who_calls() -> String {
        let trace = leaf();
        std::hint::black_box(trace)
    }

    /// Proves G-8.2-5.
    #[tokio::test]
    async fn a_backtrace_names_who_awaits_and_not_who_spawned() {
        let this = "a_backtrace_names_who_awaits_and_not_who_spawned";
        let sync = who_calls();
        assert!(sync.contains("::leaf") && sync.contains("::who_calls"), "{sync}");
        assert!(sync.contains(this), "{sync}");

        let of_task = who_spawns().await;
        assert!(of_task.contains("::leaf") && of_task.contains("::who_awaits"), "{of_task}");
        assert!(!of_task.contains("::who_spawns"), "{of_task}");
    }
}
