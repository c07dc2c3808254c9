//! The token: a worker that is woken while it falls asleep does not sleep.

use crate::runtime::park::{Driver, Parker, SharedDriver};
use crate::sync::atomic::AtomicBool;
use crate::sync::atomic::Ordering::{Acquire, Relaxed, Release};
use crate::sync::{Arc, Condvar, Mutex, lock, thread};
use std::time::Duration;

/// A driver that waits for its alarm, which rings also if it comes before.
#[derive(Default)]
struct Bell {
    rung: Mutex<bool>,
    condvar: Condvar,
}

struct WaitForBell(Arc<Bell>);

impl Driver for WaitForBell {
    fn poll(&mut self, _: Option<Duration>) {
        let mut rung = lock(&self.0.rung);
        while !std::mem::take(&mut *rung) {
            rung = self.0.condvar.wait(rung).unwrap();
        }
    }
}

fn driver() -> Arc<SharedDriver> {
    let bell = Arc::new(Bell::default());
    let alarm = bell.clone();
    let ring = move || {
        *lock(&alarm.rung) = true;
        alarm.condvar.notify_one();
    };
    Arc::new(SharedDriver::new(Box::new(WaitForBell(bell)), Box::new(ring)))
}

fn work_then_unpark(parker: Parker) {
    let parker = Arc::new(parker);
    let work = Arc::new(AtomicBool::new(false));
    let (other, done) = (parker.clone(), work.clone());
    let thread = thread::spawn(move || {
        done.store(true, Relaxed);
        other.unpark();
    });
    while !work.load(Relaxed) {
        parker.park();
    }
    thread.join().unwrap();
}

#[test]
fn a_wake_up_on_the_way_to_sleep_is_not_lost() {
    loom::model(|| work_then_unpark(Parker::new(None)));
}

#[test]
fn a_wake_up_on_the_way_into_the_driver_is_not_lost() {
    loom::model(|| work_then_unpark(Parker::new(Some(driver()))));
}

#[test]
fn the_token_hands_over_what_was_written_before() {
    loom::model(|| {
        let parker = Arc::new(Parker::new(None));
        let cell = Arc::new((crate::sync::UnsafeCell::new(0), AtomicBool::new(false)));
        let (other, written) = (parker.clone(), cell.clone());
        let thread = thread::spawn(move || {
            // SAFETY: the reader waits for the flag.
            written.0.with_mut(|value| unsafe { *value = 7 });
            written.1.store(true, Release);
            other.unpark();
        });
        while !cell.1.load(Acquire) {
            parker.park();
        }
        // SAFETY: the writer is done.
        cell.0.with(|value| assert_eq!(unsafe { *value }, 7));
        thread.join().unwrap();
    });
}

#[test]
fn two_sleepers_and_one_driver_are_both_woken() {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = Some(2);
    model.check(|| {
        let driver = driver();
        let parkers = [0, 1].map(|_| Arc::new(Parker::new(Some(driver.clone()))));
        let sleepers = parkers.clone().map(|parker| thread::spawn(move || parker.park()));
        for parker in &parkers {
            parker.unpark();
        }
        for sleeper in sleepers {
            sleeper.join().unwrap();
        }
    });
}
