use super::*;
use crate::runtime::time::running;
use crate::runtime::{Builder, Runtime};
use crate::sync::Arc;
use std::task::Waker;
use utils::probe::CountingWaker;

const HOUR: Duration = Duration::from_secs(3600);

fn current_thread() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

fn poll(sleep: &mut Sleep, waker: &Waker) {
    assert!(Pin::new(sleep).poll(&mut Context::from_waker(waker)).is_pending());
}

/// Returns a sleep that waits in the wheel of the runtime.
fn started(runtime: &Runtime, waker: &Waker) -> Sleep {
    let _entered = runtime.enter();
    let mut sleep = sleep(HOUR);
    poll(&mut sleep, waker);
    sleep
}

#[test]
fn a_sleep_counts_no_reference_to_its_runtime() {
    let runtime = current_thread();
    let timers = &runtime.handle().0.timers;
    let before = Arc::strong_count(timers);
    let _sleep = started(&runtime, Waker::noop());
    assert_eq!(Arc::strong_count(timers), before);
}

/// Both sleeps have the same key, each in its own wheel.
#[test]
fn a_sleep_finds_the_timers_of_its_own_runtime_from_everywhere() {
    let (own, other) = (current_thread(), current_thread());
    type Place = fn(&Runtime, &mut dyn FnMut());
    let everywhere: [Place; 3] = [
        |_, act| act(),
        |other, act| other.block_on(async { act() }),
        |other, act| {
            let _entered = other.enter();
            act();
        },
    ];
    for place in everywhere {
        let [(_, first), (second_count, second), (_, third)] =
            [(); 3].map(|()| CountingWaker::new());
        let (mut mine, theirs) = (Some(started(&own, &first)), started(&other, &third));
        place(&other, &mut || poll(mine.as_mut().unwrap(), &second));
        assert_eq!(Arc::strong_count(&second_count), 3, "the wheel keeps a clone");
        let later = Instant::now() + 2 * HOUR;
        place(&other, &mut || Pin::new(mine.as_mut().unwrap()).reset(later));
        place(&other, &mut || assert!(!mine.as_ref().unwrap().is_elapsed()));
        place(&other, &mut || drop(mine.take()));
        assert_eq!(Arc::strong_count(&second_count), 2, "the wheel has dropped it");
        assert!(!theirs.is_elapsed());
    }
}

#[test]
fn a_runtime_that_has_ended_is_forgotten() {
    let runtime = current_thread();
    let number = runtime.handle().0.timers.number();
    let (mut sleep, dropped) = (started(&runtime, Waker::noop()), started(&runtime, Waker::noop()));
    assert!(running::find(number).is_some());
    drop(runtime);
    assert!(running::find(number).is_none());
    assert!(sleep.is_elapsed());
    Pin::new(&mut sleep).reset(Instant::now());
    drop(dropped);
}
