//! Promise: a run of very many tasks is drawn in a time that grows with their number, not with its square.

#![cfg(tokio_unstable)] // without the flag Tokio reports nothing

use cpu_time::ThreadTime;
use std::time::Duration;
use timeline::model::{Ending, Kind, Timeline};
use timeline::{Drawing, Recorder, Thresholds};
use tokio::runtime::Builder;
use tokio::time::sleep;
use tracing::Dispatch;

fn timeline_of(tasks: usize) -> Timeline {
    let recorder = Recorder::new().unwrap();
    let runtime = Builder::new_current_thread().enable_time().build().unwrap();
    tracing::dispatcher::with_default(&Dispatch::new(recorder.subscriber()), || {
        runtime.block_on(async {
            for _ in 0..tasks {
                tokio::spawn(sleep(Duration::from_secs(3600)));
                tokio::task::yield_now().await;
            }
        });
    });
    // A busy machine makes any poll long.
    let mut thresholds = Thresholds::default();
    thresholds.long_poll = Duration::MAX;
    recorder.timeline_with(Ending::CutOff, &thresholds)
}

/// A run with this number of tasks, drawn in all three ways.
struct Drawn {
    tasks: usize,
    page: String,
    trace: String,
    text: String,
    cpu_time: Duration,
}

fn draw(tasks: usize) -> Drawn {
    let start = ThreadTime::now();
    let timeline = timeline_of(tasks);
    Drawn {
        tasks: timeline.lanes.iter().filter(|lane| lane.kind == Kind::Task).count(),
        page: timeline::html::fragment(&timeline, 80),
        trace: timeline::chrome::trace(&timeline, ""),
        text: Drawing::new(timeline).to_string(),
        cpu_time: start.elapsed(),
    }
}

#[test]
fn four_times_the_tasks_take_less_than_nine_times_the_time() {
    let few = draw(1_000).cpu_time;
    let Drawn { tasks, page, trace, text, cpu_time: many } = draw(4_000);
    assert_eq!(tasks, 4_000);
    assert!(page.contains("later steps are not drawn"), "{page}");
    assert!(trace.contains("task 4000"));
    assert!(text.contains("task 1 (") && text.lines().count() < 400, "{text}");
    // Linear time would be four times as much, quadratic time sixteen times.
    assert!(many < 9 * few, "{few:?} for 1,000 tasks, {many:?} for 4,000");
}
