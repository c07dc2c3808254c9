//! The end of a runtime, while destructors and other threads do what they like.

use super::rt::{self, runtime::Runtime, task::yield_now};
use super::{one_thread, workers};
use std::future::{pending, poll_fn};
use std::panic::resume_unwind;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc;
use std::task::Poll;
use std::thread;

const RUNTIMES: [fn() -> Runtime; 3] = [one_thread, || workers(1), || workers(2)];

/// Destructors that spawn, abort, wake and panic, while the runtime drops them.
#[test]
fn destructors_may_do_what_they_like_during_shutdown() {
    struct Spawns(Option<rt::task::AbortHandle>, Arc<AtomicUsize>);
    impl Drop for Spawns {
        fn drop(&mut self) {
            self.1.fetch_add(1, SeqCst);
            if let Some(other) = &self.0 {
                other.abort();
            }
            // Here in the runtime that ends. The task is cancelled at once, or with the others.
            let again = Spawns(None, self.1.clone());
            if self.0.is_some() {
                rt::spawn(async move {
                    let _again = again;
                    pending::<()>().await;
                });
            } else {
                std::mem::forget(again);
                if self.1.load(SeqCst).is_multiple_of(7) {
                    resume_unwind(Box::new("on purpose"));
                }
            }
        }
    }
    for runtime in RUNTIMES {
        let (runtime, drops) = (runtime(), Arc::new(AtomicUsize::new(0)));
        let mut last = rt::spawn_on(&runtime, pending::<()>()).abort_handle();
        for _ in 0..50 {
            let local = Spawns(Some(last), drops.clone());
            last = runtime
                .spawn(async move {
                    let _local = local;
                    pending::<()>().await;
                })
                .abort_handle();
        }
        rt::block_on(&runtime, async {
            for _ in 0..5 {
                yield_now().await;
            }
        });
        drop(runtime);
        assert_eq!(drops.load(SeqCst), 100);
    }
}

/// Wakes come from a thread that knows nothing of the end.
#[test]
fn wakes_and_spawns_may_race_with_the_end() {
    for round in 0..200 {
        let runtime = RUNTIMES[round % 3]();
        let handle = runtime.handle().clone();
        let (drops, total) = (Arc::new(AtomicUsize::new(0)), 20);
        struct Counted(Arc<AtomicUsize>);
        impl Drop for Counted {
            fn drop(&mut self) {
                self.0.fetch_add(1, SeqCst);
            }
        }
        let (registry, wakers) = mpsc::channel();
        let spawner = thread::spawn({
            let drops = drops.clone();
            move || {
                for _ in 0..total {
                    let (registry, guard) = (registry.clone(), Counted(drops.clone()));
                    handle.spawn(async move {
                        let _guard = guard;
                        poll_fn(|cx| {
                            // The other thread may have left.
                            let _ = registry.send(cx.waker().clone());
                            Poll::<()>::Pending
                        })
                        .await;
                    });
                }
            }
        });
        let waker = thread::spawn(move || wakers.iter().for_each(std::task::Waker::wake));
        if round % 2 == 0 {
            rt::block_on(&runtime, yield_now());
        }
        drop(runtime);
        spawner.join().unwrap();
        waker.join().unwrap();
        assert_eq!(drops.load(SeqCst), total);
    }
}
