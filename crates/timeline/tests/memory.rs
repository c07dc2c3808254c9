//! Promise: an event takes 32 bytes while the program runs, and recording allocates nothing more.

#![cfg(all(tokio_unstable, target_pointer_width = "64"))] // without the flag Tokio reports nothing

use allocation_counter::measure;
use timeline::Recorder;
use timeline::model::Ending;
use tokio::task::yield_now;
use tracing::Dispatch;

const CAPACITY: usize = 100_000;

#[test]
fn an_event_takes_32_bytes_and_the_timeline_of_it_less_than_130_more() {
    let mut recorder = None;
    let made = measure(|| recorder = Some(Recorder::with_capacity(CAPACITY).unwrap()));
    let recorder = recorder.unwrap();
    let each = |bytes: u64| bytes as f64 / CAPACITY as f64;
    assert!((32.0..32.1).contains(&each(made.bytes_max)), "{made:?}");

    let subscriber = Dispatch::new(recorder.subscriber());
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let ran = tracing::dispatcher::with_default(&subscriber, || {
        let polls = async {
            for _ in 0..CAPACITY {
                yield_now().await;
            }
        };
        measure(|| runtime.block_on(async { tokio::spawn(polls).await.unwrap() }))
    });
    assert!(each(ran.bytes_max) < 0.1, "the buffer was there before: {ran:?}");

    let mut events = 0;
    let drawn = measure(|| events = recorder.timeline(Ending::Finished).events.len());
    assert!(events > CAPACITY * 9 / 10, "{events}");
    assert!(each(drawn.bytes_max) < 130.0, "{drawn:?}");
}
