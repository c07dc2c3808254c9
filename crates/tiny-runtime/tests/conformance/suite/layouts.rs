//! A task's memory, for any size and alignment of its future and of its output.

use super::rt::{self, task::yield_now};
use super::{one_thread, workers};
use std::future::{pending, poll_fn};
use std::hint::black_box;
use std::pin::Pin;
use std::sync::mpsc::{self, Sender};
use std::task::{Context, Poll};
use utils::probe::DropLog;

/// Fails if it does not lie where its type demands.
macro_rules! aligned {
    ($($name:ident, $align:literal;)*) => {$(
        #[derive(Clone, Copy)]
        #[repr(align($align))]
        struct $name(u8);

        impl $name {
            fn check(&self) -> u8 {
                assert_eq!(black_box(std::ptr::from_ref(self)).addr() % $align, 0);
                self.0
            }
        }
    )*};
}

aligned! { To2, 2; To16, 16; To64, 64; To512, 512; To4096, 4096; }

#[test]
fn futures_and_outputs_lie_as_aligned_as_they_ask_for() {
    macro_rules! round_trip {
        ($($name:ident)*) => {$(
            let kept = $name(42);
            let task = rt::task::spawn(async move {
                for _ in 0..3 {
                    kept.check();
                    yield_now().await;
                }
                kept
            });
            assert_eq!(task.await.unwrap().check(), 42);
            // A small future with an output that is larger.
            assert_eq!(rt::task::spawn(async { $name(7) }).await.unwrap().check(), 7);
            let aborted = rt::task::spawn(async move {
                pending::<()>().await;
                kept.check()
            });
            yield_now().await;
            aborted.abort();
            assert!(aborted.await.unwrap_err().is_cancelled());
        )*};
    }
    for runtime in [one_thread(), workers(2)] {
        runtime.block_on(async {
            round_trip!(To2 To16 To64 To512 To4096);
        });
    }
}

/// Around the sizes at which a runtime may choose another way.
#[test]
fn futures_of_any_size_run_end_panic_and_are_dropped() {
    async fn of_size<const BYTES: usize>() {
        let log = DropLog::new();
        let guard = log.guard("dropped");
        let payload = [7_u8; BYTES];
        let future = async move {
            let _guard = guard;
            yield_now().await;
            black_box(&payload).iter().map(|&byte| u64::from(byte)).sum::<u64>()
        };
        assert_eq!(rt::task::spawn(future).await.unwrap(), 7 * BYTES as u64);
        let guard = log.guard("aborted");
        let task = rt::task::spawn(async move {
            let _guard = guard;
            pending::<()>().await;
            black_box(&payload);
        });
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        let guard = log.guard("panicked");
        let task = rt::task::spawn(async move {
            let _guard = guard;
            black_box(&payload);
            std::panic::resume_unwind(Box::new(payload.len()))
        });
        let error: rt::task::JoinError = task.await.unwrap_err();
        assert_eq!(error.into_panic().downcast_ref(), Some(&BYTES));
        assert_eq!(log.entries(), ["dropped", "aborted", "panicked"]);
    }
    for runtime in [one_thread(), workers(1)] {
        runtime.block_on(async {
            of_size::<0>().await;
            of_size::<1>().await;
            of_size::<2_000>().await;
            of_size::<2_048>().await;
            of_size::<16_384>().await;
            of_size::<30_000>().await;
        });
    }
}

#[test]
fn an_output_may_be_large_or_nothing_at_all() {
    one_thread().block_on(async {
        let large = rt::task::spawn(async { [7_u8; 30_000] }).await.unwrap();
        assert!(large.iter().all(|&byte| byte == 7));
        let () = rt::task::spawn(poll_fn(|_| Poll::Ready(()))).await.unwrap();
        let boxed: Box<dyn Fn() -> u32 + Send> =
            rt::task::spawn(async { Box::new(|| 42_u32) as Box<dyn Fn() -> u32 + Send> })
                .await
                .unwrap();
        assert_eq!(boxed(), 42);
    });
}

struct Address(Sender<usize>, u8);

impl Future for Address {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.0.send(std::ptr::from_ref(&*self).addr()).unwrap();
        self.1 -= 1;
        cx.waker().wake_by_ref();
        if self.1 == 0 { Poll::Ready(()) } else { Poll::Pending }
    }
}

#[test]
fn a_future_stays_where_it_was_first_polled() {
    let (log, addresses) = mpsc::channel();
    let runtime = workers(2);
    rt::block_on(&runtime, rt::spawn_on(&runtime, Address(log, 100))).unwrap();
    let addresses: Vec<_> = addresses.iter().collect();
    assert_eq!(addresses, [addresses[0]; 100]);
}
