//! The rows, in the order of the table.

mod spawning;
mod outside;
mod yielding;
mod channels;
mod notifying;
mod locking;
mod blocking;
mod timers;
mod net;
mod current_thread;
mod rest;

use crate::contender::*;
use crate::measure::{Ready, Round};
use crate::row::{Group, Row, row};
use net::Of::{P99, Throughput};
use outside::Of::{Own, Wait};
use outside::{spawning as busy_spawning, yielding as busy_yielding};

/// Awaits them, one after the other.
async fn each(handles: impl IntoIterator<Item: Future<Output = ()>>) {
    for handle in handles {
        handle.await;
    }
}

/// Each of these types, as `R`.
macro_rules! ready {
    ($work:expr; $($(#[$cfg:meta])? $column:ident),*) => {
        || Vec::from([$($(#[$cfg])? {
            type R = $column;
            Ready { name: R::NAME, round: $work }
        }),*])
    };
}

macro_rules! all {
    ($work:expr) => { ready!($work; Tiny, #[cfg(beside)] Beside, Tokio, Smol, Executor, Futures) };
}
macro_rules! yielding {
    ($work:expr) => { ready!($work; Tiny, #[cfg(beside)] Beside, Tokio, Smol, Executor) };
}
macro_rules! reactors {
    ($work:expr) => { ready!($work; Tiny, #[cfg(beside)] Beside, Tokio, Smol) };
}
macro_rules! servers {
    ($work:expr) => {
        || {
            let completions: fn() -> Vec<Ready> = Vec::new;
            #[cfg(all(feature = "io-uring", target_os = "linux"))]
            let completions: fn() -> Vec<Ready> =
                if Compio::is_available() { ready!($work; Compio) } else { completions };
            reactors!($work)().into_iter().chain(completions()).collect()
        }
    };
}
macro_rules! current {
    ($work:expr) => {
        ready!($work; TinyCurrent, #[cfg(beside)] BesideCurrent, TokioCurrent, SmolCurrent, ExecutorCurrent, FuturesCurrent)
    };
}
macro_rules! current_reactors {
    ($work:expr) => { ready!($work; TinyCurrent, #[cfg(beside)] BesideCurrent, TokioCurrent, SmolCurrent) };
}
macro_rules! at_rest {
    ($work:expr) => {
        || {
            Vec::from([
                (Tiny::NAME, {
                    type R = Tiny;
                    $work as Figures
                }),
                #[cfg(beside)]
                (Beside::NAME, {
                    type R = Beside;
                    $work as Figures
                }),
                (Tokio::NAME, {
                    type R = Tokio;
                    $work as Figures
                }),
                (Smol::NAME, {
                    type R = Smol;
                    $work as Figures
                }),
            ])
        }
    };
}

/// Measures in a process of its own, and returns two figures. The second may be the first again.
pub type Figures = fn() -> [f64; 2];

type Floor = fn() -> Round;

/// The rows that have something to compare with that is no runtime.
pub const FLOORS: [(&str, Floor); 2] =
    [("wake-idle", outside::wake_thread), ("spawn-idle", outside::wake_thread)];

#[rustfmt::skip]
pub const GROUPS: &[Group] = &[
    Group { title: "Tasks", rows: &[
        row("spawn-many", "a task spawns 10,000", [3.0, 2.0], all!(spawning::spawn_many::<R>()))
            .note("half of the gain is memory: no allocation, and no lock between two workers"),
        row("spawn-join", "a task spawns one and awaits it, over and over", [3.0, 3.0], all!(spawning::spawn_and_join::<R>()))
            .note("no other worker is woken for a single task; mimalloc saves Tokio 65 of 305 ns, and the blocks of tiny-runtime nothing"),
        row("spawn-join-1e3", "a task spawns a thousand, then awaits them", [3.0, 2.0], all!(spawning::spawn_and_join_many::<R>(1_000))),
        row("spawn-join-1e4", "ten thousand", [2.0, 1.5], all!(spawning::spawn_and_join_many::<R>(10_000))),
        row("spawn-join-1e5", "a hundred thousand", [1.5, 1.2], all!(spawning::spawn_and_join_many::<R>(100_000))),
        row("spawn-join-1e6", "a million", [1.2, 1.0], all!(spawning::spawn_and_join_many::<R>(1_000_000))),
        row("chained-spawn", "each task spawns the next", [3.0, 3.0], all!(spawning::chained_spawn::<R>()))
            .note("mimalloc saves Tokio 120 of 280 ns"),
        row("ping-pong", "pairs of tasks send a message there and back", [3.0, 2.5], all!(spawning::ping_pong::<R>()))
            .note("the channels take 65 of the 160 ns"),
    ]},
    Group { title: "From another thread", rows: &[
        row("remote-idle", "10,000 spawns to workers that sleep", [2.5, 1.8], all!(outside::remote_idle::<R>())),
        row("spawn-idle", "one spawn to an idle runtime, and its answer", [1.0, 1.0], all!(outside::spawn_idle::<R>()))
            .note("two threads that wake each other take most of it: see `floor`"),
        row("wake-idle", "one wake of an idle runtime, and its answer", [1.0, 1.0], all!(outside::wake_idle::<R>()))
            .note("the same"),
        row("remote-busy-yielding", "1,000 spawns to workers whose tasks compute and yield", [1.0, 1.0], yielding!(outside::remote_busy::<R>(busy_yielding))).noisy(),
        row("remote-busy-spawning", "1,000 spawns to workers whose tasks compute and spawn", [1.0, 1.0], all!(outside::remote_busy::<R>(busy_spawning)))
            .note("the others have one queue for all, in which the workers' own tasks wait behind the thousand: they compute 5 times meanwhile, here 100 times").noisy(),
        row("remote-yielding-p50", "how long a spawn each 100 µs waits there: the median", [1.0, 1.0], yielding!(outside::remote_paced::<R>(busy_yielding, Wait(50)))).noisy(),
        row("remote-yielding-p99", "the slowest hundredth", [1.0, 1.0], yielding!(outside::remote_paced::<R>(busy_yielding, Wait(99)))).noisy(),
        row("remote-yielding-own", "and what a poll of the workers' own tasks takes meanwhile", [1.0, 1.0], yielding!(outside::remote_paced::<R>(busy_yielding, Own))),
        row("remote-spawning-p50", "the same beside tasks that spawn: the median", [1.0, 1.0], all!(outside::remote_paced::<R>(busy_spawning, Wait(50)))).noisy(),
        row("remote-spawning-p99", "the slowest hundredth", [1.0, 1.0], all!(outside::remote_paced::<R>(busy_spawning, Wait(99)))).noisy(),
        row("remote-spawning-own", "and what a poll of the workers' own tasks takes", [1.0, 1.0], all!(outside::remote_paced::<R>(busy_spawning, Own))),
        row("block-on", "`block_on` of what is ready", [1.0, 1.0], all!(current_thread::block_on_empty::<R>()))
            .note("that of the others enters no runtime: it polls, and nothing else"),
    ]},
    Group { title: "Yields", rows: &[
        row("yield-many", "200 tasks", [1.5, 1.2], yielding!(yielding::yield_many::<R>())),
        row("yield-few", "two tasks a worker", [3.0, 3.0], yielding!(yielding::yield_few::<R>())),
        row("yield-few-socket", "the same beside an idle socket", [1.0, 1.0], reactors!(yielding::yield_few_socket::<R>()))
            .note("without socket and timer, as in the row above, a tick makes no system call: the best case"),
    ]},
    Group { title: "Channels and locks of `tokio::sync`", rows: &[
        row("mpsc", "five tasks send, `block_on` receives", [1.0, 1.0], all!(channels::mpsc_contended::<R>()))
            .note("one worker alone takes 50 ns a message, two 210: the cache lines of the channel go to and fro"),
        row("mpsc-full", "through a channel of 100", [1.0, 1.0], all!(channels::mpsc_full::<R>()))
            .note("a searcher looks again before it sleeps"),
        row("mpsc-tasks", "five tasks send, a task receives", [1.0, 1.0], all!(channels::mpsc_tasks_contended::<R>())),
        row("mpsc-tasks-full", "through a channel of 100", [1.0, 1.0], all!(channels::mpsc_tasks_full::<R>()))
            .note("one worker alone takes 52 ns a message (Tokio's 59), two 184 (191): Tokio's sleep four times as often"),
        row("mpsc-uncontended", "one future sends and receives", [1.0, 1.0], all!(channels::mpsc_uncontended::<R>()))
            .note("the channel alone: no runtime has a part in it"),
        row("notify-one", "a thread wakes one of 200", [1.0, 1.0], all!(notifying::notify_one::<R>()))
            .note("the worker falls asleep in between: 44 system calls a round, 47 with Tokio, 4 with smol"),
        row("notify-waiters", "a thread wakes all 200", [1.0, 1.0], all!(notifying::notify_waiters::<R>()))
            .note("the same: 68 system calls a round, 106 with Tokio, 15 with futures"),
        row("notify-tasks", "a task wakes all 200", [1.0, 1.0], all!(notifying::notify_tasks::<R>())),
        row("watch", "a task wakes 100 with a new value", [1.0, 1.0], all!(notifying::watch::<R>())),
        row("mutex", "ten tasks lock the same", [1.0, 1.0], all!(locking::mutex::<R>()))
            .note("one worker alone takes 26 ns a lock, two pass it to and fro: which it is changes between runs, also between smol and executor, which are the same there"),
        row("ring", "100 tasks pass ten tokens on", [1.0, 1.0], all!(channels::ring::<R>())),
    ]},
    Group { title: "Closures that block", rows: &[
        row("spawn-blocking", "an empty `spawn_blocking` there and back", [1.0, 1.0], reactors!(blocking::spawn_blocking::<R>(1))),
        row("spawn-blocking-64", "64 at once", [1.0, 1.0], reactors!(blocking::spawn_blocking::<R>(64)))
            .note("smol starts a thread for five closures, and has 16; this pool has up to 512, as Tokio's, so that no closure waits for another"),
    ]},
    Group { title: "Timers", rows: &[
        row("timers-1e3", "a thousand set, then cancelled", [1.0, 1.0], reactors!(timers::insert_and_cancel::<R>(1_000))),
        row("timers-1e4", "ten thousand", [1.0, 1.0], reactors!(timers::insert_and_cancel::<R>(10_000))),
        row("timers-1e5", "a hundred thousand", [1.0, 1.0], reactors!(timers::insert_and_cancel::<R>(100_000))),
        row("timers-1e6", "a million", [1.0, 1.0], reactors!(timers::insert_and_cancel::<R>(1_000_000)))
            .note("with mimalloc 0.84 in one run and 1.15 in another: not explained"),
        row("timers-held", "a million held, one cancelled and one set at a time", [1.0, 1.0], reactors!(timers::held::<R>(1_000_000)))
            .note("a `Sleep` may be moved, so it leads to its node in the wheel: one cache miss more than in Tokio"),
        row("timeout", "one set and dropped, over and over", [1.0, 1.0], reactors!(timers::timeout::<R>())),
        row("timeout-beside", "the same, beside a timer every 100 ms", [1.0, 1.0], reactors!(timers::timeout_beside::<R>()))
            .note("without that timer, as in the row above, each timer of Tokio's interrupts the driver: a system call"),
        row("timeout-ready", "a `timeout` of what is ready", [1.0, 1.0], reactors!(timers::timeout_ready::<R>()))
            .note("smol has none; what its documentation shows makes the timer only if the future has to wait"),
        row("sleep-dropped", "a sleep made and dropped without a poll", [1.0, 1.0], reactors!(timers::dropped::<R>()))
            .note("the clock is read once, for the deadline"),
        row("firing-1e5", "100,000 fire together", [1.0, 1.0], reactors!(timers::firing::<R>())),
    ]},
    Group { title: "Sockets", rows: &[
        row("echo-64", "64 bytes there and back on 64 connections", [1.0, 1.0], servers!(net::echo::<R>(64, 50, Throughput)))
            .note("the kernel takes most of it"),
        row("echo-64-p99", "the slowest hundredth", [1.0, 1.0], servers!(net::echo::<R>(64, 50, P99))).noisy(),
        row("echo-1000", "1,000 connections", [1.0, 1.0], servers!(net::echo::<R>(1_000, 10, Throughput))).files(11_000),
        row("echo-1000-p99", "the slowest hundredth", [1.0, 1.0], servers!(net::echo::<R>(1_000, 10, P99)))
            .note("27 ms in most rounds, and in some less than half: not explained").files(11_000).noisy(),
        row("echo-10000", "10,000 connections, the client in another process", [1.0, 1.0], servers!(net::echo_crowd::<R>(10_000, 5, Throughput))).files(11_000),
        row("echo-10000-p99", "the slowest hundredth", [1.0, 1.0], servers!(net::echo_crowd::<R>(10_000, 5, P99))).files(11_000).noisy(),
        row("hyper", "HTTP answers on 64 connections, the client in another process", [1.0, 1.0], reactors!(net::hyper::<R>(64, 50, Throughput)))
            .note("the kernel and hyper take nearly all of it"),
        row("hyper-p99", "the slowest hundredth", [1.0, 1.0], reactors!(net::hyper::<R>(64, 50, P99))).noisy(),
    ]},
    Group { title: "On the caller's thread", rows: &[
        row("current-spawn", "a future spawns a thousand, then awaits them", [1.5, 1.5], current!(current_thread::spawn::<R>())),
        row("current-block-on-empty", "`block_on` of what is ready", [1.0, 1.0], current!(current_thread::block_on_empty::<R>()))
            .note("futures' pool has neither timers nor sockets to enter"),
        row("current-block-on", "`block_on` of a task that yields once", [1.5, 1.5], current!(current_thread::block_on::<R>())),
        row("current-block-on-socket", "the same beside an idle socket", [1.0, 1.0], current_reactors!(current_thread::block_on_socket::<R>()))
            .note("one `epoll_wait` a tick, as in Tokio"),
        row("current-yield-many", "200 tasks yield", [1.5, 1.5], current!(current_thread::yield_many::<R>())),
        row("current-yield-few", "two tasks yield", [1.5, 1.5], current!(current_thread::yield_few::<R>())),
        row("current-yield-few-socket", "the same beside an idle socket", [1.0, 1.0], current_reactors!(current_thread::yield_few_socket::<R>()))
            .note("one `epoll_wait` a tick, as in Tokio"),
        row("current-ping-pong", "pairs of tasks send a message there and back", [1.5, 1.5], current!(current_thread::ping_pong::<R>())),
    ]},
    Group { title: "At rest", rows: &[
        Row::at_rest("idle-task", "a task that waits", ["bytes", "resident bytes"], at_rest!(rest::idle_task::<R>))
            .note("a block of 128 bytes holds any future of up to 56 bytes; smol's is as large as the task"),
        Row::at_rest("sleeping-task", "a task that sleeps", ["bytes", "resident bytes"], at_rest!(rest::sleeping_task::<R>))
            .note("mimalloc takes memory from the kernel in large steps: with it smol has the same resident bytes"),
        Row::at_rest("connection", "a silent connection, its task and its buffer of 1,024 bytes", ["bytes", "resident bytes"], at_rest!(rest::connection::<R>))
            .note("the same").files(6_000),
        Row::at_rest("idle-cpu", "CPU time of a runtime that waits", ["ms a second", ""], at_rest!(rest::idle_cpu::<R>)),
    ]},
];
