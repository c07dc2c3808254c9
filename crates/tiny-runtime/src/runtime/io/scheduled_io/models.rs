//! A socket's readiness and its waker: no report is lost, before the wait or while the
//! system call runs.

use crate::foreign::ForeignWaker;
use crate::runtime::io::readiness::{Direction, READABLE};
use crate::runtime::io::scheduled_io::ScheduledIo;
use crate::runtime::io::waiters::Slot;
use crate::sync::atomic::AtomicUsize;
use crate::sync::atomic::Ordering::SeqCst;
use crate::sync::{Arc, UnsafeCell, thread};
use std::io::{ErrorKind, Result};
use std::task::{Context, Poll, Wake, Waker};

struct Count(AtomicUsize);

impl Wake for Count {
    fn wake(self: std::sync::Arc<Self>) {
        self.0.fetch_add(1, SeqCst);
    }
}

/// A socket, and the kernel's side of it.
#[derive(Default)]
struct Socket {
    bytes: AtomicUsize,
    io: ScheduledIo,
}

impl Socket {
    /// Acts as the kernel, and then as the reactor.
    fn receive(&self) {
        self.bytes.fetch_add(1, SeqCst);
        let mut woken = Vec::new();
        self.io.set_readiness(READABLE, &mut woken);
        woken.into_iter().for_each(ForeignWaker::wake);
    }

    /// A read into a buffer of one.
    fn poll(&self, place: Slot<'_, '_>, waker: &Waker) -> Poll<Result<usize>> {
        let read = || match self.bytes.swap(0, SeqCst) {
            0 => Err(ErrorKind::WouldBlock.into()),
            _ => Ok(1),
        };
        let partial = |&read: &usize| read < 1;
        self.io.poll_io(&mut Context::from_waker(waker), Direction::Read, place, read, partial)
    }

    /// Waits for one byte, while any number is received.
    fn read(&self, wait: impl FnOnce()) {
        let count = std::sync::Arc::new(Count(AtomicUsize::new(0)));
        let waker = Waker::from(count.clone());
        if self.poll(Slot::Exclusive, &waker).is_pending() {
            wait();
            assert_eq!(count.0.load(SeqCst), 1);
            assert!(self.poll(Slot::Exclusive, &waker).is_ready());
        }
    }
}

#[test]
fn a_report_on_the_way_to_wait_is_not_lost() {
    loom::model(|| {
        let socket = Arc::new(Socket::default());
        let kernel = socket.clone();
        let kernel = thread::spawn(move || kernel.receive());
        socket.read(|| kernel.join().unwrap());
    });
}

#[test]
fn a_report_beside_the_system_call_is_not_cleared() {
    loom::model(|| {
        let socket = Arc::new(Socket::default());
        // The reader goes straight to its system call.
        socket.io.assume_ready(READABLE);
        let kernel = socket.clone();
        let kernel = thread::spawn(move || kernel.receive());
        socket.read(|| kernel.join().unwrap());
    });
}

#[test]
fn a_seat_that_is_left_beside_a_report_takes_nobody_elses_wake_up_along() {
    loom::model(|| {
        let socket = Arc::new(Socket::default());
        let mut waiter_key = socket.io.waiter_key();
        assert!(socket.poll(Slot::Shared(&mut waiter_key), Waker::noop()).is_pending());
        let kernel = socket.clone();
        let kernel = thread::spawn(move || kernel.receive());
        drop(waiter_key);
        socket.read(|| kernel.join().unwrap());
    });
}

/// The cell stands for what happened before the report. The task that finds the bit asks no kernel.
#[test]
fn a_task_that_finds_a_report_sees_what_happened_before_it() {
    sees_what_happened_before(
        |io| io.set_readiness(READABLE, &mut Vec::new()),
        |io| io.try_io(Direction::Read, || Ok(())).is_ok(),
    );
}

#[test]
fn a_task_that_finds_the_end_sees_what_happened_before_it() {
    sees_what_happened_before(|io| io.shutdown(&mut Vec::new()), ScheduledIo::is_shutdown);
}

fn sees_what_happened_before(report: fn(&ScheduledIo), finds_it: fn(&ScheduledIo) -> bool) {
    loom::model(move || {
        let io = Arc::new((ScheduledIo::default(), UnsafeCell::new(0)));
        let task = io.clone();
        // The task on the other thread: of a load before an update, loom tries only one order.
        let task = thread::spawn(move || {
            if finds_it(&task.0) {
                // SAFETY: the report came, and before it the write.
                task.1.with(|value| assert_eq!(unsafe { *value }, 1));
            }
        });
        // SAFETY: the task reads only after the report.
        io.1.with_mut(|value| unsafe { *value = 1 });
        report(&io.0);
        task.join().unwrap();
    });
}
