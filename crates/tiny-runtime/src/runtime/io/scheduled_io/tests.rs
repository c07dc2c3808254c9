use super::*;
use crate::runtime::io::readiness::{READ_CLOSED, WRITABLE};
use crate::sync::{Arc, thread};
use Direction::{Read, Write};
use std::task::Waker;
use utils::probe::CountingWaker;

/// The answers of a socket, call by call. After that nothing is there.
struct Script(std::vec::IntoIter<Result<usize>>);

impl Script {
    fn new(answers: impl IntoIterator<Item = Result<usize>>) -> Self {
        Self(answers.into_iter().collect::<Vec<_>>().into_iter())
    }

    /// Reads into a buffer of 64.
    fn poll(&mut self, io: &ScheduledIo, cx: &mut Context<'_>) -> Poll<Result<usize>> {
        let partial = |&read: &usize| 0 < read && read < 64;
        let read = || self.0.next().unwrap_or_else(would_block);
        io.poll_io(cx, Read, Slot::Exclusive, read, partial)
    }
}

/// Reports, wakes, and says how many were woken.
fn report(io: &ScheduledIo, ready: u32) -> usize {
    let mut woken = Vec::new();
    io.set_readiness(ready, &mut woken);
    woken.into_iter().map(ForeignWaker::wake).count()
}

fn is_ready(io: &ScheduledIo, direction: Direction) -> bool {
    io.seen(direction).transpose().unwrap().is_some()
}

fn would_block() -> Result<usize> {
    Err(ErrorKind::WouldBlock.into())
}

#[test]
fn a_report_between_look_and_wait_is_not_lost() {
    let io = Arc::new(ScheduledIo::default());
    let (counter, waker) = CountingWaker::new();
    let owners = || std::sync::Arc::strong_count(&counter);
    let before = owners();
    // Without the lock the task gets as far as its first look and the clone of its waker.
    let waiters = lock(&io.waiters);
    let task = thread::spawn({
        let io = io.clone();
        move || Script::new([Ok(5)]).poll(&io, &mut Context::from_waker(&waker)).map(Result::unwrap)
    });
    while owners() == before {
        thread::yield_now();
    }
    // The first half of `report`, which finds no waker in its second.
    io.assume_ready(READABLE);
    drop(waiters);
    assert_eq!(task.join().unwrap(), Poll::Ready(5));
}

#[test]
fn a_report_after_the_wait_wakes_once() {
    let io = ScheduledIo::default();
    let (counter, waker) = CountingWaker::new();
    let mut cx = Context::from_waker(&waker);
    let mut script = Script::new([Ok(5)]);
    assert!(script.poll(&io, &mut cx).is_pending());
    assert_eq!(report(&io, WRITABLE), 0);
    assert_eq!((report(&io, READABLE), report(&io, READABLE)), (1, 0));
    assert_eq!(counter.wakes(), 1);
    assert_eq!(script.poll(&io, &mut cx).map(Result::unwrap), Poll::Ready(5));
}

#[test]
fn a_report_during_the_system_call_survives_the_clear() {
    let io = ScheduledIo::default();
    report(&io, READABLE);
    let mut notified = 0;
    let read = || {
        notified += 1;
        match notified {
            // The byte comes after the kernel has looked and before `WouldBlock` is seen here.
            1 => (report(&io, READABLE), would_block()).1,
            _ => Ok(1),
        }
    };
    let mut cx = Context::from_waker(Waker::noop());
    let read = io.poll_io(&mut cx, Read, Slot::Exclusive, read, |_| false);
    assert_eq!(read.map(Result::unwrap), Poll::Ready(1));
    assert_eq!(notified, 2);
}

#[test]
#[cfg_attr(miri, ignore = "30,000 reports, in which there is no `unsafe`")]
fn the_tick_wraps_within_its_fifteen_bits() {
    let io = ScheduledIo::default();
    for _ in 0..(1 << 15) - 1 {
        report(&io, READABLE);
    }
    let old = io.reported(Read).unwrap();
    report(&io, WRITABLE);
    assert_eq!(io.word.load(Acquire), READABLE | WRITABLE);
    io.clear(old, READY);
    assert!(is_ready(&io, Read));
}

#[test]
fn would_block_clears_its_own_direction_only() {
    let io = ScheduledIo::default();
    report(&io, READABLE | WRITABLE);
    let nothing = Script::new([]).poll(&io, &mut Context::from_waker(Waker::noop()));
    assert!(nothing.is_pending());
    assert_eq!((is_ready(&io, Read), is_ready(&io, Write)), (false, true));
}

#[test]
fn a_short_read_saves_the_call_that_would_block_and_a_full_one_does_not() {
    for (first, notified) in [(5, 1), (64, 2)] {
        let io = ScheduledIo::default();
        report(&io, READABLE);
        let mut cx = Context::from_waker(Waker::noop());
        let mut script = Script::new([Ok(first), would_block(), would_block()]);
        assert_eq!(script.poll(&io, &mut cx).map(Result::unwrap), Poll::Ready(first));
        assert!(script.poll(&io, &mut cx).is_pending());
        assert_eq!(3 - script.0.len(), notified);
    }
}

