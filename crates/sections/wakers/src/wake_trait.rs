//! Guide 2.4 — A wake-up polls nothing: it only puts the task into the executor's queue.

use std::future::poll_fn;
use std::mem::replace;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Poll, Wake, Waker};

pub fn main() {
    let (output, input) = channel();
    let (driver, registered) = channel();
    let (answer, byte) = channel();
    std::thread::spawn(|| react(registered, input, answer));
    let (queue, woken) = channel();
    let waker = Waker::from(Arc::new(TaskWaker(queue)));
    // The executor. Its other task never waits.
    let mut task = std::pin::pin!(read(driver, byte));
    while task.as_mut().poll(&mut Context::from_waker(&waker)).is_pending() {
        println!("→ Executor は別のタスクを実行");
        output.send(b'!').expect("the reactor waits for it");
        woken.recv().expect("the waker holds the other end");
    }
    println!("→ タスク完了");
}

async fn read(driver: Sender<Waker>, byte: Receiver<u8>) -> u8 {
    let mut call = "① Executor が Future::poll() を呼ぶ";
    poll_fn(|cx| {
        println!("{}", replace(&mut call, "→ 次のポーリングサイクルで poll() 再実行"));
        if let Ok(byte) = byte.try_recv() {
            println!("⑤ Future が Ready(value) を返す");
            return Poll::Ready(byte);
        }
        println!("Context に Waker を含めて渡す");
        driver.send(cx.waker().clone()).expect("the reactor waits for it");
        println!("→ I/O ドライバに Waker を登録");
        println!("② Future が Pending を返す");
        Poll::Pending
    })
    .await
}

/// Another thread. It takes the waker first, so the byte cannot come between a poll's two steps.
fn react(registered: Receiver<Waker>, input: Receiver<u8>, answer: Sender<u8>) {
    let (Ok(waker), Ok(byte)) = (registered.recv(), input.recv()) else { return };
    println!("③ I/O イベント発生 (データ到着等)");
    let _ = answer.send(byte);
    println!("→ Reactor が Waker.wake() を呼ぶ");
    waker.wake();
}

struct TaskWaker(Sender<()>);

impl Wake for TaskWaker {
    fn wake(self: Arc<Self>) {
        println!("④ Executor がタスクを再キューイング");
        let _ = self.0.send(());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use utils::probe::{CountingWaker, allocations, in_child};

    /// Two polls and one wake-up. The waker is registered before Pending is returned.
    /// Proves G-2.4-1, G-6.1-1.
    #[test]
    fn the_five_steps_come_in_this_order() {
        let ended = in_child(Duration::from_secs(60), || {
            println!();
            main();
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
    fn a_wake_up_queues_the_task_and_polls_nothing() {
        let (queue, woken) = channel();
        let waker = Waker::from(Arc::new(TaskWaker(queue)));
        std::thread::spawn(move || waker.wake()).join().unwrap();
        assert_eq!(woken.iter().count(), 1);
    }

    #[test]
    fn a_wake_up_after_the_executor_has_ended_does_nothing() {
        let (queue, woken) = channel();
        drop(woken);
        Waker::from(Arc::new(TaskWaker(queue))).wake();
    }

    #[test]
    fn the_byte_is_there_when_the_reactor_wakes() {
        let ((output, input), (driver, registered)) = (channel(), channel());
        let (answer, byte) = channel();
        let (counter, waker) = CountingWaker::new();
        let mut cx = Context::from_waker(&waker);
        let mut reading = Box::pin(read(driver, byte));
        assert!(reading.as_mut().poll(&mut cx).is_pending());
        output.send(7).unwrap();
        react(registered, input, answer);
        assert_eq!(counter.wakes(), 1);
        assert_eq!(reading.as_mut().poll(&mut cx), Poll::Ready(7));
    }

    /// Deep dive 3.4: 「`Arc::clone` 相当」.
    /// Proves D-3-8.
    #[test]
    fn a_clone_is_one_more_reference_and_no_allocation() {
        let (queue, _woken) = channel();
        let task = Arc::new(TaskWaker(queue));
        let waker = Waker::from(Arc::clone(&task));
        let (allocated, clones) = allocations(|| [(); 10].map(|()| waker.clone()));
        assert_eq!((allocated, Arc::strong_count(&task)), (0, 12));
        assert!(clones.iter().all(|clone| clone.will_wake(&waker)));
        drop(clones);
        assert_eq!(Arc::strong_count(&task), 2);
    }
}
