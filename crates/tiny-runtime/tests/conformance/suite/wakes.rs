//! The effect of a wake on a task that is idle, queued, running or over.

use super::rt::{self, runtime::Runtime, task::yield_now};

use super::{one_thread, workers};
use std::future::{pending, poll_fn};
use std::pin::pin;
use std::sync::mpsc;
use std::sync::{Arc, Barrier, Mutex};
use std::task::{Context, Poll, Waker};
use std::thread;
use utils::probe::{CountingWaker, DropLog, Polls};

/// Never ready; its first poll hands its waker out.
fn registers() -> (impl Future<Output = ()> + Send, mpsc::Receiver<Waker>) {
    let (registry, registered) = mpsc::channel();
    let future = poll_fn(move |cx| {
        // Nobody may want the later ones.
        let _ = registry.send(cx.waker().clone());
        Poll::Pending
    });
    (future, registered)
}

async fn let_all_run() {
    for _ in 0..10 {
        yield_now().await;
    }
}

#[test]
fn any_number_of_wakes_while_queued_is_one_poll() {
    rt::block_on(&one_thread(), async {
        let (polls, (future, registered)) = (Polls::new(), registers());
        let task = rt::spawn(polls.of(future));
        yield_now().await;
        let waker = registered.recv().unwrap();
        assert_eq!(polls.count(), 1);
        (0..1_000).for_each(|_| waker.wake_by_ref());
        std::iter::repeat_n(&waker, 1_000).cloned().for_each(Waker::wake);
        let_all_run().await;
        assert_eq!(polls.count(), 2);
        task.abort();
    });
}

#[test]
fn any_number_of_wakes_while_running_is_one_more_poll() {
    for times in [1, 100] {
        rt::block_on(&one_thread(), async {
            let polls = Polls::new();
            let mut first = true;
            rt::spawn(polls.of(poll_fn(move |cx| {
                if std::mem::take(&mut first) {
                    (0..times).for_each(|_| cx.waker().wake_by_ref());
                }
                Poll::<()>::Pending
            })));
            let_all_run().await;
            assert_eq!(polls.count(), 2);
        });
    }
}

#[test]
fn wakes_of_a_task_that_is_over_do_nothing() {
    rt::block_on(&one_thread(), async {
        let (polls, (registry, registered)) = (Polls::new(), mpsc::channel());
        let task = rt::spawn(polls.of(poll_fn(move |cx| {
            registry.send(cx.waker().clone()).unwrap();
            Poll::Ready("value")
        })));
        let_all_run().await;
        let waker = registered.recv().unwrap();
        std::iter::repeat_n(&waker, 100).cloned().for_each(Waker::wake);
        let_all_run().await;
        assert_eq!(polls.count(), 1);
        assert_eq!(task.await.unwrap(), "value");
        waker.wake();
    });
}

/// The poll ends after the wake has returned: only the mark that it left can bring the next.
#[test]
fn a_wake_from_another_thread_during_a_poll_is_one_more_poll() {
    let runtime = workers(2);
    for _ in 0..200 {
        let (polls, meeting) = (Polls::new(), Arc::new(Barrier::new(2)));
        let (registry, registered) = mpsc::channel::<Waker>();
        let waker = thread::spawn({
            let meeting = meeting.clone();
            move || {
                registered.recv().unwrap().wake();
                meeting.wait();
            }
        });
        let mut first = true;
        let task = rt::spawn_on(
            &runtime,
            polls.of(poll_fn(move |cx| {
                if !std::mem::take(&mut first) {
                    return Poll::Ready(());
                }
                registry.send(cx.waker().clone()).unwrap();
                meeting.wait();
                Poll::Pending
            })),
        );
        rt::block_on(&runtime, task).unwrap();
        waker.join().unwrap();
        assert_eq!(polls.count(), 2);
    }
}