/// The last bytes and the end are one report: there will be no second to read the end by.
#[test]
fn a_short_read_does_not_forget_the_hangup() {
    let io = ScheduledIo::default();
    report(&io, READABLE | READ_CLOSED);
    let mut cx = Context::from_waker(Waker::noop());
    let mut script = Script::new([Ok(5), Ok(0), Ok(0)]);
    for read in [5, 0, 0] {
        assert_eq!(script.poll(&io, &mut cx).map(Result::unwrap), Poll::Ready(read));
    }
}

/// If it stayed set, a socket whose hang-up was none (a datagram was refused) would spin.
#[test]
fn would_block_disproves_a_hangup() {
    let io = ScheduledIo::default();
    report(&io, READABLE | READ_CLOSED);
    assert!(Script::new([]).poll(&io, &mut Context::from_waker(Waker::noop())).is_pending());
}

/// The rule prevents two mistakes. Eight bytes are there, and the buffer holds two.
#[test]
fn clearing_undrained_hangs_beside_six_bytes_and_never_clearing_spins() {
    let mut cx = Context::from_waker(Waker::noop());
    let bytes = || Script::new([Ok(2), Ok(2), Ok(2), Ok(2)]);

    let (io, mut script) = (ScheduledIo::default(), bytes());
    report(&io, READABLE);
    // The fake takes 2 of 64 for a drained socket; here it is not.
    assert!(script.poll(&io, &mut cx).is_ready());
    assert!(script.poll(&io, &mut cx).is_pending());
    assert_eq!(script.0.map(Result::unwrap).sum::<usize>(), 6);

    let (io, mut script) = (ScheduledIo::default(), bytes());
    report(&io, READABLE);
    let mut read =
        || io.poll_io(&mut cx, Read, Slot::Exclusive, || script.0.next().unwrap(), |_| false);
    for _ in 0..4 {
        assert!(read().is_ready());
    }
    // Nothing is left, and an operation that asks is told "ready".
    assert!(is_ready(&io, Read));
}

#[test]
fn all_who_wait_for_a_direction_are_woken_and_no_others() {
    let io = ScheduledIo::default();
    let (readers, reader) = CountingWaker::new();
    let (writers, writer) = CountingWaker::new();
    let wait = |waiter_key: &mut WaiterKey<'_>, waker, direction| {
        let mut cx = Context::from_waker(waker);
        io.poll_io(&mut cx, direction, Slot::Shared(waiter_key), || Ok(()), |_| false).is_pending()
    };
    let mut seats = [io.waiter_key(), io.waiter_key(), io.waiter_key(), io.waiter_key()];
    for waiter_key in &mut seats[..3] {
        assert!(wait(waiter_key, &reader, Read));
    }
    assert!(wait(&mut seats[3], &writer, Write));
    assert!(Script::new([]).poll(&io, &mut Context::from_waker(&reader)).is_pending());

    // A waiter that leaves is not woken, and takes no other waiter's place with it.
    let [_first, second, third, _writer] = seats;
    drop(second);
    assert_eq!(report(&io, READABLE), 3);
    assert_eq!((readers.wakes(), writers.wakes()), (3, 0));
    drop(third);
    assert_eq!(report(&io, WRITABLE), 1);
    assert_eq!((readers.wakes(), writers.wakes()), (3, 1));
}

#[test]
fn every_seat_is_given_back() {
    let io = ScheduledIo::default();
    for _ in 0..3 {
        let mut seats = [io.waiter_key(), io.waiter_key()];
        for waiter_key in &mut seats {
            let mut cx = Context::from_waker(Waker::noop());
            let place = Slot::Shared(waiter_key);
            assert!(io.poll_io(&mut cx, Read, place, || Ok(()), |_| false).is_pending());
        }
        assert_eq!(lock(&io.waiters).shared.len(), 2);
    }
    assert_eq!(lock(&io.waiters).shared.len(), 0);
    assert_eq!(lock(&io.waiters).shared.capacity(), 4);
}

#[test]
fn shutdown_wakes_everybody_and_leaves_only_what_was_there() {
    let io = ScheduledIo::default();
    let (counter, waker) = CountingWaker::new();
    let mut cx = Context::from_waker(&waker);
    let mut script = Script::new([Ok(5)]);
    assert!(script.poll(&io, &mut cx).is_pending());
    report(&io, WRITABLE);
    let mut woken = Vec::new();
    io.shutdown(&mut woken);
    woken.into_iter().for_each(ForeignWaker::wake);
    assert_eq!(counter.wakes(), 1);

    assert!(matches!(script.poll(&io, &mut cx), Poll::Ready(Err(_))));
    assert_eq!(script.0.len(), 1);
    let error = io.try_io(Read, || Ok(())).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock, "nothing was reported");
    io.try_io(Direction::Write, || Ok(())).unwrap();
}

#[test]
fn trying_before_a_report_makes_no_system_call() {
    let io = ScheduledIo::default();
    let error = io.try_io(Read, || -> Result<()> { panic!("a system call") }).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    report(&io, READABLE);
    assert_eq!(io.try_io(Read, || Ok(5)).unwrap(), 5);
    io.try_io(Read, would_block).unwrap_err();
    assert!(!is_ready(&io, Read));
}
