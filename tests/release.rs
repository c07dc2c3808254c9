//! Promise: what is said of an optimized build without flags holds in one.
//!
//! All other tests are debug builds, with the `tokio_unstable` of this workspace.

use crate::support::Stranger;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

/// As `size.rs` of `runtime-comparison` has them: then Tokio is built once for both.
const MANIFEST: &str = r#"allocation-counter = "0.8"
tokio = { version = "1.54", features = ["net", "rt-multi-thread", "time"] }

[profile.release]
strip = true"#;

/// Prints how many blocks and bytes each of three tasks takes.
const BLOCKS: &str = r#"
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::runtime::{Builder, Runtime};

struct Bytes<const SIZE: usize>([u8; SIZE]);

impl<const SIZE: usize> Future for Bytes<SIZE> {
    type Output = u8;

    fn poll(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<u8> {
        Poll::Ready(self.0[SIZE / 2])
    }
}

fn main() {
    let runtime = Builder::new_current_thread().build().unwrap();
    // What the first task sets up for all is not to be counted.
    runtime.block_on(runtime.spawn(async {})).unwrap();
    print_heap_of(&runtime, async { 0 });
    print_heap_of(&runtime, Bytes([1; 16_384]));
    print_heap_of(&runtime, Bytes([1; 16_385]));
}

fn print_heap_of(runtime: &Runtime, future: impl Future<Output = u8> + Send + 'static) {
    let mut task = None;
    let taken = allocation_counter::measure(|| task = Some(runtime.spawn(future)));
    println!("{} of {} bytes", taken.count_total, taken.bytes_current);
}
"#;

/// Awaits 1 MiB in a task, or 3 MiB in one that a task spawns. The rest is that of `overflow.rs`.
const OVERFLOW: &str = r#"
use std::pin::pin;
use tokio::runtime::Runtime;
use tokio::time::{Duration, sleep};

fn main() {
    let runtime = Runtime::new().unwrap();
    let task = match std::env::args().len() {
        1 => runtime.spawn(nested()),
        _ => runtime.spawn(async { tokio::spawn(three()).await.unwrap() }),
    };
    println!("big: {}", runtime.block_on(task).unwrap());
}

async fn three() -> u8 {
    let (first, second, third) = (pin!(big()), pin!(big()), pin!(big()));
    first.await + second.await + third.await
}
"#;

/// The workspace's own flag makes it 256.
/// Proves D-1-6, D-6-16.
#[test]
fn a_task_is_one_block_of_128_bytes() {
    assert_eq!(heap_of_tasks()[0], "1 of 128 bytes");
}

/// Proves D-4-6.
#[test]
fn spawn_boxes_a_future_above_16384_bytes() {
    let blocks = heap_of_tasks().map(|heap| heap.split(" of ").next().map(String::from));
    assert_eq!(blocks.map(Option::unwrap), ["1", "1", "2"]);
}

/// Proves G-9.4-2, D-2-11.
#[test]
fn a_future_of_1_mib_runs_and_one_of_3_mib_aborts() {
    let small = run("overflow", &[]);
    assert!(small.status.success(), "{small:?}");
    assert_eq!(small.stdout, b"big: 0\n");

    let large = run("overflow", &["3 MiB"]);
    assert!(aborted(&large), "{large:?}");
    assert!(String::from_utf8_lossy(&large.stderr).contains("has overflowed its stack"));
    assert!(large.stdout.is_empty(), "{large:?}");
}

fn heap_of_tasks() -> [String; 3] {
    let output = run("blocks", &[]);
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).expect("programs print UTF-8");
    lines.lines().map(String::from).collect::<Vec<_>>().try_into().expect("a line for each task")
}

fn run(program: &str, arguments: &[&str]) -> Output {
    static TARGET: LazyLock<PathBuf> = LazyLock::new(build);
    let program = format!("release/{program}{}", std::env::consts::EXE_SUFFIX);
    Command::new(TARGET.join(program)).args(arguments).output().expect("it has been built")
}

/// The folder of what has been built.
fn build() -> PathBuf {
    let source = include_str!("../crates/sections/anti-patterns/src/overflow.rs");
    let (_, futures) = source.split_once("async fn nested()").expect("it awaits what is big");
    let (futures, _) = futures.split_once("#[cfg(test)]").expect("it has tests");
    let overflow = format!("{OVERFLOW}\nasync fn nested(){futures}");
    let programs = [("blocks", BLOCKS.to_string()), ("overflow", overflow)];
    let programs = programs.map(|(name, source)| (name.to_string(), source));
    let stranger = Stranger::new("release", "tasks", MANIFEST, &programs);
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("hello-target");
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline", "--release"])
        .current_dir(&stranger.folder)
        .env("CARGO_TARGET_DIR", &target)
        // It would be one more folder on the way to what is built.
        .env_remove("CARGO_BUILD_TARGET")
        // Not the flags of this workspace: a stranger's build has none.
        .env("CARGO_ENCODED_RUSTFLAGS", "")
        .output()
        .expect("cargo runs this test, so it can be run");
    assert!(output.status.success(), "{output:?}");
    target
}

#[cfg(unix)]
fn aborted(output: &Output) -> bool {
    const SIGABRT: i32 = 6;
    std::os::unix::process::ExitStatusExt::signal(&output.status) == Some(SIGABRT)
}

#[cfg(not(unix))]
fn aborted(output: &Output) -> bool {
    !output.status.success()
}
