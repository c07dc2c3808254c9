//! What else is promised of the end: by whom, in which order, and what it does to what comes later.

use super::matrix::{LIMIT, assert_cancelled, in_time, one_thread, workers};
use super::rt::{self, IS_TOKIO, net::TcpListener, task::yield_now, time::sleep};
use rt::runtime::{Builder, Handle, Runtime};
use std::future::{pending, poll_fn};
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};
use std::task::Poll;
use std::thread;
use std::time::{Duration, Instant};
use utils::probe::DropLog;

const HOUR: Duration = Duration::from_secs(3_600);

/// A poll that blocks a worker until the gate opens, which is when the sender goes.
fn block(runtime: &Runtime) -> mpsc::Sender<()> {
    let ((open, gate), (begin, begun)) = (mpsc::channel::<()>(), mpsc::channel());
    runtime.spawn(async move {
        begin.send(()).unwrap();
        gate.recv().unwrap_err();
    });
    begun.recv().unwrap();
    open
}

fn spawn_pending(runtime: &Runtime) -> rt::task::JoinHandle<()> {
    let (waits, waiting) = mpsc::channel();
    let task = runtime.spawn(poll_fn(move |_| {
        waits.send(()).unwrap();
        Poll::Pending
    }));
    waiting.recv().unwrap();
    task
}

#[test]
fn what_waits_is_dropped_while_a_poll_still_runs() {
    in_time("two workers", || {
        let runtime = workers(2);
        let task = spawn_pending(&runtime);
        let open = block(&runtime);
        runtime.shutdown_background();
        assert_cancelled(task);
        drop(open);
    });
}

/// On Tokio they wait for a worker: for any of them, timers and sockets for all.
#[test]
fn what_waits_is_dropped_while_every_worker_polls_but_on_tokio() {
    in_time("one worker", || {
        let runtime = workers(1);
        let task = spawn_pending(&runtime);
        let handle = runtime.handle().clone();
        let (waits, waiting) = mpsc::channel();
        let sleeper = thread::spawn(move || {
            handle.block_on(async {
                let mut sleeps = Box::pin(sleep(HOUR));
                poll_fn(|context| {
                    let poll = sleeps.as_mut().poll(context);
                    let _later = waits.send(());
                    poll
                })
                .await;
            });
        });
        waiting.recv().unwrap();
        let open = block(&runtime);
        runtime.shutdown_background();
        if IS_TOKIO {
            assert!(!task.is_finished() && !sleeper.is_finished());
            drop(open);
            assert_cancelled(task);
            sleeper.join().unwrap_err();
        } else {
            assert_cancelled(task);
            sleeper.join().unwrap_err();
            drop(open);
        }
    });
}

/// Nobody has polled them: they are in the queue of a worker that waits for them.
#[test]
fn what_is_queued_behind_a_poll_is_dropped_as_well() {
    for count in [1, 10, 300] {
        in_time("queued", move || {
            let (runtime, log) = (workers(2), DropLog::new());
            let open = block(&runtime);
            let (begin, begun) = mpsc::channel();
            let guards = log.clone();
            let waits = runtime.spawn(async move {
                let (hold, held) = mpsc::channel::<()>();
                for _ in 0..count {
                    let holds = (guards.guard("dropped"), hold.clone());
                    rt::spawn(async move {
                        let _holds = holds;
                        pending::<()>().await;
                    });
                }
                drop(hold);
                begin.send(()).unwrap();
                held.recv().unwrap_err();
            });
            begun.recv().unwrap();
            runtime.shutdown_background();
            // On Tokio it is the worker that is free now which drops them.
            drop(open);
            one_thread().block_on(waits).unwrap();
            assert_eq!(log.entries().len(), count);
        });
    }
}

