//! The other promises about the end: the thread that drops, the order, and the effect on later calls.

use super::matrix::{LIMIT, assert_cancelled, in_time, one_thread, workers};

use super::rt::{self, IS_TOKIO, net::TcpListener, time::sleep};
use super::support::{ENDS, HOUR, wait_for_the_end};
use rt::runtime::{Builder, Runtime};
use std::future::pending;
use std::io::Write;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Instant;

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

/// Waits on a runtime that has ended.
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
