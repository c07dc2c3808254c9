//! Memory that grows by the hour, without a leak.

mod broken;
mod fixed;

use crate::incident::{Incident, Observed, Service, run};
use std::cell::Cell;
use std::rc::Rc;
use tokio::sync::Mutex;
use tokio::time::{Duration, Interval, interval, sleep};

pub const INCIDENT: Incident = Incident {
    name: "unbounded_queue",
    report: "The process is killed each night: out of memory.\n\
             By day, its memory grows by the hour.\n\
             The heap profiler finds no leak: what is there is in use.",
    hints: &[
        "What is in memory: how many of which thing, and where do they wait?",
        "How many events come in a second, and how many are handled?",
        "What should happen to an event for which there is no time?\n\
         Does somebody wait, or is it turned away?",
    ],
    broken: Service {
        source: include_str!("unbounded_queue/broken.rs"),
        observe: || run(a_minute(async |sensors| broken::ingest(sensors).await)),
    },
    fixed: Service {
        source: include_str!("unbounded_queue/fixed.rs"),
        observe: || run(a_minute(async |sensors| fixed::ingest(sensors).await)),
    },
    picture: None,
    cause: "An unbounded queue takes more than its consumer has time for.\n\
            A bounded one lets the sender wait, which slows the sensors down.\n\
            If they cannot wait, `try_send` says which events have no room: drop and\n\
            count them.",
    read_on: &["cargo run -p channels -- unbounded", "cargo run -- copy bounded_jobs ../my-app"],
};

/// What a sensor has measured. It counts itself, from the sensor to the end of its handling.
pub struct Event(Rc<Cell<u32>>);

impl Drop for Event {
    fn drop(&mut self) {
        self.0.set(self.0.get() - 1);
    }
}

/// Have an event each 80 ms, and keep it until it is taken.
pub struct Sensors {
    due: Mutex<Interval>,
    taken: Cell<u32>,
    in_memory: Rc<Cell<u32>>,
}

impl Sensors {
    async fn next(&self) -> Event {
        self.due.lock().await.tick().await;
        self.taken.set(self.taken.get() + 1);
        self.in_memory.set(self.in_memory.get() + 1);
        Event(self.in_memory.clone())
    }
}

async fn handle(_event: Event) {
    sleep(Duration::from_millis(100)).await;
}

async fn a_minute(ingest: impl AsyncFn(&Sensors)) -> Observed {
    let due = Mutex::new(interval(Duration::from_millis(80)));
    let sensors = Sensors { due, taken: Cell::default(), in_memory: Rc::default() };
    let mut observed = Observed::default();
    let look = async {
        for second in [15, 30, 45, 60] {
            sleep(Duration::from_secs(15)).await;
            let (taken, waiting) = (sensors.taken.get(), sensors.in_memory.get());
            observed.symptom(format!("memory after {second} s: {} MiB", waiting / 10));
            observed
                .evidence(format!("after {second} s: {taken} events taken, {waiting} in memory"));
        }
        observed.evidence("an event comes each 80 ms, takes 100 KiB, and is handled in 100 ms");
    };
    tokio::select! {
        biased;
        () = look => {}
        () = ingest(&sensors) => {}
    }
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broken_one_grows_without_end_and_the_repaired_one_does_not() {
        let broken = (INCIDENT.broken.observe)();
        let expected = [(15, 3), (30, 7), (45, 11), (60, 15)];
        let expected =
            expected.map(|(second, mib)| format!("memory after {second} s: {mib} MiB\n"));
        assert_eq!(broken.symptoms, expected.concat());
        let fixed = (INCIDENT.fixed.observe)();
        let expected = [15, 30, 45, 60].map(|second| format!("memory after {second} s: 1 MiB\n"));
        assert_eq!(fixed.symptoms, expected.concat());
        assert!(fixed.evidence.contains("after 60 s: 6"), "{}", fixed.evidence);
    }
}
