//! The claims of the deep dive about scheduling, in its section 6, as equalities: the workers are stepped by
//! hand, on one thread, and each step tells what it did.

#![cfg(not(loom))]

mod outside;
mod queues;
mod yielding;

use Source::{Global, LifoSlot, Local, Stolen};

use Step::{PolledDriver, Ran, Slept};
use std::future::{pending, poll_fn};
use std::io::Write;
use std::sync::{Arc, Mutex};
use std::task::Poll;
use tiny_runtime::net::TcpStream;
use tiny_runtime::runtime::{Builder, Source, Step, Stepped};
use tiny_runtime::task::{self, yield_now};
use tiny_runtime::time::{Duration, Instant, sleep_until};

fn ran(from: Source, lifo_polls: u32) -> Step {
    Ran { from, lifo_polls }
}

/// The names of tasks, in the order of their polls.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u32>>>);

impl Log {
    fn note(&self, name: u32) {
        self.0.lock().unwrap().push(name);
    }

    fn take(&self) -> Vec<u32> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

/// Looks into the global queue only when there is nothing else, and never at events in between.
fn builder(workers: usize) -> Builder {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(workers).global_queue_interval(u32::MAX).event_interval(u32::MAX);
    builder
}

fn stepped(workers: usize) -> Stepped {
    builder(workers).build_stepped().unwrap()
}

fn spawn_noting(log: &Log, names: impl IntoIterator<Item = u32>) {
    for name in names {
        let log = log.clone();
        task::spawn(async move { log.note(name) });
    }
}

async fn wake_itself() {
    let mut woken = false;
    poll_fn(|context| {
        if std::mem::replace(&mut woken, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

/// Takes so many units of the budget.
async fn spend(units: u32) {
    let passed = Instant::now() - Duration::from_secs(1);
    for _ in 0..units {
        sleep_until(passed).await;
    }
}

fn times(count: usize, step: Step) -> Vec<Step> {
    vec![step; count]
}

/// A socket of the runtime, and its peer, from which it gets something to read when we say so.
fn pair() -> (std::net::TcpStream, std::net::TcpStream) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let peer = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    let (stream, _) = listener.accept().unwrap();
    stream.set_nonblocking(true).unwrap();
    (stream, peer)
}

async fn read(stream: std::net::TcpStream) {
    let mut stream = TcpStream::from_std(stream).unwrap();
    assert_eq!(stream.read(&mut [0; 8]).await.unwrap(), 1);
}

#[test]
#[cfg_attr(miri, ignore = "hundreds of turns")]
fn sockets_are_looked_at_once_in_61_turns() {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(1).global_queue_interval(u32::MAX);
    let (mut stepped, log) = (builder.build_stepped().unwrap(), Log::default());
    let (names, (stream, mut peer)) = (log.clone(), pair());
    stepped.handle().spawn(async move {
        read(stream).await;
        names.note(0);
    });
    assert_eq!(stepped.step(0), ran(Global(1), 0));
    stepped.handle().spawn(async {
        loop {
            wake_itself().await;
        }
    });
    peer.write_all(b"x").unwrap();
    let mut turns = 1;
    while log.take().is_empty() {
        assert!(matches!(stepped.step(0), Ran { .. }));
        turns += 1;
    }
    assert_eq!(turns, 61);
}

/// A worker whose driver poll brought more than one task wakes another worker.
#[test]
fn two_tasks_from_the_driver_wake_another_worker_and_one_does_not() {
    for (due, second) in [(1, Slept), (2, ran(Stolen(0, 1), 0))] {
        let mut stepped = stepped(2);
        let mut peers = Vec::new();
        for _ in 0..due {
            let (stream, peer) = pair();
            stepped.handle().spawn(read(stream));
            peers.push(peer);
        }
        for worker in [1, 0] {
            stepped.run_until_asleep(worker);
        }
        for peer in &mut peers {
            peer.write_all(b"x").unwrap();
        }
        assert!(matches!(stepped.step(0), Ran { .. }), "{due}");
        assert_eq!(stepped.step(1), second, "{due}");
    }
}

struct Counted(Log);

impl Drop for Counted {
    fn drop(&mut self) {
        self.0.note(1);
    }
}

#[test]
fn the_end_drops_tasks_wherever_they_wait() {
    let (mut stepped, log) = (stepped(2), Log::default());
    let guard = || Counted(log.clone());
    let guards = [guard(), guard(), guard(), guard()];
    let [waits, yields, queued, next] = guards;
    stepped.handle().spawn(async move {
        let _waits = waits;
        task::spawn(async move {
            let _yields = yields;
            yield_now().await;
        });
        task::spawn(async move { drop(queued) });
        pending::<()>().await;
    });
    assert_eq!(stepped.step(0), ran(Global(1), 1));
    let global = guard();
    stepped.handle().spawn(async move { drop((global, next)) });
    let before = log.take().len();
    drop(stepped);
    assert_eq!(before + log.take().len(), 5);
}
