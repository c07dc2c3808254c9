//! Promise: the collector concludes from Tokio's reports what happened, and no more.

#![cfg(tokio_unstable)] // without the flag Tokio reports nothing

use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Poll, Waker};
use std::time::Duration;
use timeline::model::{By, Ending, Kind, LaneId, Outcome, Resource, Timeline, What};
use tokio::runtime::Builder;
use tokio::sync::Semaphore;
use tokio::time::{interval, sleep};
use tracing::Dispatch;

fn recorded<F: Future>(future: F) -> Timeline {
    timeline::record(future).unwrap().1
}

fn named(timeline: &Timeline, name: &str) -> LaneId {
    let lane = timeline.lanes.iter().find(|lane| lane.name == name);
    lane.unwrap_or_else(|| panic!("{name} is none of {:#?}", timeline.lanes)).id
}

fn whats(timeline: &Timeline, name: &str) -> Vec<What> {
    timeline.of(named(timeline, name)).map(|(_, event)| event.what).collect()
}

fn polls(timeline: &Timeline, name: &str) -> Vec<Outcome> {
    let outcome = |what: What| match what {
        What::PollEnd { outcome, .. } => Some(outcome),
        _ => None,
    };
    whats(timeline, name).into_iter().filter_map(outcome).collect()
}

fn wakes(timeline: &Timeline, name: &str) -> Vec<(By, bool)> {
    let wake = |what: What| match what {
        What::Wake { by, inferred } => Some((by, inferred)),
        _ => None,
    };
    whats(timeline, name).into_iter().filter_map(wake).collect()
}

fn ends(timeline: &Timeline, name: &str) -> Option<What> {
    whats(timeline, name).pop()
}

use Outcome::{Panicked, Pending, Ready};

#[test]
fn the_drop_of_a_future_is_no_poll() {
    let timeline = recorded(async { tokio::spawn(async {}).await.unwrap() });
    assert_eq!(polls(&timeline, "task 1"), [Ready]);
    assert_eq!(ends(&timeline, "task 1"), Some(What::Dropped { finished: true }));
    assert_eq!(polls(&timeline, "main"), [Pending, Ready]);
}

#[test]
fn a_task_that_holds_its_own_span_open_has_no_poll_more() {
    // A span that the task has made, and that another one keeps, holds the task's span.
    let timeline = recorded(async {
        let made = tokio::spawn(async { tracing::trace_span!(target: "timeline::future", "x") });
        let _kept = made.await.unwrap();
        tokio::task::yield_now().await;
    });
    assert_eq!(polls(&timeline, "task 1"), [Ready]);
}

#[test]
fn an_aborted_task_is_dropped_unfinished_and_a_panicking_one_panicked() {
    let timeline = recorded(async {
        let task = tokio::spawn(std::future::pending::<()>());
        tokio::task::yield_now().await;
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        let panics = tokio::spawn(async { std::panic::resume_unwind(Box::new(())) });
        let result: Result<(), _> = panics.await;
        assert!(result.unwrap_err().is_panic());
    });
    assert_eq!(polls(&timeline, "task 1"), [Pending]);
    assert_eq!(ends(&timeline, "task 1"), Some(What::Dropped { finished: false }));
    assert_eq!(polls(&timeline, "task 2"), [Panicked]);
}

/// The budget reports first, and says nothing of the timer.
#[test]
fn a_poll_of_a_resource_has_one_outcome() {
    let timeline = recorded(async { sleep(Duration::from_millis(7)).await });
    let asked = whats(&timeline, "main").into_iter().filter_map(|what| match what {
        What::ResourcePoll { on, ready } => Some((timeline.lane(on).name.as_str(), ready)),
        _ => None,
    });
    assert_eq!(asked.collect::<Vec<_>>(), [("Sleep 7 ms", false), ("Sleep 7 ms", true)]);
    let sleep = named(&timeline, "Sleep 7 ms");
    assert_eq!(wakes(&timeline, "main"), [(By::Lane(sleep), false)]);
    assert_eq!(timeline.end, Duration::from_millis(7));
}

#[test]
fn what_tokio_makes_for_itself_has_no_lane() {
    let timeline = recorded(async {
        let mut interval = interval(Duration::from_millis(1));
        interval.tick().await;
        drop(tokio::sync::Mutex::new(()).lock().await);
    });
    let kinds: Vec<_> = timeline.lanes.iter().map(|lane| lane.kind).collect();
    let [interval, mutex] = [Resource::Interval, Resource::Mutex].map(Kind::Resource);
    assert_eq!(kinds, [Kind::Root, interval, mutex, Kind::Worker]);
}

