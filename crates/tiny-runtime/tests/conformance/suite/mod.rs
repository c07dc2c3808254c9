//! The behaviour that both runtimes share, and the helpers of every file here.

use super::rt;
use rt::runtime::{Builder, Runtime};
use std::future::poll_fn;
use std::sync::mpsc::{self, Sender};
use std::task::Poll;
use std::time::Duration;

mod orders;
mod driver;
mod lifo;
mod global;
mod counts;
mod stealing;
mod one_thread;
mod wakes;
mod budget;
mod timers;
mod sleeps;
mod intervals;
mod pool;
mod in_place;
mod panics;
mod drops;
mod destructors;
mod layouts;
mod aborts;
mod join_sets;
mod cancelling;
mod contexts;
mod shutdown;
mod endings;
mod outliving;
mod neighbours;
mod local;
mod sockets;
mod shared_sockets;
mod channels;
mod limits;
mod stress;
mod differences;

/// Longer than anything here takes, even on a loaded machine: only a bug reaches it.
const LONG: Duration = Duration::from_secs(60);

/// Each task sends its name when it runs.
type Log = Sender<&'static str>;

fn workers(count: usize) -> Runtime {
    Builder::new_multi_thread().worker_threads(count).enable_all().build().unwrap()
}

fn one_thread() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

/// Runs `root` on one thread with a clock that jumps from deadline to deadline.
fn paused<F: Future>(root: F) -> F::Output {
    let runtime = Builder::new_current_thread().enable_all().start_paused(true).build().unwrap();
    rt::block_on(&runtime, root)
}

/// The order of `root` and of all that it spawns, on one worker.
fn order<F>(root: impl FnOnce(Log) -> F) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    order_on(&workers(1), root)
}

fn order_on<F>(runtime: &Runtime, root: impl FnOnce(Log) -> F) -> String
where
    F: Future<Output = ()> + Send + 'static,
{
    let (log, names) = mpsc::channel();
    rt::spawn_on(runtime, root(log));
    // Ends with the last task, which drops the last sender.
    names.iter().collect::<Vec<_>>().join(" ")
}

fn spawn_each(names: &[&'static str], log: &Log) {
    for &name in names {
        let log = log.clone();
        rt::spawn(async move { note(&log, name) });
    }
}

fn note(log: &Log, name: &'static str) {
    log.send(name).expect("the list outlives the tasks");
}

/// Ready again at once: it only goes to the back of the queue, and the worker never runs dry.
async fn wake_itself() {
    let mut woken = false;
    poll_fn(|cx| {
        if std::mem::replace(&mut woken, true) {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Takes `units` of the budget of 128, and nothing else.
async fn spend(units: usize) {
    let passed = rt::time::Instant::now() - Duration::from_secs(1);
    for _ in 0..units {
        rt::time::sleep_until(passed).await;
    }
}
