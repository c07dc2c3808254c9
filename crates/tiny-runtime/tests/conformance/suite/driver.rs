//! When a worker looks at sockets and timers: with nothing else to do, and every 61st tick.

use super::rt::{self, net::UdpSocket, runtime::Builder, runtime::Handle, task::yield_now};
use super::{note, order, spawn_each, wake_itself, workers};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;
use std::time::Duration;

#[test]
fn the_driver_comes_after_all_queues() {
    let order = order(async |log| {
        let run = |name| {
            let log = log.clone();
            async move { note(&log, name) }
        };
        let timer = async {
            rt::time::sleep(Duration::from_millis(1)).await;
            run("timer").await;
        };
        let elsewhere = async {
            // The timer is set and falls due, but the only worker is here and not at the clock.
            thread::sleep(Duration::from_millis(20));
            let handle = Handle::current();
            thread::scope(|scope| {
                scope.spawn(|| drop(handle.spawn(run("global"))));
            });
            let yielded = run("yielded");
            rt::spawn(async move {
                yield_now().await;
                yielded.await;
            });
            rt::spawn(run("local"));
            rt::spawn(run("slot"));
        };
        tokio::join!(biased; timer, elsewhere);
    });
    assert_eq!(order, "slot local global yielded timer");
}

#[test]
fn a_worker_steals_before_it_polls_the_driver() {
    let runtime = workers(2);
    let meeting = Arc::new(Barrier::new(2));
    let (log, order) = mpsc::channel();
    rt::spawn_on(&runtime, {
        let (meeting, log) = (meeting.clone(), log.clone());
        async move {
            // From here on both workers are blocked: nobody polls the driver.
            meeting.wait();
            let timer = async {
                rt::time::sleep(Duration::from_millis(1)).await;
                note(&log, "timer");
            };
            let until_due = async {
                thread::sleep(Duration::from_millis(20));
                meeting.wait();
            };
            tokio::join!(biased; timer, until_due);
        }
    });
    let owner = rt::spawn_on(&runtime, async move {
        meeting.wait();
        spawn_each(&["stolen", "stolen", "stolen", "slot"], &log);
        meeting.wait();
        drop(log);
        // The rest of the list: the task in the slot comes when this worker is free.
        (order.iter().take(4).collect::<Vec<_>>(), order)
    });
    let (by_thief, _rest) = rt::block_on(&runtime, owner).unwrap();
    assert_eq!(by_thief, ["stolen", "stolen", "stolen", "timer"]);
}

/// A task that yields comes back after the next driver poll, and a datagram with it: both see one
/// from outside.
fn driver_gaps(mut builder: Builder, wakes: usize) -> Vec<usize> {
    let runtime = builder.worker_threads(1).enable_all().build().unwrap();
    let (log, order) = mpsc::channel();
    rt::spawn_on(&runtime, async move {
        let busy = log.clone();
        rt::spawn(async move {
            for _ in 0..wakes {
                note(&busy, "busy");
                wake_itself().await;
            }
            note(&busy, "end");
        });
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        socket.connect(socket.local_addr().unwrap()).await.unwrap();
        loop {
            yield_now().await;
            if log.send("driver").is_err() {
                break;
            }
            socket.try_recv(&mut [0]).expect_err("else the datagram would not be waited for");
            socket.send(&[0]).await.unwrap();
            socket.recv(&mut [0]).await.unwrap();
            let _ = log.send("driver");
        }
    });
    let order: Vec<_> = order.iter().take_while(|&name| name != "end").collect();
    // The tick of the first depends on when the runtime was started.
    let polls: Vec<_> = (0..order.len()).filter(|&at| order[at] == "driver").skip(1).collect();
    polls.windows(2).map(|pair| pair[1] - pair[0]).collect()
}

#[test]
fn a_busy_worker_polls_the_driver_every_61st_tick() {
    // 6100 ticks of the busy task, and one of the yielding task in every 61.
    let gaps = driver_gaps(Builder::new_multi_thread(), 6_100);
    assert!(gaps.iter().all(|&gap| gap == 61), "{gaps:?}");
    assert!((98..=101).contains(&gaps.len()), "{}", gaps.len());
}

#[test]
fn the_event_interval_is_a_setting() {
    for interval in [2, 10, 99] {
        let mut builder = Builder::new_multi_thread();
        builder.event_interval(interval);
        let gaps = driver_gaps(builder, 1_000);
        assert!(gaps.len() > 5 && gaps.iter().all(|&gap| gap == interval as usize), "{gaps:?}");
    }
}