#[test]
fn a_closure_runs_on_a_thread_of_its_own_and_wakes_who_waits() {
    let timeline = recorded(async {
        let (end, until) = std::sync::mpsc::channel();
        let mut closure = tokio::task::spawn_blocking(move || until.recv());
        std::future::poll_fn(|cx| {
            let poll = Pin::new(&mut closure).poll(cx);
            // Only now, when it waits. At its second poll nobody listens any more.
            let _ = end.send(());
            poll
        })
        .await
        .unwrap()
        .unwrap();
    });
    let closure = named(&timeline, "closure 1");
    assert_eq!(polls(&timeline, "closure 1"), [Ready]);
    assert_eq!(wakes(&timeline, "main"), [(By::Lane(closure), false)]);
    assert_eq!(timeline.workers().count(), 2);
}

#[test]
fn a_thread_that_tokio_does_not_run_is_told_from_tokio() {
    let (give, waker) = std::sync::mpsc::channel::<Waker>();
    let (end, until) = std::sync::mpsc::channel();
    let thread = std::thread::spawn(move || {
        waker.recv().unwrap().wake();
        end.send(()).unwrap();
    });
    let timeline = recorded(async {
        // A closure that runs keeps the paused clock from moving on.
        let blocking = tokio::task::spawn_blocking(move || until.recv());
        let mut polls = 0;
        std::future::poll_fn(|cx| {
            polls += 1;
            if polls == 2 {
                return Poll::Ready(());
            }
            give.send(cx.waker().clone()).unwrap();
            Poll::Pending
        })
        .await;
        blocking.await.unwrap().unwrap();
    });
    thread.join().unwrap();
    assert_eq!(wakes(&timeline, "main")[0], (By::Thread, false));
}

#[test]
fn a_timeline_ends_before_the_limit_if_nothing_can_happen_any_more() {
    let (output, timeline) = timeline::record(std::future::pending::<()>()).unwrap();
    assert_eq!((output, timeline.ending), (None, Ending::Stalled));
    assert_eq!(timeline.end, Duration::ZERO);
    assert_eq!(polls(&timeline, "main"), [Pending]);
}

#[test]
fn inside_a_runtime_it_is_an_error() {
    let runtime = Builder::new_current_thread().build().unwrap();
    let error = runtime.block_on(async { timeline::record(async {}).unwrap_err() });
    assert_eq!(error, timeline::Error::InsideRuntime);
}

/// Runs on two workers, as a program under `#[tokio::main]` does.
fn on_two_workers<F: Future>(capacity: usize, future: F) -> Timeline {
    let recorder = timeline::Recorder::with_capacity(capacity).unwrap();
    let dispatch = Dispatch::new(recorder.subscriber());
    let default = dispatch.clone();
    tracing::dispatcher::with_default(&dispatch, || {
        let mut builder = Builder::new_multi_thread();
        let start = move || std::mem::forget(tracing::dispatcher::set_default(&default));
        let runtime = builder.worker_threads(2).enable_time().on_thread_start(start).build();
        runtime.unwrap().block_on(future);
    });
    recorder.timeline(Ending::Finished)
}

/// Runs on one thread, with the clock paused: nothing is polled while a poll goes on.
fn on_one_thread<F: Future>(future: F) -> Timeline {
    let recorder = timeline::Recorder::new().unwrap();
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    tracing::dispatcher::with_default(&Dispatch::new(recorder.subscriber()), || {
        runtime.block_on(future);
    });
    recorder.timeline(Ending::Finished)
}

#[test]
fn workers_are_lanes_and_say_when_they_sleep() {
    let timeline = on_two_workers(1000, async {
        let task = tokio::spawn(async { sleep(Duration::from_millis(20)).await });
        task.await.unwrap();
    });
    let polls = timeline.of(named(&timeline, "task 1"));
    let polls = polls.filter(|(_, event)| event.what == What::PollStart);
    for (_, event) in polls {
        assert!(timeline.lane(event.worker).name.starts_with("worker "), "{event:?}");
    }
    let parked = timeline.events.iter().filter(|event| event.what == What::Parked);
    for event in parked {
        assert_eq!(timeline.lane(event.lane).kind, Kind::Worker);
        assert_eq!(event.lane, event.worker);
    }
}

/// Tokio's own waker of `block_on` reports nothing, and a `JoinHandle` neither.
#[test]
fn what_woke_the_root_of_any_program_is_inferred() {
    let timeline = on_two_workers(1000, async {
        let (end, until) = std::sync::mpsc::channel();
        let mut task = tokio::spawn(async move { until.recv() });
        std::future::poll_fn(|cx| {
            let poll = Pin::new(&mut task).poll(cx);
            // Only now, when it waits. At its second poll nobody listens any more.
            let _ = end.send(());
            poll
        })
        .await
        .unwrap()
        .unwrap();
    });
    assert_eq!(wakes(&timeline, "main"), [(By::Lane(named(&timeline, "task 1")), true)]);
}

