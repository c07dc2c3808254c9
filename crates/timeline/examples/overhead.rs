//! Measures what recording costs: the time of one poll of a task that wakes itself, in turns, the best of many rounds.
//!
//! ```sh
//! cargo build --release -p timeline --example overhead
//! sudo nice -n -15 target/release/examples/overhead
//! ```
//!
//! Times depend on the machine; the ratio to the first row depends less. Without `--cfg tokio_unstable` Tokio
//! reports nothing: built with `RUSTFLAGS=`, it prints the first row alone.

use std::future::poll_fn;
use std::task::Poll;
use std::time::{Duration, Instant};
use timeline::{Recorder, named};
use tracing::{Dispatch, dispatcher};

const POLLS: u32 = 50_000;
const ROUNDS: usize = 20;

fn main() {
    // The recorders are made anew for each round: their buffers are empty, or full.
    let mut rows = [
        Row::new("no recorder", false, || Ok(None)),
        Row::new("recorded", false, || Recorder::with_capacity(1_000_000).map(Some)),
        Row::new("recorded, the buffer full", false, || Recorder::with_capacity(0).map(Some)),
        Row::new("a named future, no recorder", true, || Ok(None)),
        Row::new("a named future, recorded", true, || Recorder::with_capacity(1_000_000).map(Some)),
    ];
    for _ in 0..ROUNDS {
        for row in &mut rows {
            row.measure();
        }
    }
    let first = rows[0].best.as_secs_f64();
    for Row { name, best, events, .. } in &rows {
        if *best == Duration::MAX {
            println!("{name:28} not without --cfg tokio_unstable");
            continue;
        }
        let (polls, ratio) = (f64::from(POLLS), best.as_secs_f64() / first);
        let (nanos, events) = (best.as_nanos() as f64 / polls, *events as f64 / polls);
        println!("{name:28} {nanos:5.0} ns a poll  ×{ratio:<4.1}  {events:.0} events");
    }
}

struct Row {
    name: &'static str,
    is_named: bool,
    recorder: fn() -> Result<Option<Recorder>, timeline::Error>,
    best: Duration,
    events: usize,
}

impl Row {
    fn new(
        name: &'static str,
        is_named: bool,
        recorder: fn() -> Result<Option<Recorder>, timeline::Error>,
    ) -> Row {
        Row { name, is_named, recorder, best: Duration::MAX, events: 0 }
    }

    fn measure(&mut self) {
        let Ok(recorder) = (self.recorder)() else { return };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let dispatch = recorder.as_ref().map(|it| Dispatch::new(it.subscriber()));
        let time = dispatcher::with_default(&dispatch.unwrap_or_else(Dispatch::none), || {
            runtime.block_on(polls(self.is_named))
        });
        self.best = self.best.min(time);
        if let (0, Some(recorder)) = (self.events, recorder) {
            self.events = recorder.timeline(timeline::model::Ending::Finished).events.len();
        }
    }
}

async fn polls(is_named: bool) -> Duration {
    let start = Instant::now();
    let task = match is_named {
        true => tokio::spawn(named("spin", spin())),
        false => tokio::spawn(spin()),
    };
    task.await.unwrap();
    start.elapsed()
}

async fn spin() {
    let mut left = POLLS;
    poll_fn(|cx| {
        left -= 1;
        if left == 0 {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