/// It holds what the task wants that wakes it and then blocks.
#[test]
fn what_was_woken_by_a_poll_that_waits_for_it_is_dropped_as_well() {
    in_time("woken", || {
        let runtime = workers(2);
        let (wake, mut woken) = tokio::sync::mpsc::unbounded_channel();
        let ((hold, held), (begin, begun)) = (mpsc::channel::<()>(), mpsc::channel());
        let begins = begin.clone();
        runtime.spawn(async move {
            let _hold = hold;
            begins.send(()).unwrap();
            woken.recv().await.unwrap();
            unreachable!("its worker blocks, and then there is no other");
        });
        begun.recv().unwrap();
        let open = block(&runtime);
        let waits = runtime.spawn(async move {
            wake.send(()).unwrap();
            begin.send(()).unwrap();
            held.recv().unwrap_err();
        });
        begun.recv().unwrap();
        runtime.shutdown_background();
        drop(open);
        one_thread().block_on(waits).unwrap();
    });
}

/// Waits until the end has begun, by what both runtimes do first: closures are refused.
fn wait_for_the_end(handle: &Handle) {
    loop {
        let (runs, ran) = mpsc::channel();
        drop(handle.spawn_blocking(move || runs.send(())));
        // Neither waiting nor done.
        if ran.try_recv() == Err(mpsc::TryRecvError::Disconnected) {
            return;
        }
        thread::yield_now();
    }
}

/// A running poll may ask its runtime for what it likes: its task is cancelled, as the others are.
#[test]
fn a_poll_that_goes_on_to_wait_is_cancelled_and_sees_no_end() {
    for count in [1, 2] {
        for what in ["sleep", "old sleep", "accept", "yield", "nothing"] {
            in_time(what, move || {
                let (runtime, log) = (workers(count), DropLog::new());
                let handle = runtime.handle().clone();
                let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
                let ((open, gate), (begin, begun)) = (mpsc::channel::<()>(), mpsc::channel());
                let guard = log.guard("dropped");
                let task = runtime.spawn(async move {
                    let _guard = guard;
                    let mut old = Box::pin(sleep(HOUR));
                    let first = poll_fn(|context| Poll::Ready(old.as_mut().poll(context)));
                    assert!(first.await.is_pending());
                    begin.send(()).unwrap();
                    gate.recv().unwrap_err();
                    match what {
                        "sleep" => sleep(HOUR).await,
                        "old sleep" => old.await,
                        "accept" => drop(listener.accept().await),
                        // On Tokio, a worker polls once more before it looks.
                        "yield" if !IS_TOKIO => yield_now().await,
                        _ => pending().await,
                    }
                    unreachable!("it is not polled again");
                });
                begun.recv().unwrap();
                let outside = thread::spawn({
                    let handle = handle.clone();
                    move || handle.block_on(sleep(HOUR))
                });
                let dropper = thread::spawn(move || drop(runtime));
                wait_for_the_end(&handle);
                if !IS_TOKIO {
                    outside.join().unwrap_err();
                }
                drop(open);
                dropper.join().unwrap();
                assert_cancelled(task);
                assert_eq!(log.entries(), ["dropped"]);
            });
        }
    }
}

/// By a poll that still runs, on its worker and where it has none any more, and from outside.
#[test]
fn a_spawn_during_the_end_is_cancelled_at_once() {
    for in_place in [false, true] {
        in_time("spawn", move || {
            let (runtime, log) = (workers(2), DropLog::new());
            let pending = spawn_pending(&runtime);
            let ((open, gate), (begin, begun)) = (mpsc::channel::<()>(), mpsc::channel());
            let guards = log.clone();
            let spawns = runtime.spawn(async move {
                let spawn = move || {
                    begin.send(()).unwrap();
                    gate.recv().unwrap_err();
                    let guard = guards.guard("dropped");
                    let task = rt::spawn(async move { drop(guard) });
                    assert!(task.is_finished());
                    assert_eq!(guards.entries(), ["dropped"]);
                    let closure = rt::task::spawn_blocking(|| ());
                    assert!(closure.is_finished());
                    (task, closure)
                };
                if in_place { rt::task::block_in_place(spawn) } else { spawn() }
            });
            begun.recv().unwrap();
            let handle = runtime.handle().clone();
            let dropper = thread::spawn(move || drop(runtime));
            wait_for_the_end(&handle);
            // By now the other worker, or whoever does it, has seen the end.
            assert_cancelled(pending);
            assert_cancelled(handle.spawn(async {}));
            drop(open);
            let (task, closure) = one_thread().block_on(spawns).unwrap();
            assert_cancelled(task);
            assert_cancelled(closure);
            dropper.join().unwrap();
        });
    }
}

