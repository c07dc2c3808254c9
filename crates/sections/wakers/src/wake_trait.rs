//! Guide 2.4 — A wake-up polls nothing: it only puts the task back into the executor's queue.
//!
//! Needs Rust 1.87, for the pipe of `std::io`.

use std::collections::HashMap;
use std::future::poll_fn;
use std::io::{self, Read, Write};
use std::mem;
use std::pin::Pin;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread;

pub fn main() -> io::Result<()> {
    let (input, output) = io::pipe()?;
    let event = Arc::<Mutex<Event>>::default();
    let waiting = wait_for(Arc::clone(&event));
    thread::spawn(move || react(input, &event));
    run([Box::pin(waiting), Box::pin(send(output))])
}

/// A byte from outside, or why there is none, and whom to tell.
#[derive(Default)]
struct Event {
    answer: Option<io::Result<u8>>,
    waker: Option<Waker>,
}

async fn wait_for(event: Arc<Mutex<Event>>) -> io::Result<()> {
    let mut call = "① Executor が Future::poll() を呼ぶ";
    poll_fn(|cx| {
        let again = "→ 次のポーリングサイクルで poll() 再実行";
        println!("{}", mem::replace(&mut call, again));
        // Code of the executor, as `wake` is: not under the lock either.
        let waker = cx.waker().clone();
        // Poisoned only if printing has failed, and with it the program.
        let mut event = event.lock().unwrap();
        if let Some(answer) = event.answer.take() {
            println!("⑤ Future が Ready(value) を返す");
            return Poll::Ready(answer);
        }
        // Under the same lock as the look at the answer: none can come in between.
        println!("Context に Waker を含めて渡す");
        let old = event.waker.replace(waker);
        println!("→ I/O ドライバに Waker を登録");
        println!("② Future が Pending を返す");
        drop(event);
        drop(old);
        Poll::Pending
    })
    .await?;
    println!("→ タスク完了");
    Ok(())
}

/// The second task: its byte comes after the first task has been polled, on any machine.
async fn send(mut output: impl Write) -> io::Result<()> {
    println!("→ Executor は別のタスクを実行");
    output.write_all(b"!")
}

/// Sleeps until there is input. An error is an event too: whoever waits has to know.
fn react(mut input: impl Read, event: &Mutex<Event>) {
    let mut byte = [0];
    let answer = input.read_exact(&mut byte).map(|()| byte[0]);
    println!("③ I/O イベント発生 (データ到着等)");
    let mut event = event.lock().unwrap();
    event.answer = Some(answer);
    let waker = event.waker.take();
    // `wake` is code of the executor, which may poll: not under the lock that a poll takes.
    drop(event);
    if let Some(waker) = waker {
        println!("→ Reactor が Waker.wake() を呼ぶ");
        waker.wake();
    }
}

/// Runs on the thread of whoever wakes: here, of the reactor.
struct TaskWaker {
    id: usize,
    queue: Sender<usize>,
}

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        println!("④ Executor がタスクを再キューイング");
        // Fails when the executor has ended, and its tasks with it.
        let _ = self.queue.send(self.id);
    }
}

type Task = Pin<Box<dyn Future<Output = io::Result<()>>>>;

