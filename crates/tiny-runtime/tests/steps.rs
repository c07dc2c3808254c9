//! What the deep dive says of scheduling in its section 6, as equalities: the workers are stepped by
//! hand, on one thread, and each step tells what it did.

#![cfg(not(loom))]

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

#[test]
fn the_slot_goes_first_then_the_local_queue_then_the_global_one() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move { spawn_noting(&names, [1, 2, 3]) });
    assert_eq!(stepped.step(0), ran(Global(1), 1));
    assert_eq!(log.take(), [3]);
    let names = log.clone();
    stepped.handle().spawn(async move { names.note(4) });
    assert_eq!(stepped.run_until_asleep(0), [ran(Local, 0), ran(Local, 0), ran(Global(1), 0)]);
    assert_eq!(log.take(), [1, 2, 4]);
}

/// Each task spawns the next.
fn chain(log: Log, name: u32, last: u32) -> std::pin::Pin<Box<dyn Future<Output = ()> + Send>> {
    Box::pin(async move {
        log.note(name);
        if name < last {
            task::spawn(chain(log, name + 1, last));
        }
    })
}

#[test]
fn three_polls_from_the_slot_in_a_turn_then_it_is_closed() {
    let (mut stepped, log) = (stepped(1), Log::default());
    stepped.handle().spawn(chain(log.clone(), 0, 9));
    assert_eq!(
        stepped.run_until_asleep(0),
        [ran(Global(1), 3), ran(LifoSlot, 3), ran(LifoSlot, 1)]
    );
    assert_eq!(log.take(), (0..=9).collect::<Vec<_>>());
}

#[test]
fn without_the_slot_each_task_is_a_turn() {
    let mut stepped = builder(1).disable_lifo_slot().build_stepped().unwrap();
    stepped.handle().spawn(chain(Log::default(), 0, 9));
    let steps = [times(1, ran(Global(1), 0)), times(9, ran(Local, 0))].concat();
    assert_eq!(stepped.run_until_asleep(0), steps);
}

/// A task that wakes itself is not put into the slot.
#[test]
fn who_wakes_itself_queues_behind_all_others() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move {
        spawn_noting(&names, [1, 2]);
        wake_itself().await;
        names.note(0);
    });
    assert_eq!(stepped.run_until_asleep(0), [ran(Global(1), 1), ran(Local, 0), ran(Local, 0)]);
    assert_eq!(log.take(), [2, 1, 0]);
}

#[test]
fn the_global_queue_comes_first_once_an_interval() {
    let mut builder = builder(1);
    let mut stepped = builder.global_queue_interval(5).build_stepped().unwrap();
    for _ in 0..2 {
        stepped.handle().spawn(async {
            loop {
                wake_itself().await;
            }
        });
    }
    assert_eq!(stepped.step(0), ran(Global(2), 0));
    for _ in 0..3 {
        stepped.handle().spawn(async {});
    }
    let steps: Vec<_> = (0..30).map(|_| stepped.step(0)).collect();
    let global: Vec<_> = (0..30).filter(|&step| steps[step] == ran(Global(1), 0)).collect();
    assert_eq!(global.len(), 3);
    assert_eq!([global[1] - global[0], global[2] - global[1]], [5, 5]);
    assert_eq!(steps.iter().filter(|step| **step == ran(Local, 0)).count(), 27);
}

#[test]
#[cfg_attr(miri, ignore = "hundreds of turns")]
fn a_share_of_the_global_queue_is_taken_at_once_and_no_more_than_half_a_ring() {
    for (workers, share) in [(1, 128), (2, 101), (4, 51)] {
        let mut stepped = stepped(workers);
        for _ in 0..200 {
            stepped.handle().spawn(async {});
        }
        assert_eq!(stepped.step(0), ran(Global(share), 0));
        let metrics = stepped.handle().metrics();
        assert_eq!(metrics.global_queue_depth(), 200 - share);
        assert_eq!(metrics.worker_local_queue_depth(0), share - 1);
    }
}

#[test]
#[cfg_attr(miri, ignore = "hundreds of turns")]
fn the_258th_task_sends_the_newer_half_to_the_global_queue() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move { spawn_noting(&names, 0..258) });
    let steps = stepped.run_until_asleep(0);
    let expected = [
        times(1, ran(Global(1), 1)),
        times(128, ran(Local, 0)),
        times(1, ran(Global(128), 0)),
        times(127, ran(Local, 0)),
        times(1, ran(Global(1), 0)),
    ];
    assert_eq!(steps, expected.concat());
    let order: Vec<_> = [257].into_iter().chain(0..257).collect();
    assert_eq!(log.take(), order);
}

