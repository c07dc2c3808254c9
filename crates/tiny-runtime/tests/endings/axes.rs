//! The axes of the matrix: the place of a thread, the thing for which it waits, the way to end the runtime,
//! and the thread that ends it.

use super::matrix::one_thread;
use super::rt::{self, net::TcpListener, runtime::Handle, time::sleep};
use rt::runtime::Runtime;
use rt::task::JoinHandle;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;
use tokio::sync::oneshot;

const HOUR: Duration = Duration::from_secs(3_600);

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Place {
    /// No thread waits.
    Parked,
    /// A poll that blocks its worker.
    Task,
    /// A poll in `block_in_place`.
    Handing,
    Closure,
    /// A thread that is not the runtime's.
    Outside,
}

/// A value that a pending task holds, and that is dropped with it.
pub struct Held {
    pub thread: Receiver<()>,
    pub task: oneshot::Receiver<()>,
    pub joined: JoinHandle<()>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum For {
    /// As a thread does.
    Held,
    HeldAsync,
    Sleep,
    Accept,
    Join,
}

impl For {
    /// Returns when the runtime ends, and not before.
    pub fn wait(self, handle: &Handle, held: Held, begun: &Sender<()>) {
        let begun = begun.clone();
        match self {
            Self::Held => {
                begun.send(()).unwrap();
                held.thread.recv().unwrap_err();
            }
            Self::HeldAsync => {
                handle.block_on(pending_first(begun, held.task)).unwrap_err();
            }
            // As with Tokio, it is too late for an answer.
            Self::Sleep => {
                let sleeps = || handle.block_on(async { pending_first(begun, sleep(HOUR)).await });
                catch_unwind(AssertUnwindSafe(sleeps)).unwrap_err();
            }
            Self::Accept => {
                let accepts = async {
                    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                    pending_first(begun, async { listener.accept().await.map(drop) }).await
                };
                handle.block_on(accepts).unwrap_err();
            }
            Self::Join => {
                let error: rt::task::JoinError =
                    handle.block_on(pending_first(begun, held.joined)).unwrap_err();
                assert!(error.is_cancelled());
            }
        }
    }
}

/// Says so when the future waits.
pub async fn pending_first<F: Future>(waits: Sender<()>, future: F) -> F::Output {
    let mut future = std::pin::pin!(future);
    let mut waits = Some(waits);
    poll_fn(|context| {
        let poll = future.as_mut().poll(context);
        if let Some(waits) = waits.take() {
            assert!(poll.is_pending());
            waits.send(()).unwrap();
        }
        poll
    })
    .await
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Way {
    Drop,
    Timeout,
    Background,
}

impl Way {
    pub fn end(self, runtime: Runtime) {
        match self {
            Self::Drop => drop(runtime),
            Self::Timeout => runtime.shutdown_timeout(Duration::from_millis(20)),
            Self::Background => runtime.shutdown_background(),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum By {
    Outside,
    /// A task of its own, which may not wait.
    ItsTask,
    ItsClosure,
    /// A task of another runtime.
    OtherTask,
}

impl By {
    pub fn end(self, way: Way, runtime: Runtime) {
        let handle = runtime.handle().clone();
        let may_wait = matches!(self, Self::Outside | Self::ItsClosure) || way == Way::Background;
        // With a runtime that may not be waited for, this panics; and it ends all the same.
        let end = move || {
            let ended = catch_unwind(AssertUnwindSafe(|| way.end(runtime)));
            assert_eq!(ended.is_ok(), may_wait);
        };
        let (ends, end_of) = mpsc::channel::<()>();
        match self {
            Self::Outside => return end(),
            Self::OtherTask => return one_thread().block_on(async { end() }),
            Self::ItsTask => {
                drop(handle.spawn(async move {
                    end();
                    ends.send(()).unwrap();
                }));
            }
            Self::ItsClosure => {
                drop(handle.spawn_blocking(move || {
                    end();
                    ends.send(()).unwrap();
                }));
            }
        }
        end_of.recv().unwrap();
    }
}
