//! Promise: a run with very many tasks is drawn soon.

#![cfg(tokio_unstable)] // without the flag Tokio reports nothing

use std::time::Duration;
use timeline::model::{Ending, Kind};
use timeline::{Drawing, Recorder, Thresholds};
use tokio::runtime::Builder;
use tokio::time::sleep;
use tracing::Dispatch;

/// A drawing that takes a second for each thousand tasks would never come.
#[test]
fn a_run_of_many_tasks_is_drawn_all_the_same() {
    let tasks = 5_000;
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
    let timeline = recorder.timeline_with(Ending::CutOff, &thresholds);
    assert_eq!(timeline.lanes.iter().filter(|lane| lane.kind == Kind::Task).count(), tasks);
    let page = timeline::html::fragment(&timeline, 80);
    assert!(page.contains("later steps are not drawn"), "{page}");
    assert!(timeline::chrome::trace(&timeline, "").contains("task 5000"));
    let text = Drawing::new(timeline).to_string();
    assert!(text.contains("task 1 (") && text.lines().count() < 400, "{text}");
}