#[test]
#[cfg_attr(miri, ignore = "hundreds of turns")]
fn half_of_a_queue_is_stolen_and_the_last_of_it_runs_first() {
    let (mut stepped, log) = (stepped(2), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move { spawn_noting(&names, 0..65) });
    assert_eq!(stepped.step(0), ran(Global(1), 1));
    assert_eq!(log.take(), [64]);
    let batches: [u32; 7] = [32, 16, 8, 4, 2, 1, 1];
    let (mut steps, mut order, mut first) = (Vec::new(), Vec::new(), 0);
    for count in batches {
        steps.push(ran(Stolen(0, count), 0));
        steps.extend(times(count as usize - 1, ran(Local, 0)));
        order.push(first + count - 1);
        order.extend(first..first + count - 1);
        first += count;
    }
    assert_eq!(stepped.run_until_asleep(1), steps);
    assert_eq!(log.take(), order);
    assert_eq!(order[..34], [&[31], &(0..=30).collect::<Vec<_>>()[..], &[47, 32]].concat());
    assert_eq!(stepped.step(0), Slept);
}

/// The one that fell asleep last first. It wakes the next only when it has found something.
#[test]
fn one_notification_wakes_one_worker_and_work_for_more_wakes_the_next() {
    let mut stepped = stepped(4);
    for worker in [2, 0, 3, 1] {
        assert_eq!(stepped.step(worker), Slept);
    }
    for _ in 0..100 {
        stepped.handle().spawn(async {});
    }
    let mut asleep = vec![2, 0, 3, 1];
    while let Some(woken) = asleep.pop() {
        for worker in &asleep {
            assert_eq!(stepped.step(*worker), Slept, "{woken} has not run yet");
        }
        assert!(matches!(stepped.step(woken), Ran { .. }));
    }
}

#[test]
fn who_yields_alone_comes_back_after_a_turn_of_the_driver() {
    let mut stepped = stepped(1);
    stepped.handle().spawn(async {
        for _ in 0..3 {
            yield_now().await;
        }
    });
    let turn = [PolledDriver, ran(Source::LifoSlot, 0)];
    assert_eq!(
        stepped.run_until_asleep(0),
        [&[ran(Global(1), 0)], &turn[..], &turn[..], &turn[..]].concat()
    );
}

#[test]
fn who_yields_lets_all_others_run_before() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move {
        spawn_noting(&names, [1, 2, 3]);
        yield_now().await;
        names.note(0);
    });
    let steps = stepped.run_until_asleep(0);
    assert_eq!(steps[..4], [ran(Global(1), 1), ran(Local, 0), ran(Local, 0), PolledDriver]);
    assert_eq!((steps.len(), log.take()), (5, vec![3, 1, 2, 0]));
}

#[test]
#[cfg_attr(miri, ignore = "hundreds of turns")]
fn a_budget_of_128_is_a_turn_of_the_driver_each_time_it_is_used_up() {
    for (units, turns) in [(127, 0), (128, 0), (129, 1), (256, 1), (257, 2), (1_000, 7)] {
        let mut stepped = stepped(1);
        stepped.handle().spawn(spend(units));
        let steps = stepped.run_until_asleep(0);
        let count = |step: fn(&Step) -> bool| steps.iter().filter(|s| step(s)).count();
        assert_eq!(count(|step| *step == PolledDriver), turns, "{units}");
        assert_eq!(count(|step| matches!(step, Ran { .. })), turns + 1, "{units}");
    }
}

#[test]
fn the_tasks_of_one_turn_share_its_budget() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move {
        let child = names.clone();
        task::spawn(async move {
            spend(28).await;
            child.note(28);
            spend(1).await;
            child.note(29);
        });
        spend(100).await;
    });
    assert_eq!(stepped.step(0), ran(Global(1), 1));
    assert_eq!(log.take(), [28]);
    assert_eq!(stepped.step(0), PolledDriver);
    assert_eq!(stepped.run_until_asleep(0).len(), 1);
    assert_eq!(log.take(), [29]);
}

/// A turn whose first task leaves no budget for the slot: its task queues.
#[test]
fn without_budget_the_slot_is_left_for_the_next_turn() {
    let (mut stepped, log) = (stepped(1), Log::default());
    let names = log.clone();
    stepped.handle().spawn(async move {
        spawn_noting(&names, [1]);
        spend(128).await;
    });
    assert_eq!(stepped.run_until_asleep(0), [ran(Global(1), 0), ran(Local, 0)]);
    assert_eq!(log.take(), [1]);
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

/// Who has turned the driver tells another worker, if it brought more than one task.
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