/// Polls each task once, then those that are woken, until all have ended or one has failed.
fn run(tasks: [Task; 2]) -> io::Result<()> {
    let (queue, woken) = channel();
    let waker = |id| {
        let queue = queue.clone();
        Waker::from(Arc::new(TaskWaker { id, queue }))
    };
    let wakers = [0, 1].map(waker);
    let mut tasks: HashMap<_, _> = (0..).zip(tasks.into_iter().zip(&wakers)).collect();
    // Once the first two are taken, the loop sleeps until there is a wake-up.
    for id in [0, 1].into_iter().chain(woken) {
        let Some((task, waker)) = tasks.get_mut(&id) else { continue };
        if let Poll::Ready(result) = task.as_mut().poll(&mut Context::from_waker(waker)) {
            result?;
            tasks.remove(&id);
        }
        if tasks.is_empty() {
            break;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::io::ErrorKind;
    use std::ptr;
    use std::task::{RawWaker, RawWakerVTable};
    use std::time::Duration;
    use utils::probe::{CountingWaker, allocations, in_child};

    fn poll(task: &mut Task, waker: &Waker) -> Poll<io::Result<()>> {
        task.as_mut().poll(&mut Context::from_waker(waker))
    }

    fn event_and_task() -> (Arc<Mutex<Event>>, Task) {
        let event = Arc::<Mutex<Event>>::default();
        (Arc::clone(&event), Box::pin(wait_for(event)))
    }

    /// Two polls and one wake-up. The waker is registered before Pending is returned.
    /// Proves G-2.4-1, G-6.1-1.
    #[test]
    fn the_five_steps_come_in_this_order() {
        let ended = in_child(Duration::from_secs(60), || {
            println!();
            main().unwrap();
        });
        assert!(ended.status.success(), "{ended:#?}");
        let steps = ended.stdout.lines().filter(|line| !line.is_ascii());
        let expected = [
            "① Executor が Future::poll() を呼ぶ",
            "Context に Waker を含めて渡す",
            "→ I/O ドライバに Waker を登録",
            "② Future が Pending を返す",
            "→ Executor は別のタスクを実行",
            "③ I/O イベント発生 (データ到着等)",
            "→ Reactor が Waker.wake() を呼ぶ",
            "④ Executor がタスクを再キューイング",
            "→ 次のポーリングサイクルで poll() 再実行",
            "⑤ Future が Ready(value) を返す",
            "→ タスク完了",
        ];
        assert_eq!(steps.collect::<Vec<_>>(), expected);
    }

    #[test]
    fn a_wake_up_queues_the_id_and_polls_nothing() {
        let (queue, woken) = channel();
        let waker = Waker::from(Arc::new(TaskWaker { id: 7, queue }));
        thread::spawn(move || waker.wake()).join().unwrap();
        assert_eq!(woken.iter().collect::<Vec<_>>(), [7]);
    }

    #[test]
    fn a_wake_up_after_the_executor_has_ended_does_nothing() {
        let (queue, woken) = channel();
        drop(woken);
        Waker::from(Arc::new(TaskWaker { id: 7, queue })).wake();
    }

    #[test]
    fn an_event_before_the_first_poll_takes_one_poll_and_no_waker() {
        let (event, mut task) = event_and_task();
        react(&b"!"[..], &event);
        assert!(matches!(poll(&mut task, Waker::noop()), Poll::Ready(Ok(()))));
        assert!(event.lock().unwrap().waker.is_none());
    }

    #[test]
    fn only_the_last_registered_waker_is_woken() {
        let ((first, first_waker), (last, last_waker)) =
            (CountingWaker::new(), CountingWaker::new());
        let (event, mut task) = event_and_task();
        assert!(poll(&mut task, &first_waker).is_pending());
        assert!(poll(&mut task, &last_waker).is_pending());
        react(&b"!"[..], &event);
        assert_eq!((first.wakes(), last.wakes()), (0, 1));
    }

    #[test]
    fn an_error_of_the_input_wakes_and_ends_the_task() {
        let (counter, waker) = CountingWaker::new();
        let (event, mut task) = event_and_task();
        assert!(poll(&mut task, &waker).is_pending());
        react(io::empty(), &event);
        assert_eq!(counter.wakes(), 1);
        let Poll::Ready(Err(error)) = poll(&mut task, &waker) else {
            panic!("an error");
        };
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    }

    #[test]
    fn the_first_error_ends_the_run() {
        let waits: Task = Box::pin(std::future::pending());
        let fails: Task = Box::pin(async { Err(ErrorKind::BrokenPipe.into()) });
        assert_eq!(run([waits, fails]).unwrap_err().kind(), ErrorKind::BrokenPipe);
    }

    thread_local! {
        static ON_CLONE: RefCell<Option<Box<dyn FnOnce()>>> = const { RefCell::new(None) };
    }

    /// A waker that calls `on_clone` when it is cloned next. [`Wake`] leaves no say in that.
    #[expect(unsafe_code, reason = "only a table of its own says what a clone does")]
    fn waker_that_runs(on_clone: impl FnOnce() + 'static) -> Waker {
        static TABLE: RawWakerVTable = RawWakerVTable::new(clone, |_| {}, |_| {}, |_| {});
        fn clone(data: *const ()) -> RawWaker {
            if let Some(on_clone) = ON_CLONE.take() {
                on_clone();
            }
            RawWaker::new(data, &TABLE)
        }
        ON_CLONE.set(Some(Box::new(on_clone)));
        // SAFETY: no function of the table looks at the data, so each may be called on any thread,
        // at any time, in any order.
        unsafe { Waker::new(ptr::null(), &TABLE) }
    }

    #[test]
    fn no_function_of_a_waker_is_called_under_the_lock() {
        struct Looks(Arc<Mutex<Event>>);
        impl Wake for Looks {
            fn wake(self: Arc<Self>) {
                assert!(self.0.try_lock().is_ok(), "woken under the lock");
            }
        }
        impl Drop for Looks {
            fn drop(&mut self) {
                assert!(self.0.try_lock().is_ok(), "dropped under the lock");
            }
        }
        let (event, mut task) = event_and_task();
        for _ in 0..2 {
            let waker = Waker::from(Arc::new(Looks(Arc::clone(&event))));
            assert!(poll(&mut task, &waker).is_pending());
        }
        react(&b"!"[..], &event);
        event.lock().unwrap().answer = None;

        let source = Arc::clone(&event);
        let waker = waker_that_runs(move || {
            assert!(source.try_lock().is_ok(), "cloned under the lock");
            react(&b"!"[..], &source);
        });
        let Poll::Ready(Ok(())) = poll(&mut task, &waker) else {
            panic!("the byte came while the waker was cloned");
        };
    }

    /// Deep dive 3.4: 「`Arc::clone` 相当」.
    /// Proves D-3-8.
    #[test]
    fn a_clone_is_one_more_reference_and_no_allocation() {
        let (queue, _woken) = channel();
        let task = Arc::new(TaskWaker { id: 7, queue });
        let waker = Waker::from(Arc::clone(&task));
        let (allocated, clones) = allocations(|| [(); 10].map(|()| waker.clone()));
        assert_eq!((allocated, Arc::strong_count(&task)), (0, 12));
        assert!(clones.iter().all(|clone| clone.will_wake(&waker)));
        drop(clones);
        assert_eq!(Arc::strong_count(&task), 2);
    }
}
