//! Deep dive 1.1 — An executor takes no runtime, no heap and no operating system: `core` is enough.
#![expect(unsafe_code, reason = "without an `Arc` a waker is a raw pointer and four functions")]

use core::cell::Cell;
use core::future::poll_fn;
use core::pin::{Pin, pin};
use core::sync::atomic::{AtomicBool, Ordering};
use core::task::{Context, Poll, RawWaker, RawWakerVTable, Waker};

static EXECUTOR: Executor<2> = Executor::new();

// This function alone is for a computer. What it calls compiles for a chip as it stands.
pub fn main() {
    let [blinks, presses, polls, sleeps] = board(&EXECUTOR);
    println!("{blinks} blinks, {presses} presses: {polls} polls, {sleeps} sleeps");
}

/// A board with a timer and a button, which is pressed at every second tick.
fn board(executor: &'static Executor<2>) -> [u32; 4] {
    let (timer, button) = (Interrupt::default(), Interrupt::default());
    let (blinks, presses) = (Cell::new(0), Cell::new(0));
    // Tasks and their locals live in this frame.
    let blink = pin!(count(&timer, &blinks, 4));
    let watch = pin!(count(&button, &presses, 2));
    let mut ticks = 0;
    let [polls, sleeps] = executor.run([blink, watch], || {
        ticks += 1;
        timer.fire();
        if ticks % 2 == 0 {
            button.fire();
        }
    });
    [blinks.get(), presses.get(), polls, sleeps]
}

async fn count(interrupt: &Interrupt, counter: &Cell<u32>, times: u32) {
    for _ in 0..times {
        interrupt.next().await;
        counter.set(counter.get() + 1);
    }
}

/// An event of the hardware, for one task.
///
/// The loop calls `fire`, between two polls. The handler of a real interrupt comes at any moment,
/// also amid a poll: it needs atomics where here a `Cell` is enough.
#[derive(Default)]
struct Interrupt {
    fired: Cell<bool>,
    waiter: Cell<Option<Waker>>,
}

impl Interrupt {
    fn fire(&self) {
        self.fired.set(true);
        if let Some(waker) = self.waiter.take() {
            waker.wake();
        }
    }

    async fn next(&self) {
        poll_fn(|cx| {
            // First the waker: an event after a check and before that would wake nobody.
            self.waiter.set(Some(cx.waker().clone()));
            if self.fired.take() { Poll::Ready(()) } else { Poll::Pending }
        })
        .await
    }
}

/// For `N` tasks, and for one `run` at a time: two would take each other's wake-ups.
struct Executor<const N: usize> {
    /// By task. A waker is a pointer to one of them, so they are where they are for ever.
    woken: [AtomicBool; N],
}

type Task<'a> = Pin<&'a mut dyn Future<Output = ()>>;

impl<const N: usize> Executor<N> {
    const fn new() -> Self {
        Self { woken: [const { AtomicBool::new(false) }; N] }
    }

    /// Polls what was woken until all tasks have ended; returns how often it polled and slept.
    ///
    /// `sleep` stops the processor until an interrupt, and not at all if there has been one since
    /// it was last called: on an Arm chip, the instruction `wfe`.
    fn run(&'static self, tasks: [Task<'_>; N], mut sleep: impl FnMut()) -> [u32; 2] {
        let mut tasks = tasks.map(Some);
        let (mut polls, mut sleeps) = (0, 0);
        self.woken.iter().for_each(|woken| woken.store(true, Ordering::Relaxed));
        while tasks.iter().any(Option::is_some) {
            let before = polls;
            for (slot, woken) in tasks.iter_mut().zip(&self.woken) {
                let Some(task) = slot else { continue };
                // Taken before the poll: a wake-up during it is one more poll.
                if woken.swap(false, Ordering::Acquire) {
                    polls += 1;
                    if task.as_mut().poll(&mut Context::from_waker(&waker(woken))).is_ready() {
                        *slot = None;
                    }
                }
            }
            if polls == before {
                sleeps += 1;
                sleep();
            }
        }
        [polls, sleeps]
    }
}

fn waker(woken: &'static AtomicBool) -> Waker {
    // SAFETY: `wake` gets the reference it asks for, and may use it on any thread; the other
    // functions of the table do nothing with it.
    unsafe { Waker::new((&raw const *woken).cast(), &VTABLE) }
}

static VTABLE: RawWakerVTable =
    RawWakerVTable::new(|data| RawWaker::new(data, &VTABLE), wake, wake, |_| {});

