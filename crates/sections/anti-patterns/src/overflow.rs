//! Deep dive 2.4 — A future of 1 MiB, awaited in a task, overflows the stack of a debug build.

use tokio::task::JoinError;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    println!("Box::pin: {}", tokio::spawn(boxed()).await?);
    println!("big: {}", tokio::spawn(nested()).await?);
    Ok(())
}

/// Made on the stack once, then kept on the heap: this future holds a pointer to it.
async fn boxed() -> u8 {
    Box::pin(big()).await
}

/// Unoptimised code makes the large future on the stack and moves it on the stack: two copies of
/// 1 MiB, and a worker has 2 MiB. Optimised code writes it where it belongs.
async fn nested() -> u8 {
    big().await
}

async fn big() -> u8 {
    let buf = [0u8; 1024 * 1024];
    do_io().await;
    buf[0]
}

async fn do_io() {
    sleep(Duration::from_millis(10)).await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::ExitStatus;
    use utils::probe::in_child;

    /// That a release build survives it is shown in the root's `tests/release.rs`.
    /// Proves G-9.4-2, D-2-11, D-2-12.
    #[test]
    #[cfg_attr(not(debug_assertions), ignore = "optimized it does not")]
    fn the_plain_future_aborts_a_debug_build_and_the_boxed_one_runs() {
        let ended = in_child(Duration::from_secs(60), || {
            // On a stack as large as that of `main` on Linux: that of a test has 2 MiB.
            let program = std::thread::Builder::new().stack_size(8 << 20).spawn(main);
            program.unwrap().join().unwrap().unwrap();
        });
        assert!(ended.stdout.contains("Box::pin: 0\n"), "{ended:#?}");
        assert!(!ended.stdout.contains("big:"), "{ended:#?}");
        assert!(ended.stderr.contains("thread 'tokio-rt-worker'"), "{ended:#?}");
        assert!(ended.stderr.contains("has overflowed its stack"), "{ended:#?}");
        assert!(aborted(ended.status), "{ended:#?}");
    }

    fn size_of_output<F: FnOnce() -> R, R>(_call: F) -> usize {
        size_of::<R>()
    }

    /// Proves D-2-11.
    #[test]
    fn the_future_contains_its_buffer_and_the_boxed_one_a_pointer() {
        let buffer = 1024 * 1024;
        assert!((buffer..buffer + 1024).contains(&size_of_output(big)));
        assert!(size_of_output(nested) > buffer);
        assert_eq!(size_of_output(boxed), 2 * size_of::<usize>());
    }

    /// 3 MiB in a task that another task spawns: moved over the stack, in a release build too, as the
    /// root's `tests/release.rs` shows.
    /// Proves G-9.4-2.
    #[test]
    fn a_future_of_3_mib_spawned_from_within_a_task_aborts() {
        let ended = in_child(Duration::from_secs(60), || {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            runtime.block_on(async {
                let task = tokio::spawn(async {
                    let three = tokio::spawn(async { tokio::join!(big(), big(), big()) });
                    three.await
                });
                println!("{:?}", task.await);
            });
        });
        assert!(ended.stderr.contains("has overflowed its stack"), "{ended:#?}");
        assert!(aborted(ended.status), "{ended:#?}");
    }

    #[cfg(unix)]
    fn aborted(status: ExitStatus) -> bool {
        const SIGABRT: i32 = 6;
        std::os::unix::process::ExitStatusExt::signal(&status) == Some(SIGABRT)
    }

    #[cfg(not(unix))]
    fn aborted(status: ExitStatus) -> bool {
        !status.success()
    }
}
