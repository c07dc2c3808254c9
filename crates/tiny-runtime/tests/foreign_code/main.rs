//! Foreign code may panic, block, spawn, wake, end the runtime or come back to what runs it, wherever
//! it runs: the runtime goes on, ends, and keeps nothing. The same on Tokio, where that is so.

#![cfg(not(loom))]
#![expect(clippy::duplicate_mod, reason = "the same cells, on two runtimes")]
#![expect(unsafe_code, reason = "wakers whose clone and drop act")]

#[path = "."]
mod on_tokio {
    pub mod rt {
        pub use tokio::{net, runtime, task, time};
    }
    pub mod matrix;
}

#[path = "."]
mod on_tiny {
    pub mod rt {
        pub use tiny_runtime::{net, runtime, task, time};
    }
    pub mod matrix;
}

mod children;
mod door;

use on_tiny::matrix::{BREAKS, HANGS, Outcomes};

/// Whether one of these acts is the cell's.
fn acts(cell: &str, acts: &[&str]) -> bool {
    acts.iter().any(|act| cell.contains(&format!(": {act},")))
}

/// Whether one of these is part of the cell's name.
fn names(cell: &str, parts: &[&str]) -> bool {
    parts.iter().any(|part| cell.contains(part))
}

/// Cells that end the process on Tokio, or hang there. A worker that unwinds aborts, and so does a
/// second panic; wakers of sockets are cloned and dropped under a lock, and those that yield in a cell
/// that is borrowed.
fn tokio_cannot(cell: &str) -> bool {
    let panics = ["Panics", "PanicsWithABomb", "BlocksOn", "BlocksInPlace", "DropsTheRuntime"];
    let panics = acts(cell, &panics);
    let is_waker = cell.starts_with("waker") && !names(cell, &["Clone"]);
    let takes_locks = acts(cell, &["ComesBack", "DropsTheRuntime"]);
    acts(cell, &["PanicsWithABomb"])
        || panics && (is_waker || names(cell, &["drop as the poll panics"]))
        || takes_locks && names(cell, &["Listener", "Socket", "Set", "Yield"])
}

/// A thread of the pool, or one that blocks in place, would wait for itself.
fn waits_for_itself(cell: &str) -> bool {
    acts(cell, &["DropsTheRuntime"]) && names(cell, &["closure"])
}

/// The outcomes need not be equal.
fn may_differ(cell: &str) -> bool {
    // When the end is seen is a matter of time.
    acts(cell, &["DropsTheRuntime", "AbortsItself"]) && names(cell, &["Worker"])
        || acts(cell, &["DropsTheRuntime"])
        // tiny-runtime drops a root, and all tasks at the end, where futures are polled.
        || acts(cell, &["BlocksOn"]) && names(cell, &["drop of a root", "drop at the end"])
        // Tokio's worker is busy with the waker; tiny-runtime's is not.
        || acts(cell, &["BlocksInPlace"]) && names(cell, &["Yield"])
}

fn assert_all_are_borne(outcomes: &Outcomes) {
    let is_bad = |outcome: &str| outcome == HANGS || outcome == BREAKS;
    let bad: Vec<_> = outcomes.iter().filter(|(_, outcome)| is_bad(outcome)).collect();
    assert!(bad.is_empty(), "{bad:#?}");
    assert!(!outcomes.is_empty());
}

#[test]
fn each_place_bears_each_act_and_what_comes_out_is_what_tokio_lets_out() {
    if cfg!(miri) {
        // A cell takes seconds there: the act that unwinds, on a worker, and not the pool's places.
        let skips = |cell: &str| !acts(cell, &["Panics"]) || names(cell, &["closure", "OneThread"]);
        return assert_all_are_borne(&on_tiny::matrix::visit(skips));
    }
    let tiny = on_tiny::matrix::visit(waits_for_itself);
    assert_all_are_borne(&tiny);
    let mut tokio = on_tokio::matrix::visit(|cell| waits_for_itself(cell) || tokio_cannot(cell));
    assert_all_are_borne(&tokio);
    tokio.retain(|cell, outcome| !may_differ(cell) && *outcome != tiny[cell]);
    assert!(tokio.is_empty(), "on Tokio: {tokio:#?}");
}
