//! Deep dive 12.4 — Workers start with the runtime, blocking threads only when they are needed.

use std::io;
use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Barrier};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{JoinError, JoinSet};
use tokio::time::{Duration, sleep};

pub fn main() -> io::Result<()> {
    let (log, starts) = mpsc::channel();
    let runtime = tuned(log)?;
    println!("worker_threads(8): {} workers", runtime.metrics().num_workers());
    runtime.block_on(three_closures_at_once())?;
    // Its end is the end of all its threads, and so of the list.
    drop(runtime);
    println!("8 workers and 3 closures at once: {} threads", starts.iter().count());
    Ok(())
}

/// Sends a word for each thread that starts.
fn tuned(log: Sender<()>) -> io::Result<Runtime> {
    Builder::new_multi_thread()
        // Beats TOKIO_WORKER_THREADS, which the operator of the program may have set. Leave it out
        // if that is to count, and without it the number of cores.
        .worker_threads(8)
        // On top of the workers. The default is 512.
        .max_blocking_threads(1024)
        // Without a driver the first timer or socket panics.
        .enable_all()
        .on_thread_start(move || {
            // Nobody may want to know.
            let _ = log.send(());
        })
        .build()
}

/// They meet, so that none can take over the thread of another.
async fn three_closures_at_once() -> Result<(), JoinError> {
    sleep(Duration::from_millis(1)).await;
    let meeting = Arc::new(Barrier::new(3));
    let mut closures = JoinSet::new();
    for _ in 0..3 {
        let meeting = Arc::clone(&meeting);
        closures.spawn_blocking(move || {
            meeting.wait();
        });
    }
    while let Some(closure) = closures.join_next().await {
        closure?;
    }
    Ok(())
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use std::process::Command;
    use std::sync::OnceLock;
    use std::thread::available_parallelism;
    use tokio::net::TcpListener;
    use utils::probe::{Child, Ended};

    /// Proves G-8.1-9.
    #[test]
    fn eight_workers_and_three_closures_are_eleven_threads() {
        let (log, starts) = mpsc::channel();
        let runtime = tuned(log).unwrap();
        assert_eq!(runtime.metrics().num_workers(), 8);
        runtime.block_on(three_closures_at_once()).unwrap();
        drop(runtime);
        assert_eq!(starts.iter().count(), 8 + 3);
    }

    #[test]
    fn the_limit_of_blocking_threads_is_on_top_of_the_workers() {
        let (log, starts) = mpsc::channel();
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .max_blocking_threads(3)
            .on_thread_start(move || log.send(()).unwrap())
            .build()
            .unwrap();
        let gate = Arc::new(OnceLock::new());
        for _ in 0..5 {
            let gate = Arc::clone(&gate);
            runtime.spawn_blocking(move || *gate.wait());
        }
        assert_eq!(starts.iter().take(2 + 3).count(), 2 + 3);
        // A closure is taken from the queue a moment after its thread has started.
        while runtime.metrics().blocking_queue_depth() > 2 {
            std::thread::yield_now();
        }
        let threads = runtime.metrics().num_blocking_threads();
        gate.set(()).unwrap();
        assert_eq!(threads, 3);
        drop(runtime);
        assert_eq!(starts.iter().count(), 0, "more threads than allowed");
    }

    /// The settings as the document prints them.
    fn as_printed() -> Runtime {
        Builder::new_multi_thread().worker_threads(8).max_blocking_threads(1024).build().unwrap()
    }

    /// Proves D-12-7.
    #[test]
    #[should_panic = "A Tokio 1.x context was found, but timers are disabled. Call `enable_time` on the runtime builder to enable timers."]
    fn without_enable_all_a_timer_panics() {
        as_printed().block_on(async { sleep(Duration::ZERO).await });
    }

    /// Proves D-12-7.
    #[test]
    #[should_panic = "A Tokio 1.x context was found, but IO is disabled. Call `enable_io` on the runtime builder to enable IO."]
    fn without_enable_all_a_socket_panics() {
        let _unreached = as_printed().block_on(TcpListener::bind("127.0.0.1:0"));
    }

    #[test]
    fn with_enable_all_both_work() {
        let (log, _starts) = mpsc::channel();
        tuned(log).unwrap().block_on(async {
            sleep(Duration::ZERO).await;
            TcpListener::bind("127.0.0.1:0").await.unwrap();
        });
    }

    /// Holds in any environment; the two tests below run it in theirs and read what it prints.
    #[test]
    fn a_number_in_the_program_beats_the_environment() {
        let default = Builder::new_multi_thread().build().unwrap().metrics().num_workers();
        println!("{default} workers by default");
        let explicit = Builder::new_multi_thread().worker_threads(2).build().unwrap();
        assert_eq!(explicit.metrics().num_workers(), 2);
    }

    fn with_environment(workers: Option<&str>) -> Ended {
        let mut command = Command::new(std::env::current_exe().unwrap());
        let test = "settings::tests::a_number_in_the_program_beats_the_environment";
        command.args([test, "--exact", "--nocapture"]);
        command.env("RUST_BACKTRACE", "0").env_remove("TOKIO_WORKER_THREADS");
        command.envs(workers.map(|number| ("TOKIO_WORKER_THREADS", number)));
        Child::start(&mut command).end()
    }

    /// Proves G-1.2-4, D-5-3.
    #[test]
    fn the_environment_sets_the_workers_that_the_program_does_not() {
        let seven = with_environment(Some("7"));
        assert!(seven.status.success(), "{seven:#?}");
        assert!(seven.stdout.contains("7 workers by default"), "{seven:#?}");
        let unset = with_environment(None);
        assert!(unset.status.success(), "{unset:#?}");
        let cores = available_parallelism().unwrap();
        assert!(unset.stdout.contains(&format!("{cores} workers by default")), "{unset:#?}");
    }

    #[test]
    fn an_environment_without_workers_panics() {
        let zero = with_environment(Some("0"));
        assert!(!zero.status.success(), "{zero:#?}");
        assert!(zero.stderr.contains(r#""TOKIO_WORKER_THREADS" cannot be set to 0"#), "{zero:#?}");
    }
}