type End = fn(Runtime);
const ENDS: [End; 3] = [
    drop,
    |runtime| runtime.shutdown_timeout(Duration::from_millis(1)),
    Runtime::shutdown_background,
];

/// One runs and the others wait for its thread, which does them all before it ends.
#[test]
fn queued_closures_run_when_the_runtime_ends() {
    for build in [Builder::new_current_thread, Builder::new_multi_thread] {
        for end in ENDS {
            in_time("queued closures", move || {
                let mut builder = build();
                builder.worker_threads(1).max_blocking_threads(1).enable_all();
                let runtime = builder.build().unwrap();
                let log = Arc::new(Mutex::new(Vec::new()));
                let ((open, gate), (begin, begun)) = (mpsc::channel::<()>(), mpsc::channel());
                runtime.spawn_blocking(move || {
                    begin.send(()).unwrap();
                    gate.recv().unwrap_err();
                });
                begun.recv().unwrap();
                let closures: Vec<_> = (0..100)
                    .map(|number| {
                        let log = log.clone();
                        runtime.spawn_blocking(move || log.lock().unwrap().push(number))
                    })
                    .collect();
                closures[50].abort();
                let handle = runtime.handle().clone();
                let ender = thread::spawn(move || end(runtime));
                wait_for_the_end(&handle);
                drop(open);
                for (number, closure) in closures.into_iter().enumerate() {
                    match one_thread().block_on(closure) {
                        Ok(()) => assert_ne!(number, 50),
                        Err(error) => assert!(number == 50 && error.is_cancelled()),
                    }
                }
                ender.join().unwrap();
                // With a worker, whose thread does its part when it has left, in any order.
                let mut ran = log.lock().unwrap().clone();
                ran.sort_unstable();
                assert!(ran.into_iter().eq((0..100).filter(|number| *number != 50)));
            });
        }
    }
}

/// Its thread has just been started: what it is for is done.
#[test]
fn a_closure_that_was_just_spawned_runs_when_the_runtime_ends() {
    in_time("spawned closure", || {
        for runtime in [one_thread, || workers(1)] {
            let ran = Arc::new(AtomicUsize::new(0));
            for _ in 0..200 {
                let (runtime, ran) = (runtime(), ran.clone());
                runtime.block_on(async {
                    rt::task::spawn_blocking(move || ran.fetch_add(1, SeqCst));
                });
            }
            assert_eq!(ran.load(SeqCst), 200);
        }
    });
}

/// The thread that ends it polls nothing, so it may block.
#[test]
fn a_destructor_of_a_current_thread_runtime_may_block() {
    struct Blocks(Option<Runtime>, DropLog);
    impl Drop for Blocks {
        fn drop(&mut self) {
            assert_eq!(Handle::current().block_on(async { 1 }), 1);
            drop(self.0.take());
            one_thread().block_on(sleep_a_little());
            self.1.note("dropped");
        }
    }
    async fn sleep_a_little() {
        sleep(Duration::from_millis(1)).await;
    }
    for end in ENDS {
        for polled in [false, true] {
            in_time("destructor", move || {
                let (runtime, log) = (one_thread(), DropLog::new());
                let blocks = Blocks(Some(workers(1)), log.clone());
                let task = runtime.spawn(async move {
                    let _blocks = blocks;
                    pending::<()>().await;
                });
                if polled {
                    runtime.block_on(yield_now());
                }
                end(runtime);
                assert_cancelled(task);
                assert_eq!(log.entries(), ["dropped"]);
            });
        }
    }
}

/// Where workers drop it, on Tokio, it may not, and hears of it by a panic.
#[test]
fn a_destructor_of_a_multi_thread_runtime_may_not_block() {
    struct Blocks(DropLog);
    impl Drop for Blocks {
        fn drop(&mut self) {
            let handle = Handle::current();
            assert!(catch_unwind(AssertUnwindSafe(|| handle.block_on(async {}))).is_err());
            let inner = workers(1);
            assert!(catch_unwind(AssertUnwindSafe(|| drop(inner))).is_err());
            rt::task::block_in_place(|| handle.block_on(async {}));
            self.0.note("dropped");
        }
    }
    for end in ENDS {
        in_time("destructor", move || {
            let (runtime, log) = (workers(1), DropLog::new());
            let blocks = Blocks(log.clone());
            let task = runtime.spawn(async move {
                let _blocks = blocks;
                pending::<()>().await;
            });
            end(runtime);
            assert_cancelled(task);
            assert_eq!(log.entries(), ["dropped"]);
        });
    }
}

