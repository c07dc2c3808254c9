//! Deep dive 7.2 — A child whose output nobody reads stops at a full pipe, and `wait` never ends.

use std::io;
use std::process::Stdio;
use tokio::process::{Child, Command};
use tokio::time::{Duration, timeout};

/// More than a pipe holds: that is 64 KiB on Linux.
const MIB: usize = 1024 * 1024;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> io::Result<()> {
    println!("a child that prints 1 KiB: {}", prints(1024)?.wait().await?);
    println!("one that prints 1 MiB: {}", waited_for(prints(MIB)?).await?);
    println!("one whose output is read: {} bytes", read(prints(MIB)?).await?);
    Ok(())
}

/// Wrong: the child waits for a reader of its output, and the only one waits for the child.
async fn waited_for(mut child: Child) -> io::Result<String> {
    // A moment is enough: after an hour it is no different.
    match timeout(Duration::from_millis(20), child.wait()).await {
        Ok(status) => status.map(|status| status.to_string()),
        Err(_elapsed) => Ok("still running".to_string()),
    }
}

/// Right: this reads while it waits. So does a `join!` of `wait` and a read of `stdout`.
async fn read(child: Child) -> io::Result<usize> {
    Ok(child.wait_with_output().await?.stdout.len())
}

fn prints(bytes: usize) -> io::Result<Child> {
    let mut command = Command::new("head");
    command.args(["-c", &bytes.to_string(), "/dev/zero"]);
    command.stdout(Stdio::piped()).kill_on_drop(true).spawn()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, sink};

    #[tokio::test]
    async fn what_fits_into_the_pipe_needs_no_reader() {
        assert!(prints(1024).unwrap().wait().await.unwrap().success());
    }

    #[tokio::test]
    async fn a_child_that_prints_more_does_not_end() {
        assert_eq!(waited_for(prints(MIB).unwrap()).await.unwrap(), "still running");
    }

    #[tokio::test]
    async fn read_while_it_is_awaited_it_ends() {
        assert_eq!(read(prints(MIB).unwrap()).await.unwrap(), MIB);
    }

    /// Where it stops, and that it is the pipe: it ends when all but what fits has been taken.
    #[cfg(target_os = "linux")] // expects the size of a pipe of Linux
    #[tokio::test]
    async fn it_ends_as_soon_as_what_is_left_fits_into_the_pipe() {
        const PIPE: usize = 64 * 1024;
        let mut child = prints(MIB).unwrap();
        let mut output = child.stdout.take().unwrap();
        let mut taken = vec![0; MIB - PIPE];
        output.read_exact(&mut taken).await.unwrap();
        assert!(child.wait().await.unwrap().success());
        assert_eq!(tokio::io::copy(&mut output, &mut sink()).await.unwrap(), PIPE as u64);
    }

    /// By default a child has the output of its parent, and there is nothing to read.
    #[tokio::test]
    async fn without_a_pipe_there_is_nothing_to_fill() {
        let mut command = Command::new("head");
        command.args(["-c", &MIB.to_string(), "/dev/zero"]).stdout(Stdio::null());
        assert!(command.status().await.unwrap().success());
    }
}
