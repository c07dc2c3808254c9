//! Deep dive 9.2 — A read of stdin cannot be cancelled: at its end the runtime waits for the next line.
//!
//! To take to work: `cargo run -- copy stdin_lines`.

use std::io;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::time::{Duration, timeout};

pub fn main() -> io::Result<()> {
    eprintln!("This program hangs on purpose, until you press Enter.");
    ask("tokio::io::stdin", async {
        BufReader::new(tokio::io::stdin()).lines().next_line().await.ok().flatten()
    })?;
    ask("a thread", lines().recv())
}

/// Waits 50 ms for a line, and then for the end of its runtime.
///
/// The timeout drops a future. What reads for Tokio is a closure on the blocking pool, and goes on.
fn ask(name: &str, line: impl Future<Output = Option<String>>) -> io::Result<()> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    let line = runtime.block_on(async { timeout(Duration::from_millis(50), line).await });
    println!("{name}: {line:?}");
    drop(runtime);
    println!("{name}: the runtime has ended");
    Ok(())
}

/// Good: nobody waits at the end for a thread of your own, and a line that comes late is not lost.
fn lines() -> Receiver<String> {
    let (sender, lines) = channel(1);
    std::thread::spawn(move || {
        // Up to an error of `send`: nobody wants lines any more.
        io::stdin().lines().map_while(Result::ok).try_for_each(|line| sender.blocking_send(line))
    });
    lines
}

#[cfg(test)]
mod tests {
    use super::*;
    use utils::probe::{Child, rerun};

    /// A hundred times what it takes when nothing waits for stdin.
    const LIMIT: Duration = Duration::from_secs(1);

    const BEGINNING: &str = "tokio::io::stdin: Err(Elapsed(()))\n";
    const END: &str = "tokio::io::stdin: the runtime has ended\n\
                       a thread: Err(Elapsed(()))\na thread: the runtime has ended\n";

    #[test]
    fn the_runtime_waits_for_a_line_that_nobody_types() {
        let mut program = Child::with_stdin(&mut rerun(|| main().unwrap()));
        program.wait_for_line("Elapsed");
        let ended = program.end_within(LIMIT);
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.ends_with(BEGINNING), "{ended:#?}");
        assert!(ended.stderr.starts_with("This program hangs on purpose"), "{ended:#?}");
    }

    /// Tokio's read takes it, although nobody has asked for it any more: the thread waits for the next.
    #[test]
    fn with_a_line_it_ends_and_the_line_is_lost_and_for_a_thread_nobody_waits() {
        let mut program = Child::with_stdin(&mut rerun(|| main().unwrap()));
        program.wait_for_line("Elapsed");
        program.type_in("hello\n");
        let ended = program.end();
        assert!(ended.status.success(), "{ended:#?}");
        assert!(ended.stdout.ends_with(&format!("{BEGINNING}{END}")), "{ended:#?}");
    }
}