/// A destructor that takes long does not stop a caller that does not wait.
#[test]
fn who_does_not_wait_does_not_wait_for_a_destructor() {
    struct Waits(mpsc::Receiver<()>);
    impl Drop for Waits {
        fn drop(&mut self) {
            self.0.recv().unwrap_err();
        }
    }
    for end in &ENDS[1..] {
        in_time("destructor", || {
            let runtime = workers(1);
            let (open, gate) = mpsc::channel::<()>();
            let waits = Waits(gate);
            let task = runtime.spawn(async move {
                let _waits = waits;
                pending::<()>().await;
            });
            end(runtime);
            assert!(!task.is_finished());
            drop(open);
            assert_cancelled(task);
        });
    }
}

/// It would be one of those that it waits for. On Tokio it waits.
#[test]
fn a_closure_or_a_poll_that_drops_its_own_runtime_does_not_wait_for_itself() {
    if IS_TOKIO {
        return;
    }
    for (build, in_place) in
        [(one_thread as fn() -> Runtime, false), (|| workers(1), false), (|| workers(2), true)]
    {
        in_time("its own", move || {
            let runtime = build();
            let (handle, (give, take)) = (runtime.handle().clone(), mpsc::channel::<Runtime>());
            let ended = if in_place {
                handle.spawn(async move { rt::task::block_in_place(|| drop(take.recv())) })
            } else {
                handle.spawn_blocking(move || drop(take.recv()))
            };
            give.send(runtime).unwrap();
            one_thread().block_on(ended).unwrap();
            assert_cancelled(handle.spawn(async {}));
        });
    }
}

#[test]
fn bytes_that_had_arrived_before_the_end_can_be_read_after_it() {
    for build in [one_thread as fn() -> Runtime, || workers(1)] {
        let runtime = build();
        let (stream, mut client) = runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut client = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            client.write_all(b"hello").unwrap();
            let (stream, _) = listener.accept().await.unwrap();
            stream.readable().await.unwrap();
            (stream, client)
        });
        drop(runtime);
        let mut bytes = [0; 8];
        assert_eq!(stream.try_read(&mut bytes[..5]).unwrap(), 5);
        assert_eq!(&bytes[..5], b"hello");
        assert_eq!(stream.try_write(b"bye").unwrap(), 3);
        // Nobody hears any more that there is something to be read, nor may wait for it.
        client.write_all(b"more").unwrap();
        one_thread().block_on(stream.readable()).unwrap_err();
    }
}

/// What waits on a runtime that has ended, from then on.
#[test]
fn nothing_hangs_on_a_runtime_that_has_ended() {
    for build in [one_thread as fn() -> Runtime, || workers(1)] {
        for end in ENDS {
            in_time("ended", move || {
                let runtime = build();
                let handle = runtime.handle().clone();
                let listener = runtime.block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
                let sleeps = {
                    let _entered = runtime.enter();
                    sleep(HOUR)
                };
                end(runtime);
                wait_for_the_end(&handle);
                // On workers of Tokio's, the end may still go on.
                let begun = Instant::now();
                while handle.block_on(TcpListener::bind("127.0.0.1:0")).is_ok() {
                    assert!(begun.elapsed() < LIMIT);
                }
                handle.block_on(listener.accept()).unwrap_err();
                let waits = || handle.block_on(sleeps);
                catch_unwind(AssertUnwindSafe(waits)).unwrap_err();
                let waits = || handle.block_on(async { sleep(HOUR).await });
                catch_unwind(AssertUnwindSafe(waits)).unwrap_err();
                let task = handle.block_on(async { rt::spawn(pending::<()>()).await });
                assert!(task.unwrap_err().is_cancelled());
                handle.block_on(TcpListener::bind("localhost:0")).unwrap_err();
                assert_eq!(handle.block_on(async { 42 }), 42);
            });
        }
    }
}
