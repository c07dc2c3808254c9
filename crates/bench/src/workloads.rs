//! The workloads, in the order of the table.

mod spawning;
mod outside;
mod yielding;
mod channels;
mod notifying;
mod locking;
mod timers;
mod net;
mod current_thread;
mod rest;

use crate::contender::*;
use crate::measure::{Ready, Round};

type Floor = fn() -> Round;

/// Where there is something to compare with that is no runtime.
pub const FLOORS: [(&str, Floor); 2] =
    [("wake-idle", outside::wake_thread), ("spawn-idle", outside::wake_thread)];

pub struct Workload {
    pub name: &'static str,
    /// What the ratio to Tokio is to be.
    pub reach: f64,
    /// Of so many rounds as are asked for: one in this many.
    pub rounds_less: usize,
    pub contenders: fn() -> Vec<Ready>,
}

/// Awaits them, one after the other.
async fn each(handles: impl IntoIterator<Item: Future<Output = ()>>) {
    for handle in handles {
        handle.await;
    }
}

/// What a process of its own measures: two figures, of which the second may be the first again.
pub struct Rest {
    pub name: &'static str,
    pub unit: [&'static str; 2],
    pub contenders: &'static [(&'static str, Figures)],
}

type Figures = fn() -> [f64; 2];

macro_rules! workloads {
    ($($name:literal, $reach:literal, $less:literal, $function:ident::$work:ident
       $(<$($size:literal),*>)?, [$($contender:ident),*];)*) => {
        &[$(Workload {
            name: $name,
            reach: $reach,
            rounds_less: $less,
            contenders: || workloads!(@ready $function::$work [$($contender)*] $([$($size),*])?),
        }),*]
    };
    (@ready $module:ident::$work:ident [$($contender:ident)*]) => {
        vec![$(Ready { name: $contender::NAME, round: $module::$work::<$contender>() }),*]
    };
    (@ready $module:ident::$work:ident [$($contender:ident)*] [$size:literal]) => {
        vec![$(Ready { name: $contender::NAME, round: $module::$work::<$contender, $size>() }),*]
    };
    (@ready $module:ident::$work:ident [$($contender:ident)*] [$size:literal, $more:literal]) => {
        vec![$(Ready { name: $contender::NAME, round: $module::$work::<$contender, $size, $more>() }),*]
    };
}

