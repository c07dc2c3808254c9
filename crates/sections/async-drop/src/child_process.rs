//! Guide 10.4 — A child process outlives its `Child`, unless `kill_on_drop` ends it with that.
//!
//! To take to work: `cargo run -- copy run_command`.

use std::io;
use std::process::Stdio;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::process::{Child, Command};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> io::Result<()> {
    println!("dropped: it runs on: {}", answers_after_the_drop(cat(false)?).await?);
    println!("dropped, kill_on_drop: it runs on: {}", answers_after_the_drop(cat(true)?).await?);
    // Right where one can await: then there is no process any more, not even a zombie.
    let mut child = cat(true)?;
    child.kill().await?;
    println!("killed and awaited: {}", child.wait().await?);
    Ok(())
}

/// It answers with what it gets, and ends by itself at the end of its input.
fn cat(kill: bool) -> io::Result<Child> {
    let mut command = Command::new("cat");
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).kill_on_drop(kill).spawn()
}

/// Drops it as a task does that is cancelled, and asks it for an echo.
async fn answers_after_the_drop(mut child: Child) -> io::Result<bool> {
    let (Some(mut to), Some(mut from)) = (child.stdin.take(), child.stdout.take()) else {
        return Err(io::ErrorKind::BrokenPipe.into());
    };
    let mut echo = async || {
        to.write_u8(7).await?;
        from.read_u8().await
    };
    // It has started.
    echo().await?;
    drop(child);
    Ok(echo().await.is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_dropped_child_runs_on_and_with_kill_on_drop_it_does_not() {
        assert!(answers_after_the_drop(cat(false).unwrap()).await.unwrap());
        assert!(!answers_after_the_drop(cat(true).unwrap()).await.unwrap());
    }

    #[tokio::test]
    async fn a_killed_child_has_ended_by_its_signal() {
        let mut child = cat(true).unwrap();
        child.kill().await.unwrap();
        assert!(child.wait().await.unwrap().to_string().starts_with("signal: 9"));
    }

    /// The state of a process in `ps`: `Z` is a zombie. One that is reaped has no file.
    #[cfg(target_os = "linux")] // reads the state of a process in /proc
    mod zombies {
        use super::*;
        use std::fs;

        fn state(id: u32) -> Option<char> {
            let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
            stat.rsplit_once(") ")?.1.chars().next()
        }

        /// The standard library reaps nothing that is not awaited.
        #[test]
        fn a_child_of_std_that_is_dropped_stays_a_zombie() {
            let mut command = std::process::Command::new("true");
            let child = command.spawn().unwrap();
            let id = child.id();
            drop(child);
            while state(id) != Some('Z') {
                assert_ne!(state(id), None, "reaped by whom?");
                std::thread::yield_now();
            }
        }

        /// Tokio reaps it when its runtime hears of the end of any child.
        #[tokio::test]
        async fn a_child_of_tokio_that_is_dropped_is_reaped_by_the_runtime() {
            let child = Command::new("true").spawn().unwrap();
            let id = child.id().unwrap();
            drop(child);
            while state(id).is_some() {
                tokio::time::sleep(std::time::Duration::from_millis(1)).await;
            }
        }

        #[tokio::test]
        async fn a_child_that_is_awaited_leaves_nothing_behind() {
            let mut child = cat(true).unwrap();
            let id = child.id().unwrap();
            child.kill().await.unwrap();
            assert_eq!((state(id), child.id()), (None, None));
        }
    }
}
