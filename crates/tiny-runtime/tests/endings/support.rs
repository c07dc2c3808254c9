//! The helpers of the files beside this one.

use super::rt::{self};
use rt::runtime::{Handle, Runtime};
use std::future::poll_fn;
use std::sync::mpsc;
use std::task::Poll;
use std::thread;
use std::time::Duration;

pub const HOUR: Duration = Duration::from_secs(3_600);

/// A poll that blocks a worker until the gate opens, which is when the sender goes.
pub fn block(runtime: &Runtime) -> mpsc::Sender<()> {
    let ((open, gate), (begin, begun)) = (mpsc::channel::<()>(), mpsc::channel());
    runtime.spawn(async move {
        begin.send(()).unwrap();
        gate.recv().unwrap_err();
    });
    begun.recv().unwrap();
    open
}

pub fn spawn_pending(runtime: &Runtime) -> rt::task::JoinHandle<()> {
    let (waits, waiting) = mpsc::channel();
    let task = runtime.spawn(poll_fn(move |_| {
        waits.send(()).unwrap();
        Poll::Pending
    }));
    waiting.recv().unwrap();
    task
}

pub type End = fn(Runtime);

pub const ENDS: [End; 3] = [
    drop,
    |runtime| runtime.shutdown_timeout(Duration::from_millis(1)),
    Runtime::shutdown_background,
];

/// Waits until the end has begun, by what both runtimes do first: closures are refused.
pub fn wait_for_the_end(handle: &Handle) {
    loop {
        let (runs, ran) = mpsc::channel();
        drop(handle.spawn_blocking(move || runs.send(())));
        // Neither waiting nor done.
        if ran.try_recv() == Err(mpsc::TryRecvError::Disconnected) {
            return;
        }
        thread::yield_now();
    }
}
