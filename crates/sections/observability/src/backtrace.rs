//! Deep dive 1.3 — A backtrace names the async functions that run now; it shows no suspended task.
//!
//! In a debug build. A release build inlines functions and knows no lines.

use std::backtrace::Backtrace;
use std::error::Error;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use tokio::runtime::Builder;
use tokio::task::yield_now;

pub fn main() -> Result<(), Box<dyn Error>> {
    // One thread: between two `block_on` nothing runs.
    let runtime = Builder::new_current_thread().build()?;
    let (log, backtraces) = channel();
    let task = runtime.spawn(first(log.clone()));
    // Polls the task once.
    runtime.block_on(yield_now());
    log.send(Backtrace::force_capture())?;
    runtime.block_on(task)?;
    for (state, backtrace) in ["running", "suspended", "resumed"].into_iter().zip(backtraces) {
        let (own, others) = frames(&backtrace);
        println!("{state}: {own} async functions, more than 10 other frames: {}", others > 10);
    }
    Ok(())
}

async fn first(log: Sender<Backtrace>) {
    second(log).await;
}

async fn second(log: Sender<Backtrace>) {
    third(log).await;
}

async fn third(log: Sender<Backtrace>) {
    // Nobody listens once `main` has failed.
    let _ = log.send(Backtrace::force_capture());
    yield_now().await;
    let _ = log.send(Backtrace::force_capture());
}

/// The frames of the async functions of this file, and the others.
///
/// With full debug info they are called `first::{{closure}}`, or `first::{closure#0}` by Rust 1.100;
/// with line tables `{async_fn#0}`.
fn frames(backtrace: &Backtrace) -> (usize, usize) {
    let file = Path::new(file!()).file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let (text, here) = (backtrace.to_string(), format!("{file}:"));
    let (mut own, mut others) = (0, 0);
    let mut lines = text.lines().peekable();
    while let Some(name) = lines.next() {
        let place = lines.next_if(|line| line.trim_start().starts_with("at ")).unwrap_or_default();
        let is_async = ["{{closure}}", "{closure#", "{async_fn"].iter().any(|it| name.contains(it));
        *(if is_async && place.contains(&here) { &mut own } else { &mut others }) += 1;
    }
    (own, others)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Where `code` stands in this file.
    fn position(code: &str) -> String {
        let lines = include_str!("backtrace.rs").lines();
        let line = lines.take_while(|line| line.trim() != code).count() + 1;
        format!("backtrace.rs:{line}:")
    }

    /// A backtrace from `third`, first with nothing done before it, then after it was suspended.
    fn two_backtraces() -> [Backtrace; 2] {
        // On a worker, since this thread has closures of this file on its stack: the tests.
        let runtime = Builder::new_multi_thread().worker_threads(1).build().unwrap();
        let (log, backtraces) = channel();
        runtime.spawn(first(log));
        backtraces.iter().collect::<Vec<_>>().try_into().unwrap()
    }

    /// Innermost first, as anywhere; the rest is Tokio and the standard library.
    /// Proves D-1-12.
    #[test]
    fn a_running_task_has_a_frame_for_each_async_function_down_to_the_innermost() {
        let backtraces = two_backtraces();
        let innermost = include_str!("backtrace.rs").lines().enumerate();
        let sends = innermost.filter(|(_, line)| line.contains("let _ = log.send("));
        for (backtrace, (number, _)) in backtraces.iter().zip(sends) {
            let text = backtrace.to_string();
            let third = format!("backtrace.rs:{}:", number + 1);
            let places = [third, position("third(log).await;"), position("second(log).await;")];
            let lines: Vec<_> = text.lines().collect();
            let pairs = lines.windows(2).filter(|pair| pair[1].contains("backtrace.rs:"));
            let names = ["::third::", "::second::", "::first::"].into_iter();
            for ((name, place), frame) in names.zip(&places).zip(pairs) {
                assert!(frame[0].contains(name) && frame[1].contains(place), "{name} in {text}");
            }
            let (own, others) = frames(backtrace);
            assert_eq!(own, 3, "{text}");
            assert!(others > 10, "{text}");
        }
    }

    /// Its only thread is here, and none of its functions is on the stack.
    /// Proves D-1-12.
    #[test]
    fn a_suspended_task_has_no_frames() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let (log, backtraces) = channel();
        let task = runtime.spawn(first(log));
        runtime.block_on(yield_now());
        assert_eq!(backtraces.try_iter().count(), 1);
        assert!(!task.is_finished());
        let backtrace = Backtrace::force_capture();
        for code in ["third(log).await;", "second(log).await;"] {
            assert!(!backtrace.to_string().contains(&position(code)), "{backtrace}");
        }
    }

    #[test]
    fn who_spawned_a_task_is_not_in_its_backtrace() {
        for backtrace in two_backtraces() {
            assert!(!backtrace.to_string().contains("two_backtraces"), "{backtrace}");
        }
        assert!(Backtrace::force_capture().to_string().contains("who_spawned_a_task"));
    }
}
