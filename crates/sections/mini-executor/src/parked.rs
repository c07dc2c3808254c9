//! Guide 6.1 — An executor that has nothing to poll sleeps until a wake-up from any thread.

use std::sync::{Arc, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::{Duration, Instant};

pub fn main() {
    let (timers, reactor) = mpsc::channel();
    thread::spawn(|| react(reactor));
    let polls = block_on(async {
        println!("タスク1 開始");
        wait(&timers).await;
        println!("タスク1 完了");
    });
    println!("polls: {polls}");
}

/// Ends 20 ms after its first poll. Each poll before that registers its waker anew.
async fn wait(timers: &mpsc::Sender<(Instant, Waker)>) {
    let end = Instant::now() + Duration::from_millis(20);
    std::future::poll_fn(|cx| {
        if Instant::now() >= end {
            return Poll::Ready(());
        }
        timers.send((end, cx.waker().clone())).expect("the reactor ends after its last sender");
        Poll::Pending
    })
    .await;
}

/// Watches the clock for all tasks. All waits are equally long: they end in their order.
fn react(timers: mpsc::Receiver<(Instant, Waker)>) {
    for (end, waker) in timers {
        thread::sleep(end.saturating_duration_since(Instant::now()));
        waker.wake();
    }
}

struct ThreadWaker(Thread);

impl Wake for ThreadWaker {
    fn wake(self: Arc<Self>) {
        // A thread about to park finds the token of this and does not.
        self.0.unpark();
    }
}

/// Polls after each wake-up; returns how often. `crates/tiny-runtime` does so with many tasks.
fn block_on(future: impl Future<Output = ()>) -> usize {
    let mut future = std::pin::pin!(future);
    let waker = Waker::from(Arc::new(ThreadWaker(thread::current())));
    let mut polls = 1;
    while future.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
        thread::park();
        polls += 1;
    }
    polls
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use utils::probe::{CountingWaker, in_child};

    /// Far more than it takes: only a lost wake-up reaches it.
    const LIMIT: Duration = Duration::from_secs(60);

    /// Proves G-6.1-1, G-まとめ-1.
    #[test]
    fn it_sleeps_at_most_once_a_wake_up() {
        let (timers, reactor) = mpsc::channel();
        let reactor = thread::spawn(|| react(reactor));
        // A poll before each sleep and one after the last: the token of an earlier test, one more.
        let polls = block_on(async move {
            for _ in 0..3 {
                wait(&timers).await;
            }
        });
        reactor.join().unwrap();
        assert!((4..=5).contains(&polls), "{polls}");
    }

    #[cfg(unix)]
    fn cpu_time(clock: rustix::time::ClockId) -> Duration {
        let time = rustix::time::clock_gettime(clock);
        time.try_into().expect("CPU time only grows")
    }

    /// 40 ms of waiting in each.
    /// Proves G-2.2-4, D-3-1.
    #[cfg(unix)] // reads the CPU time of a thread
    #[test]
    fn polling_without_end_takes_ten_times_the_cpu_of_sleeping() {
        let cpu_time = |program: fn()| {
            let before = cpu_time(rustix::time::ClockId::ThreadCPUTime);
            program();
            cpu_time(rustix::time::ClockId::ThreadCPUTime) - before
        };
        // For what only a first run costs.
        cpu_time(main);
        let parked = cpu_time(main);
        let busy = cpu_time(crate::busy_polling::main);
        assert!(busy >= 10 * parked, "{busy:?} and {parked:?}");
    }

    /// Polled once, never woken. Its wait never ends, and takes no CPU.
    /// Proves G-6.1-1.
    #[cfg(unix)] // reads the CPU time of the process
    #[test]
    fn a_task_that_is_never_ready_sleeps_for_ever() {
        let ended = in_child(Duration::from_millis(1500), || {
            let (tell, told) = mpsc::channel();
            thread::spawn(move || {
                told.recv().unwrap();
                let before = cpu_time(rustix::time::ClockId::ProcessCPUTime);
                thread::sleep(Duration::from_millis(300));
                let used = cpu_time(rustix::time::ClockId::ProcessCPUTime) - before;
                println!("\nasleep: {}", used < Duration::from_millis(10));
            });
            block_on(async move {
                tell.send(()).unwrap();
                std::future::pending().await
            });
            println!("\nended");
        });
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.contains("\nasleep: true\n"), "{ended:#?}");
        assert!(!ended.stdout.contains("ended"), "{ended:#?}");
    }

    /// Returns Pending and keeps no waker: nothing checks that, and it is never polled again.
    #[test]
    fn a_forgotten_waker_hangs_after_one_poll() {
        let ended = in_child(Duration::from_secs(1), || {
            let mut polls = 0;
            block_on(poll_fn(move |_| {
                polls += 1;
                println!("\npoll {polls}");
                if polls == 1 { Poll::Pending } else { Poll::Ready(()) }
            }));
        });
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.contains("\npoll 1\n"), "{ended:#?}");
        assert!(!ended.stdout.contains("poll 2"), "{ended:#?}");
    }

    #[test]
    fn a_wake_up_from_another_thread_during_a_poll_is_not_lost() {
        let ended = in_child(LIMIT, || {
            let (wakers, woken) = mpsc::channel::<Waker>();
            let awake = Arc::new(Barrier::new(2));
            let done = Arc::clone(&awake);
            let waking = thread::spawn(move || {
                for waker in woken {
                    waker.wake();
                    done.wait();
                }
            });
            let mut rounds = 0..1000;
            let polls = block_on(poll_fn(move |cx| {
                if rounds.next().is_none() {
                    return Poll::Ready(());
                }
                wakers.send(cx.waker().clone()).unwrap();
                // The poll goes on until the wake-up is over.
                awake.wait();
                Poll::Pending
            }));
            assert_eq!(polls, 1001);
            waking.join().unwrap();
        });
        assert!(ended.status.success(), "{ended:#?}");
    }

    /// Between the look at the empty queue and the sleep there is room for a wake-up.
    #[test]
    fn a_wake_up_that_races_with_falling_asleep_is_not_lost() {
        let ended = in_child(LIMIT, || {
            let (wakers, woken) = mpsc::channel::<Waker>();
            let count = Arc::new(AtomicUsize::new(0));
            let counter = Arc::clone(&count);
            let waking = thread::spawn(move || {
                for (round, waker) in woken.into_iter().enumerate() {
                    // From at once to far too late, so that each place in the loop is met.
                    (0..round % 500).for_each(|_| std::hint::spin_loop());
                    counter.fetch_add(1, Ordering::Relaxed);
                    waker.wake();
                }
            });
            block_on(async move {
                for round in 1..=10_000 {
                    let mut sent = false;
                    poll_fn(|cx| {
                        if !std::mem::replace(&mut sent, true) {
                            wakers.send(cx.waker().clone()).unwrap();
                        }
                        match count.load(Ordering::Relaxed) == round {
                            true => Poll::Ready(()),
                            false => Poll::Pending,
                        }
                    })
                    .await;
                }
            });
            waking.join().unwrap();
        });
        assert!(ended.status.success(), "{ended:#?}");
    }

    #[test]
    fn every_thread_can_wake() {
        let ended = in_child(LIMIT, || {
            let count = Arc::new(AtomicUsize::new(0));
            let mut threads = Vec::new();
            block_on(poll_fn(move |cx| {
                while threads.len() < 8 {
                    let (waker, count) = (cx.waker().clone(), Arc::clone(&count));
                    threads.push(thread::spawn(move || {
                        for _ in 0..1000 {
                            count.fetch_add(1, Ordering::Relaxed);
                            waker.wake_by_ref();
                        }
                    }));
                }
                match count.load(Ordering::Relaxed) {
                    8000 => Poll::Ready(()),
                    _ => Poll::Pending,
                }
            }));
        });
        assert!(ended.status.success(), "{ended:#?}");
    }

    #[test]
    fn a_wait_wakes_its_last_poller_too() {
        let (timers, reactor) = mpsc::channel();
        let reactor = thread::spawn(|| react(reactor));
        let (counter, waker) = CountingWaker::new();
        let mut waiting = Box::pin(async move { wait(&timers).await });
        let first = waiting.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        // Ready if this thread has slept past the end of the wait.
        let last = waiting.as_mut().poll(&mut Context::from_waker(&waker));
        drop(waiting);
        reactor.join().unwrap();
        let pending = usize::from(first.is_pending() && last.is_pending());
        assert_eq!(counter.wakes(), pending);
    }

    /// Guide 6.1 shows files beside sockets. `epoll` does not take them.
    #[cfg(target_os = "linux")] // of epoll
    #[expect(
        deprecated,
        reason = "`register` is unsafe: its caller promises what sockets and files keep anyway"
    )]
    /// Proves G-6.1-2.
    #[tokio::test]
    async fn the_reactor_of_tokio_watches_sockets_but_no_files() {
        use tokio::io::unix::AsyncFd;
        let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
        AsyncFd::new(socket).unwrap();
        let error = AsyncFd::new(tempfile::tempfile().unwrap()).unwrap_err();
        assert_eq!(error.to_string(), "Operation not permitted (os error 1)");
    }

    /// Proves G-6.1-2.
    #[test]
    fn tokio_reads_files_on_a_thread_of_its_blocking_pool() {
        let threads = Arc::new(AtomicUsize::new(0));
        let started = Arc::clone(&threads);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .on_thread_start(move || {
                started.fetch_add(1, Ordering::SeqCst);
            })
            .build()
            .unwrap();
        let file = tempfile::NamedTempFile::new().unwrap();
        runtime.block_on(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            tokio::net::UdpSocket::bind("127.0.0.1:0").await.unwrap();
            assert_eq!(threads.load(Ordering::SeqCst), 0);
            tokio::fs::read(file.path()).await.unwrap();
            assert_eq!(threads.load(Ordering::SeqCst), 1);
        });
    }
}
