//! Deep dive 1.1 — An executor needs no runtime, no heap and no operating system: `core` is enough.

use core::cell::Cell;
use core::future::poll_fn;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};

// This function alone is for a computer. What it calls compiles for a chip as it stands.
pub fn main() {
    let [blinks, presses, polls, sleeps] = board();
    println!("{blinks} blinks, {presses} presses: {polls} polls, {sleeps} sleeps");
}

/// A board with a timer and a button, which is pressed at every second tick.
fn board() -> [u32; 4] {
    let (timer, button) = (Cell::new(false), Cell::new(false));
    let (blinks, presses) = (Cell::new(0), Cell::new(0));
    // Tasks and their locals live in this frame.
    let blink = pin!(count(&timer, &blinks, 4));
    let watch = pin!(count(&button, &presses, 2));
    let mut ticks = 0;
    let [polls, sleeps] = run([blink, watch], || {
        ticks += 1;
        timer.set(true);
        button.set(ticks % 2 == 0);
    });
    [blinks.get(), presses.get(), polls, sleeps]
}

/// Counts interrupts. A real handler comes amid a poll too: it needs an atomic, not a `Cell`.
async fn count(interrupt: &Cell<bool>, counter: &Cell<u32>, times: u32) {
    for _ in 0..times {
        poll_fn(|_| if interrupt.take() { Poll::Ready(()) } else { Poll::Pending }).await;
        counter.set(counter.get() + 1);
    }
}

type Task<'a> = Pin<&'a mut dyn Future<Output = ()>>;

/// Polls all tasks after each interrupt, so nobody has to wake one; returns its polls and sleeps.
///
/// `sleep` stops the processor until an interrupt: on an Arm chip, the instruction `wfe`.
fn run<const N: usize>(tasks: [Task<'_>; N], mut sleep: impl FnMut()) -> [u32; 2] {
    let mut tasks = tasks.map(Some);
    let (mut polls, mut sleeps) = (0, 0);
    loop {
        for slot in &mut tasks {
            slot.take_if(|task| {
                polls += 1;
                task.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_ready()
            });
        }
        if tasks.iter().all(Option::is_none) {
            return [polls, sleeps];
        }
        sleeps += 1;
        sleep();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env::consts::EXE_SUFFIX;
    use std::io::Write;
    use std::path::Path;
    use std::process::{Command, Output, Stdio};
    use utils::probe::allocations;

    /// Proves D-1-4.
    #[test]
    fn executor_tasks_and_wakers_allocate_nothing() {
        let (allocated, counts) = allocations(board);
        // Both tasks at first, and after each of four ticks.
        assert_eq!(counts, [4, 2, 2 + 4 * 2, 4]);
        assert_eq!(allocated, 0);
    }

    /// This file without `main` and these tests, in a crate without the standard library.
    fn compiled_without_std(more: &str) -> Output {
        let (program, _tests) = include_str!("no_std.rs").split_once("\n#[cfg(test)]").unwrap();
        let (imports, rest) = program.split_once("pub fn main() {").unwrap();
        let (_body, called) = rest.split_once("\n}\n").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let compiler = Path::new(env!("CARGO")).with_file_name(format!("rustc{EXE_SUFFIX}"));
        let mut compiler = Command::new(compiler)
            .args(["-", "--edition", "2024", "--crate-type", "lib", "--crate-name", "board"])
            .args(["--emit", "obj", "-C", "panic=abort", "--out-dir"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let source = format!("#![no_std]\n{imports}{called}{more}");
        compiler.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
        compiler.wait_with_output().unwrap()
    }

    /// Proves D-1-4, D-13-8.
    #[test]
    fn all_but_main_compiles_without_the_standard_library() {
        let output = compiled_without_std("");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// That the test above would notice.
    #[test]
    fn a_box_does_not_compile_there() {
        let output = compiled_without_std("fn heap() { let _ = Box::new(1); }");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("error[E0433]") && stderr.contains("`Box`"), "{stderr}");
    }
}