#[rustfmt::skip]
pub const WORKLOADS: &[Workload] = workloads![
    "spawn-many",           3.0, 1, spawning::spawn_many,                 [Tiny, Tokio, Smol, Futures];
    "spawn-join",           3.0, 1, spawning::spawn_and_join,             [Tiny, Tokio, Smol, Futures];
    "spawn-join-1000",      3.0, 1, spawning::spawn_and_join_many,        [Tiny, Tokio, Smol, Futures];
    "chained-spawn",        3.0, 1, spawning::chained_spawn,              [Tiny, Tokio, Smol, Futures];
    "ping-pong",            3.0, 1, spawning::ping_pong,                  [Tiny, Tokio, Smol, Futures];
    "remote-idle",          2.5, 1, outside::remote_idle,                 [Tiny, Tokio, Smol, Futures];
    "spawn-idle",           2.5, 1, outside::spawn_idle,                  [Tiny, Tokio, Smol, Futures];
    "wake-idle",            2.5, 1, outside::wake_idle,                   [Tiny, Tokio, Smol, Futures];
    "yield-many",           1.5, 2, yielding::yield_many,                 [Tiny, Tokio, Smol];
    "yield-few",            3.0, 1, yielding::yield_few,                  [Tiny, Tokio, Smol];
    "yield-few-socket",     1.0, 1, yielding::yield_few_socket,           [Tiny, Tokio, Smol];
    "remote-busy-yielding", 1.0, 1, outside::remote_busy_yielding,        [Tiny, Tokio, Smol];
    "remote-busy-spawning", 1.0, 1, outside::remote_busy_spawning,        [Tiny, Tokio, Smol, Futures];
    "mpsc",                 1.0, 1, channels::mpsc_contended,             [Tiny, Tokio, Smol, Futures];
    "mpsc-full",            1.0, 1, channels::mpsc_full,                  [Tiny, Tokio, Smol, Futures];
    "mpsc-tasks",           1.0, 1, channels::mpsc_tasks_contended,       [Tiny, Tokio, Smol, Futures];
    "mpsc-tasks-full",      1.0, 1, channels::mpsc_tasks_full,            [Tiny, Tokio, Smol, Futures];
    "mpsc-uncontended",     1.0, 1, channels::mpsc_uncontended,           [Tiny, Tokio, Smol, Futures];
    "notify-one",           1.0, 1, notifying::notify_one,                [Tiny, Tokio, Smol, Futures];
    "notify-waiters",       1.0, 1, notifying::notify_waiters,            [Tiny, Tokio, Smol, Futures];
    "notify-tasks",         1.0, 1, notifying::notify_tasks,              [Tiny, Tokio, Smol, Futures];
    "watch",                1.0, 1, notifying::watch,                     [Tiny, Tokio, Smol, Futures];
    "mutex",                1.0, 1, locking::mutex,                       [Tiny, Tokio, Smol, Futures];
    "ring",                 1.0, 1, channels::ring,                       [Tiny, Tokio, Smol, Futures];
    "timers-1e3",           1.0, 2, timers::insert_and_cancel<1_000>,     [Tiny, Tokio, Smol];
    "timers-1e4",           1.0, 2, timers::insert_and_cancel<10_000>,    [Tiny, Tokio, Smol];
    "timers-1e5",           1.0, 2, timers::insert_and_cancel<100_000>,   [Tiny, Tokio, Smol];
    "timers-1e6",           1.0, 6, timers::insert_and_cancel<1_000_000>, [Tiny, Tokio];
    "timeout",              1.0, 1, timers::timeout,                      [Tiny, Tokio, Smol];
    "timeout-beside",       1.0, 1, timers::timeout_beside,               [Tiny, Tokio, Smol];
    "firing-1e5",           1.0, 3, timers::firing,                       [Tiny, Tokio, Smol];
    "echo-64",              1.0, 1, net::throughput<64, 50>,              [Tiny, Tokio, Smol];
    "echo-64-p99",          1.0, 1, net::p99<64, 50>,                     [Tiny, Tokio, Smol];
    "echo-1000",            1.0, 2, net::throughput<1_000, 10>,           [Tiny, Tokio, Smol];
    "echo-1000-p99",        1.0, 2, net::p99<1_000, 10>,                  [Tiny, Tokio, Smol];
    "current-spawn",        1.5, 1, current_thread::spawn,                [TinyCurrent, TokioCurrent, SmolCurrent, FuturesCurrent];
    "current-block-on",     1.5, 1, current_thread::block_on,             [TinyCurrent, TokioCurrent, SmolCurrent, FuturesCurrent];
    "current-block-on-socket", 1.0, 1, current_thread::block_on_socket,   [TinyCurrent, TokioCurrent, SmolCurrent];
    "current-yield-many",   1.5, 1, current_thread::yield_many,           [TinyCurrent, TokioCurrent, SmolCurrent, FuturesCurrent];
    "current-yield-few",    1.5, 1, current_thread::yield_few,            [TinyCurrent, TokioCurrent, SmolCurrent, FuturesCurrent];
    "current-yield-few-socket", 1.0, 1, current_thread::yield_few_socket, [TinyCurrent, TokioCurrent, SmolCurrent];
    "current-ping-pong",    1.5, 1, current_thread::ping_pong,            [TinyCurrent, TokioCurrent, SmolCurrent, FuturesCurrent];
];

macro_rules! at_rest {
    ($($name:literal, $unit:expr, $function:path;)*) => {
        &[$(Rest {
            name: $name,
            unit: $unit,
            contenders: &[
                (Tiny::NAME, { use $function as of; of::<Tiny> }),
                (Tokio::NAME, { use $function as of; of::<Tokio> }),
                (Smol::NAME, { use $function as of; of::<Smol> }),
            ],
        }),*]
    };
}

pub const AT_REST: &[Rest] = at_rest![
    "idle-task", ["bytes", "resident"], rest::idle_task;
    "sleeping-task", ["bytes", "resident"], rest::sleeping_task;
    "idle-cpu", ["ms a second", ""], rest::idle_cpu;
];
