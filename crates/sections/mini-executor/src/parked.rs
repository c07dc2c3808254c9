//! Guide 6.1 — An executor with nothing to poll sleeps until a wake-up, from whichever thread.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, mpsc};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, JoinHandle, Thread};
use std::time::{Duration, Instant};

pub fn main() -> thread::Result<()> {
    let executor = MiniExecutor::default();
    let (timers, reactor) = reactor();
    executor.spawn(task("タスク1", 1, timers.clone()));
    executor.spawn(task("タスク2", 2, timers));
    let (polls, idle) = executor.run();
    let (wakes, many) = (reactor.join()?, idle > 1000);
    println!("polls: {polls}, wake-ups: {wakes}, idle turns: more than 1000: {many}");
    Ok(())
}

/// Task 2 waits once more than task 1, so on any machine it ends after it.
async fn task(name: &str, waits: u32, reactor: mpsc::Sender<Timer>) {
    println!("{name} 開始");
    for _ in 0..waits {
        wait(&reactor).await;
    }
    println!("{name} 完了");
}

/// Polls what was woken, and sleeps when that is nothing.
#[derive(Default)]
struct MiniExecutor {
    /// By id. A task that is being polled is not here.
    tasks: RefCell<HashMap<usize, Task>>,
    next_id: Cell<usize>,
    woken: Arc<Mutex<VecDeque<usize>>>,
}

type Task = (Pin<Box<dyn Future<Output = ()>>>, Waker);

/// Has an id, not the task: kept after the end, it keeps nothing of the task alive.
struct TaskWaker {
    id: usize,
    woken: Arc<Mutex<VecDeque<usize>>>,
    thread: Thread,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        // The lock is never poisoned: nothing panics under it.
        let mut woken = self.woken.lock().unwrap();
        if !woken.contains(&self.id) {
            woken.push_back(self.id);
        }
        drop(woken);
        // A thread about to park finds the token of this and does not.
        self.thread.unpark();
    }
}

impl MiniExecutor {
    /// `&self`, so that a task can spawn another. Its first poll is as if it had been woken.
    fn spawn(&self, future: impl Future<Output = ()> + 'static) {
        let id = self.next_id.replace(self.next_id.get() + 1);
        let woken = Arc::clone(&self.woken);
        let thread = thread::current();
        let waker = Waker::from(Arc::new(TaskWaker { id, woken, thread }));
        waker.wake_by_ref();
        let mut tasks = self.tasks.borrow_mut();
        tasks.insert(id, (Box::pin(future), waker));
    }

    /// Runs until all tasks have ended; returns how often it polled and how often it slept.
    fn run(&self) -> (usize, usize) {
        let (mut polls, mut idle) = (0, 0);
        while !self.tasks.borrow().is_empty() {
            let Some(id) = self.woken.lock().unwrap().pop_front() else {
                idle += 1;
                thread::park();
                continue;
            };
            // Not there: it was woken after its end.
            let Some((mut future, waker)) = self.tasks.borrow_mut().remove(&id) else {
                continue;
            };
            polls += 1;
            let mut cx = Context::from_waker(&waker);
            if future.as_mut().poll(&mut cx).is_pending() {
                self.tasks.borrow_mut().insert(id, (future, waker));
            }
        }
        (polls, idle)
    }
}

/// When to wake whom.
type Timer = (Instant, Waker);

/// A thread that watches the clock for all tasks. At its end it tells how often it woke one.
fn reactor() -> (mpsc::Sender<Timer>, JoinHandle<usize>) {
    let (sender, timers) = mpsc::channel::<Timer>();
    // All waits are equally long, so they end in the order in which they begin.
    let wake = |(deadline, waker): Timer| {
        thread::sleep(deadline.saturating_duration_since(Instant::now()));
        waker.wake();
    };
    let thread = thread::spawn(move || timers.into_iter().map(wake).count());
    (sender, thread)
}

