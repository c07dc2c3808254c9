//! Guide 10.1 — Once it was awaited, Ctrl+C never kills again: a second one must be awaited too.
//!
//! To take to work: `cargo run -- copy drain_on_signal`.

use std::io;
use std::process::ExitCode;
use tokio::signal::ctrl_c;
use tokio::time::{Duration, sleep};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> io::Result<ExitCode> {
    println!("Ctrl+C begins a clean-up of a minute; a second one cuts it short");
    ctrl_c().await?;
    println!("cleaning up");
    let clean_up = sleep(Duration::from_secs(60));
    // Without this branch, users press Ctrl+C again and again, and nothing happens: Tokio's handler
    // stays in place of the default one, which kills.
    tokio::select! {
        () = clean_up => Ok(ExitCode::SUCCESS),
        again = ctrl_c() => again.map(|()| ExitCode::FAILURE),
    }
}

#[cfg(test)]
#[cfg(unix)] // sends real signals
mod tests {
    use super::*;
    use rustix::process::{Signal, getpid, kill_process};
    use std::future::ready;
    use std::os::unix::process::ExitStatusExt;
    use std::pin::pin;
    use tokio::runtime::Builder;
    use tokio::signal::unix::{SignalKind, signal};
    use utils::probe::in_child;

    const LIMIT: Duration = Duration::from_secs(60);

    /// A shell may have its background jobs ignore SIGINT, so it is SIGTERM that kills here.
    fn terminate() {
        kill_process(getpid(), Signal::TERM).unwrap();
    }

    #[test]
    fn before_it_was_ever_awaited_a_signal_kills() {
        let ended = in_child(LIMIT, || {
            terminate();
            // Another thread may be the one that it comes to.
            std::thread::park();
        });
        assert_eq!(ended.status.signal(), Some(15), "{ended:#?}");
    }

    #[test]
    fn after_it_was_awaited_once_no_number_of_signals_does() {
        let ended = in_child(LIMIT, || {
            let runtime = Builder::new_current_thread().enable_io().build().unwrap();
            runtime.block_on(async {
                let mut first = signal(SignalKind::terminate()).unwrap();
                terminate();
                first.recv().await;
            });
            // It stays so when the task that waited has ended, and when the runtime has.
            drop(runtime);
            (0..10).for_each(|_| terminate());
            println!("it lives");
        });
        assert!(ended.status.success() && ended.stdout.ends_with("it lives\n"), "{ended:#?}");
    }

    #[test]
    fn a_second_signal_that_is_awaited_ends_the_clean_up() {
        let ended = in_child(LIMIT, || {
            let runtime = Builder::new_current_thread().enable_io().build().unwrap();
            runtime.block_on(async {
                for time in ["first", "second"] {
                    let mut signal = pin!(ctrl_c());
                    tokio::select! {
                        biased;
                        // The first poll registers it.
                        _ = &mut signal => unreachable!("there is none yet"),
                        () = ready(()) => kill_process(getpid(), Signal::INT).unwrap(),
                    }
                    signal.await.unwrap();
                    println!("{time}");
                }
            });
        });
        assert!(ended.stdout.ends_with("first\nsecond\n"), "{ended:#?}");
    }
}
