//! Seeing what tasks do: spans, the console, task dumps.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod tracing_spans; // guide FAQ Q5, deep dive 12.2
mod span_of_a_task; // deep dive 12.2
mod backtrace; // deep dive 1.3
mod console; // guide FAQ Q5, deep dive 12.1
mod task_dump; // guide FAQ Q5

fn main() -> std::process::ExitCode {
    utils::section!(tracing_spans, span_of_a_task, backtrace; on request: console, task_dump)
}