/// Tokio wakes first, and then reports the value: a root on another thread could be polled in between.
#[test]
fn the_value_of_a_oneshot_channel_wakes_the_root_for_sure() {
    let timeline = on_one_thread(async {
        let (give, mut take) = tokio::sync::oneshot::channel();
        let first = std::future::poll_fn(|cx| Poll::Ready(Pin::new(&mut take).poll(cx))).await;
        assert!(first.is_pending());
        tokio::spawn(async move { give.send(1) });
        take.await.unwrap();
    });
    assert_eq!(wakes(&timeline, "main"), [(By::Lane(named(&timeline, "task 1")), false)]);
}

#[test]
fn a_timer_that_the_root_finds_over_has_woken_it_for_sure() {
    let timeline = on_two_workers(1000, async { sleep(Duration::from_millis(2)).await });
    let sleep = timeline.lanes.iter().find(|lane| lane.kind == Kind::Resource(Resource::Sleep));
    assert_eq!(wakes(&timeline, "main"), [(By::Lane(sleep.unwrap().id), false)]);
}

#[test]
fn a_named_part_of_the_root_wakes_it_for_sure() {
    let timeline = on_two_workers(1000, async {
        timeline::named("outer", timeline::named("inner", tokio::task::yield_now())).await;
    });
    let [outer, inner] = ["outer", "inner"].map(|name| By::Lane(named(&timeline, name)));
    assert_eq!(wakes(&timeline, "outer"), [(inner, false)]);
    assert_eq!(wakes(&timeline, "main"), [(outer, false)]);
}

#[test]
fn a_permit_that_is_given_to_the_root_wakes_it_for_sure() {
    let timeline = on_two_workers(1000, async {
        let semaphore = Arc::new(Semaphore::new(0));
        let mut permit = pin!(semaphore.acquire());
        let first = std::future::poll_fn(|cx| Poll::Ready(permit.as_mut().poll(cx))).await;
        assert!(first.is_pending());
        let giver = semaphore.clone();
        tokio::spawn(async move { giver.add_permits(1) });
        permit.await.unwrap().forget();
    });
    assert_eq!(wakes(&timeline, "main"), [(By::Lane(named(&timeline, "task 1")), false)]);
}

/// As `FuturesUnordered` leaves it: it polls only the future that was woken.
#[test]
fn a_timer_wakes_a_root_whose_last_poll_has_not_asked_it() {
    let timeline = on_one_thread(async {
        let mut timer = pin!(sleep(Duration::from_millis(5)));
        let mut polls = 0;
        std::future::poll_fn(|cx| {
            polls += 1;
            match polls {
                1 => {
                    assert!(timer.as_mut().poll(cx).is_pending());
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
                2 => Poll::Pending,
                _ => Poll::Ready(()),
            }
        })
        .await;
    });
    let [main, sleep] = ["main", "Sleep 5 ms"].map(|name| By::Lane(named(&timeline, name)));
    assert_eq!(wakes(&timeline, "main"), [(main, true), (sleep, true)]);
    let text = timeline::Drawing::new(timeline).to_string();
    assert!(text.contains("main probably wakes itself"), "{text}");
}

#[test]
fn a_timer_is_dropped_unfinished_if_something_waited_for_it_and_it_was_not_over() {
    let millis = Duration::from_millis;
    let timeline = recorded(async move {
        drop(sleep(millis(3)));
        tokio::select! {
            () = sleep(millis(5)) => {}
            () = sleep(millis(7)) => {}
        }
    });
    let finished = |finished| Some(What::Dropped { finished });
    // Nobody has polled the first one, so that it was not even set.
    assert_eq!(ends(&timeline, "Sleep"), finished(true));
    assert_eq!(ends(&timeline, "Sleep 5 ms"), finished(true));
    assert_eq!(ends(&timeline, "Sleep 7 ms"), finished(false));
}

#[test]
fn a_full_buffer_counts_what_it_does_not_keep() {
    let program = || async {
        for _ in 0..100 {
            tokio::spawn(async {}).await.unwrap();
        }
    };
    let all = on_two_workers(100_000, program());
    assert_eq!(all.events_dropped, 0);
    let some = on_two_workers(50, program());
    assert!(some.events_dropped > 200, "{}", some.events_dropped);
    assert!(some.events.len() <= 60 && some.lanes.len() < 60, "{}", some.events.len());
}