/// A wake just before, during or just after the poll that returns `Pending`: never lost.
#[test]
fn no_wake_from_another_thread_is_lost() {
    let runtime = workers(2);
    let (wakers, waked) = mpsc::channel::<Waker>();
    let waker = thread::spawn(move || waked.iter().for_each(Waker::wake));
    let tasks: Vec<_> = (0..8)
        .map(|_| {
            let (wakers, mut left) = (wakers.clone(), 2_000);
            rt::spawn_on(
                &runtime,
                poll_fn(move |cx| {
                    if left == 0 {
                        return Poll::Ready(());
                    }
                    left -= 1;
                    wakers.send(cx.waker().clone()).unwrap();
                    Poll::Pending
                }),
            )
        })
        .collect();
    drop(wakers);
    for task in tasks {
        rt::block_on(&runtime, task).unwrap();
    }
    waker.join().unwrap();
}

#[test]
fn a_join_handle_wakes_its_last_waker_and_only_once() {
    rt::block_on(&one_thread(), async {
        let (first, first_waker) = CountingWaker::new();
        let (last, last_waker) = CountingWaker::new();
        let mut task = pin!(rt::spawn(async { 42 }));
        for waker in [&first_waker, &first_waker, &last_waker] {
            assert!(task.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
        }
        assert_eq!((first.wakes(), last.wakes()), (0, 0));
        let_all_run().await;
        assert_eq!((first.wakes(), last.wakes()), (0, 1));
        let answer = task.as_mut().poll(&mut Context::from_waker(&last_waker));
        assert!(matches!(answer, Poll::Ready(Ok(42))));
    });
}

#[test]
fn the_waker_of_a_task_is_the_same_in_every_poll() {
    let mut kept: Option<Waker> = None;
    let mut polls = 0;
    let task = poll_fn(move |cx| {
        polls += 1;
        let same = kept.get_or_insert_with(|| cx.waker().clone()).will_wake(cx.waker());
        assert!(same && cx.waker().clone().will_wake(cx.waker()));
        cx.waker().wake_by_ref();
        if polls == 10 { Poll::Ready(()) } else { Poll::Pending }
    });
    rt::block_on(&workers(2), async { rt::spawn(task).await.unwrap() });
}

/// The waker of one task does nothing to another, not even if its memory is used again.
#[test]
fn a_stale_waker_wakes_nobody_else() {
    rt::block_on(&one_thread(), async {
        let mut stale = Vec::new();
        for _ in 0..100 {
            let (future, registered) = registers();
            let task = rt::spawn(future);
            yield_now().await;
            task.abort();
            assert!(task.await.unwrap_err().is_cancelled());
            stale.push(registered.recv().unwrap());
        }
        let polls = Polls::new();
        let tasks: Vec<_> = (0..100).map(|_| rt::spawn(polls.of(pending::<()>()))).collect();
        let_all_run().await;
        stale.into_iter().for_each(Waker::wake);
        let_all_run().await;
        assert_eq!(polls.count(), 100);
        tasks.iter().for_each(|task| task.abort());
    });
}

/// The wake may come from the destructor of a value that the task owns.
#[test]
fn wakers_may_outlive_the_task_and_the_runtime() {
    struct WakesInDrop(Arc<Mutex<Option<Waker>>>, DropLog);
    impl Drop for WakesInDrop {
        fn drop(&mut self) {
            let waker = self.0.lock().unwrap().clone();
            waker.unwrap().wake();
            self.1.note("dropped");
        }
    }
    let runtimes: [fn() -> Runtime; 2] = [one_thread, || workers(2)];
    for runtime in runtimes {
        let (runtime, log, slot) = (runtime(), DropLog::new(), Arc::new(Mutex::new(None)));
        let local = WakesInDrop(slot.clone(), log.clone());
        let (polled, is_polled) = tokio::sync::oneshot::channel();
        let mut polled = Some(polled);
        rt::spawn_on(&runtime, {
            let slot = slot.clone();
            poll_fn(move |cx| {
                let _local = &local;
                *slot.lock().unwrap() = Some(cx.waker().clone());
                if let Some(polled) = polled.take() {
                    polled.send(()).unwrap();
                }
                Poll::<()>::Pending
            })
        });
        rt::block_on(&runtime, is_polled).unwrap();
        drop(runtime);
        assert_eq!(log.entries(), ["dropped"]);
        let waker = slot.lock().unwrap().take().unwrap();
        waker.wake_by_ref();
        thread::spawn(move || waker.wake()).join().unwrap();
        assert_eq!(log.entries(), ["dropped"]);
    }
}