/// # Safety
///
/// `data` is a `&'static AtomicBool`.
unsafe fn wake(data: *const ()) {
    // SAFETY: the caller says so.
    unsafe { &*data.cast::<AtomicBool>() }.store(true, Ordering::Release);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::env::consts::EXE_SUFFIX;
    use std::io::Write;
    use std::path::Path;
    use std::process::{Command, Output, Stdio};
    use utils::probe::allocations;

    /// Proves D-1-4.
    #[test]
    fn executor_tasks_and_wakers_allocate_nothing() {
        static EXECUTOR: Executor<2> = Executor::new();
        let (allocated, counts) = allocations(|| board(&EXECUTOR));
        // Both at first; the timer alone, both, the timer alone, both.
        assert_eq!(counts, [4, 2, 2 + 1 + 2 + 1 + 2, 4]);
        assert_eq!(allocated, 0);
    }

    /// This file without `main` and these tests, in a crate without the standard library.
    fn compiled_without_std(more: &str) -> Output {
        let (program, _tests) = include_str!("no_std.rs").split_once("\n#[cfg(test)]").unwrap();
        let (imports, rest) = program.split_once("pub fn main() {").unwrap();
        let (_body, called) = rest.split_once("\n}\n").unwrap();
        let folder = tempfile::tempdir().unwrap();
        let compiler = Path::new(env!("CARGO")).with_file_name(format!("rustc{EXE_SUFFIX}"));
        let mut compiler = Command::new(compiler)
            .args(["-", "--edition", "2024", "--crate-type", "lib", "--crate-name", "board"])
            .args(["--emit", "obj", "-C", "panic=abort", "--out-dir"])
            .arg(folder.path())
            .stdin(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let source = format!("#![no_std]\n{imports}{called}{more}");
        compiler.stdin.take().unwrap().write_all(source.as_bytes()).unwrap();
        compiler.wait_with_output().unwrap()
    }

    /// Proves D-1-4, D-13-8.
    #[test]
    #[cfg_attr(miri, ignore = "Miri starts no compiler")]
    fn all_but_main_compiles_without_the_standard_library() {
        let output = compiled_without_std("");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// That the test above would notice.
    #[test]
    #[cfg_attr(miri, ignore = "Miri starts no compiler")]
    fn a_box_does_not_compile_there() {
        let output = compiled_without_std("fn heap() { let _ = Box::new(1); }");
        let stderr = String::from_utf8_lossy(&output.stderr);
        assert!(stderr.contains("error[E0433]") && stderr.contains("`Box`"), "{stderr}");
    }

    #[test]
    fn a_wake_up_during_a_poll_is_one_more_poll_and_no_sleep() {
        static EXECUTOR: Executor<1> = Executor::new();
        let mut woken = false;
        let twice = pin!(poll_fn(|cx| {
            if core::mem::replace(&mut woken, true) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        }));
        assert_eq!(EXECUTOR.run([twice], || unreachable!("it is awake")), [2, 0]);
    }

    /// This waker fires while it is cloned, which is after a check that comes first.
    #[test]
    fn an_event_while_the_waker_is_registered_is_not_lost() {
        thread_local! {
            static BUTTON: Interrupt = Interrupt::default();
        }
        static FIRES: RawWakerVTable = RawWakerVTable::new(
            |data| {
                BUTTON.with(Interrupt::fire);
                RawWaker::new(data, &FIRES)
            },
            |_| {},
            |_| {},
            |_| {},
        );
        // SAFETY: the table does nothing with the pointer, and `BUTTON` is each thread's own.
        let waker = unsafe { Waker::new(core::ptr::null(), &FIRES) };
        BUTTON.with(|button| {
            let next = pin!(button.next());
            assert_eq!(next.poll(&mut Context::from_waker(&waker)), Poll::Ready(()));
        });
    }

    /// A chip has no more than one thread, but a waker goes wherever it likes.
    #[test]
    fn a_wake_up_may_come_from_another_thread_and_after_the_end() {
        static EXECUTOR: Executor<1> = Executor::new();
        let kept = Cell::new(None);
        let mut first = true;
        let waits = pin!(poll_fn(|cx| {
            if !core::mem::take(&mut first) {
                return Poll::Ready(());
            }
            kept.set(Some(cx.waker().clone()));
            Poll::Pending
        }));
        let wake = || {
            let waker: Option<Waker> = kept.take();
            kept.set(waker.clone());
            std::thread::spawn(|| waker.unwrap().wake()).join().unwrap();
        };
        assert_eq!(EXECUTOR.run([waits], wake), [2, 1]);
        wake();
    }
}