/// Ends 20 ms after its first poll. However often it is polled, it registers a waker once.
async fn wait(reactor: &mpsc::Sender<Timer>) {
    let deadline = Instant::now() + Duration::from_millis(20);
    let mut registered = Waker::noop().clone();
    poll_fn(|cx| {
        if !registered.will_wake(cx.waker()) {
            registered.clone_from(cx.waker());
            let timer = (deadline, registered.clone());
            reactor.send(timer).expect("it ends after its last sender");
        } else if Instant::now() >= deadline {
            return Poll::Ready(());
        }
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use utils::probe::{CountingWaker, in_child};

    /// Far more than it takes: only a lost wake-up reaches it.
    const LIMIT: Duration = Duration::from_secs(60);

    /// Proves G-6.1-1, G-まとめ-1.
    #[test]
    fn it_sleeps_at_most_once_a_wake_up() {
        let (executor, (timers, reactor)) = (MiniExecutor::default(), reactor());
        executor.spawn(task("1", 1, timers.clone()));
        executor.spawn(task("2", 2, timers));
        let (polls, idle) = executor.run();
        assert_eq!((polls, reactor.join().unwrap()), (5, 3));
        // One a wake-up, and one that ends at once: spawning from this thread leaves a token.
        assert!(idle <= 4, "{idle}");
    }

    #[cfg(unix)]
    fn cpu_time(clock: rustix::time::ClockId) -> Duration {
        let time = rustix::time::clock_gettime(clock);
        time.try_into().expect("CPU time only grows")
    }

    /// The same program, 40 ms of waiting in each.
    /// Proves G-2.2-4, D-3-1.
    #[cfg(unix)] // reads the CPU time of a thread
    #[test]
    fn polling_without_end_takes_ten_times_the_cpu_of_sleeping() {
        let cpu_time = |program: fn() -> thread::Result<()>| {
            let before = cpu_time(rustix::time::ClockId::ThreadCPUTime);
            program().unwrap();
            cpu_time(rustix::time::ClockId::ThreadCPUTime) - before
        };
        // For what only a first run costs.
        cpu_time(main);
        let parked = cpu_time(main);
        let (busy, woken) = (cpu_time(crate::busy_polling::main), cpu_time(crate::woken::main));
        assert!(busy >= 10 * parked, "{busy:?} and {parked:?}");
        assert!(woken >= 10 * parked, "{woken:?} and {parked:?}");
    }

    /// Polled once, never woken. While it waits for ever it takes no CPU.
    /// Proves G-6.1-1.
    #[cfg(unix)] // reads the CPU time of the process
    #[test]
    fn a_task_that_is_never_ready_sleeps_for_ever() {
        let ended = in_child(Duration::from_millis(1500), || {
            let executor = MiniExecutor::default();
            let (tell, told) = mpsc::channel();
            executor.spawn(async move {
                tell.send(()).unwrap();
                std::future::pending().await
            });
            thread::spawn(move || {
                told.recv().unwrap();
                let before = cpu_time(rustix::time::ClockId::ProcessCPUTime);
                thread::sleep(Duration::from_millis(300));
                let used = cpu_time(rustix::time::ClockId::ProcessCPUTime) - before;
                println!("\nasleep: {}", used < Duration::from_millis(10));
            });
            executor.run();
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
            let executor = MiniExecutor::default();
            let mut polls = 0;
            executor.spawn(poll_fn(move |_| {
                polls += 1;
                println!("\npoll {polls}");
                if polls == 1 { Poll::Pending } else { Poll::Ready(()) }
            }));
            executor.run();
        });
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.contains("\npoll 1\n"), "{ended:#?}");
        assert!(!ended.stdout.contains("poll 2"), "{ended:#?}");
    }

    #[test]
    fn a_wake_up_from_another_thread_during_a_poll_is_not_lost() {
        let ended = in_child(LIMIT, || {
            let executor = MiniExecutor::default();
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
            executor.spawn(poll_fn(move |cx| {
                if rounds.next().is_none() {
                    return Poll::Ready(());
                }
                wakers.send(cx.waker().clone()).unwrap();
                // The poll goes on until the wake-up is over.
                awake.wait();
                Poll::Pending
            }));
            assert_eq!(executor.run().0, 1001);
            waking.join().unwrap();
        });
        assert!(ended.status.success(), "{ended:#?}");
    }

    /// Between the look at the empty queue and the sleep there is room for a wake-up.
    #[test]
    fn a_wake_up_that_races_with_falling_asleep_is_not_lost() {
        let ended = in_child(LIMIT, || {
            let executor = MiniExecutor::default();
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
            executor.spawn(async move {
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
            executor.run();
            waking.join().unwrap();
        });
        assert!(ended.status.success(), "{ended:#?}");
    }

    #[test]
    fn every_thread_can_wake() {
        let ended = in_child(LIMIT, || {
            let executor = MiniExecutor::default();
            for _ in 0..8 {
                let mut thread = None;
                let count = Arc::new(AtomicUsize::new(0));
                executor.spawn(poll_fn(move |cx| {
                    thread.get_or_insert_with(|| {
                        let (waker, count) = (cx.waker().clone(), Arc::clone(&count));
                        thread::spawn(move || {
                            for _ in 0..1000 {
                                count.fetch_add(1, Ordering::Relaxed);
                                waker.wake_by_ref();
                            }
                        })
                    });
                    match count.load(Ordering::Relaxed) {
                        1000 => Poll::Ready(()),
                        _ => Poll::Pending,
                    }
                }));
            }
            executor.run();
        });
        assert!(ended.status.success(), "{ended:#?}");
    }

    /// After a change of poller both wakers are registered: the last one must be.
    #[test]
    fn a_wait_registers_each_waker_once() {
        let (timers, reactor) = reactor();
        let ((first, first_waker), (last, last_waker)) =
            (CountingWaker::new(), CountingWaker::new());
        let mut waiting = Box::pin(async move { wait(&timers).await });
        for waker in [&first_waker, &last_waker, &last_waker] {
            // Ready if this thread has slept past the deadline.
            if waiting.as_mut().poll(&mut Context::from_waker(waker)).is_ready() {
                break;
            }
        }
        drop(waiting);
        assert_eq!(reactor.join().unwrap(), 2);
        assert_eq!((first.wakes(), last.wakes()), (1, 1));
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
