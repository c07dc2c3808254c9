//! What a runtime has and uses when nothing happens. Each figure from a process of its own, in which
//! there is nothing else.

use super::net::listen;
use crate::allocator;
use crate::contender::{Net, Timers};
use crate::load::{Child, Request};
use crate::measure::{cpu, thread_cpu};
use std::fs;
use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::{Acquire, Release};
use std::thread;
use std::time::Duration;

const TASKS: usize = 100_000;
const LONG: Duration = Duration::from_secs(3_600);

/// A task whose wait never ends: bytes asked for, and bytes of the machine.
pub fn idle_task<R: Timers>() -> [f64; 2] {
    per_task::<R, _>(std::future::pending)
}

/// A task that sleeps: bytes asked for, and bytes of the machine.
pub fn sleeping_task<R: Timers>() -> [f64; 2] {
    per_task::<R, _>(|| R::sleep(LONG))
}

fn per_task<R: Timers, F>(future: fn() -> F) -> [f64; 2]
where
    F: Future<Output = ()> + Send + 'static,
{
    let runtime = R::start();
    let polled = Arc::new(AtomicUsize::new(0));
    let spawn = |tasks: usize| {
        let target = polled.load(Acquire) + tasks;
        for _ in 0..tasks {
            let polled = polled.clone();
            R::detach(runtime.spawn_from_outside(async move {
                {
                    // The counter is not to be part of what waits.
                    let polled = polled;
                    polled.fetch_add(1, Release);
                }
                future().await;
            }));
        }
        while polled.load(Acquire) < target {
            thread::sleep(Duration::from_millis(1));
        }
        thread::sleep(Duration::from_millis(50)); // the last is polled, and is about to wait
    };
    spawn(1_000); // what is allocated once
    allocator::count();
    let (bytes, resident) = (allocator::bytes(), resident());
    spawn(TASKS);
    let each = |before: usize, after: usize| (after as f64 - before as f64) / TASKS as f64;
    let figures = [each(bytes, allocator::bytes()), each(resident, self::resident())];
    // Nobody waits for the tasks.
    std::mem::forget(runtime);
    figures
}

/// A silent connection, its task and its buffer of 1,024 bytes: bytes asked for, and bytes of the machine.
pub fn connection<R: Net>() -> [f64; 2] {
    const CONNECTIONS: usize = 5_000;
    let (listener, address) = listen();
    let server = R::echo(listener);
    let connect = |connections| {
        let mut client = Child::connect(address, connections, Request::Echo);
        client.run(1); // until each is served
        thread::sleep(Duration::from_millis(50)); // the last is about to wait
        client
    };
    let _first = connect(100); // what is allocated once
    allocator::count();
    let (bytes, resident) = (allocator::bytes(), resident());
    let _others = connect(CONNECTIONS);
    let each = |before: usize, after: usize| (after as f64 - before as f64) / CONNECTIONS as f64;
    let figures = [each(bytes, allocator::bytes()), each(resident, self::resident())];
    std::mem::forget(server);
    figures
}

fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").expect("this is Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("it is there");
    let kibibytes = line.trim().trim_end_matches(" kB").parse::<usize>();
    kibibytes.expect("a number") * 1024
}

/// Milliseconds of CPU time in a second, with a task that sleeps long and nothing to do.
pub fn idle_cpu<R: Timers>() -> [f64; 2] {
    let runtime = R::start();
    R::detach(runtime.spawn_from_outside(async { R::sleep(LONG).await }));
    thread::sleep(Duration::from_millis(100)); // until the workers sleep
    let (before, own_before) = (cpu(), thread_cpu());
    thread::sleep(Duration::from_secs(1));
    let own = thread_cpu() - own_before;
    let used = (cpu() - before - own).as_nanos() as f64 / 1e6;
    std::mem::forget(runtime);
    [used, used]
}
