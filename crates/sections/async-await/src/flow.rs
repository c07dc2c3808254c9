//! Guide 3.2 — The executor polls a task; each `.await` in it polls its own future.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Wake, Waker};
use tokio::net::UdpSocket;

/// One thread, so that the tasks run in the order of their spawning.
#[tokio::main(flavor = "current_thread")]
pub async fn main() -> std::io::Result<()> {
    let socket = UdpSocket::bind("127.0.0.1:0").await?;
    let address = socket.local_addr()?;

    println!("① async fn 呼び出し");
    let mut future = Box::pin(fetch_data(socket));
    println!("→ Future (状態マシン) を生成 (まだ実行しない)");

    let task = tokio::spawn(poll_fn(move |cx| {
        println!("→ Executor が poll() を呼ぶ");
        future.as_mut().poll(cx)
    }));
    let other = tokio::spawn(async move {
        println!("→ Executor は他のタスクを実行");
        UdpSocket::bind("127.0.0.1:0").await?.send_to(b"value", address).await
    });
    other.await??;
    task.await?
}

/// Its `.await` polls the leaf, with the waker that the executor gave to the task.
async fn fetch_data(socket: UdpSocket) -> std::io::Result<()> {
    let mut value = [0; 5];
    let mut leaf = pin!(socket.recv(&mut value));
    println!("② .await");
    poll_fn(|cx| {
        let waker = Waker::from(Arc::new(ShownWaker(cx.waker().clone())));
        let poll = leaf.as_mut().poll(&mut Context::from_waker(&waker));
        match poll {
            Poll::Pending => {
                println!("③ Poll::Pending (I/O未完了)\n→ Waker を登録してタスクを中断")
            }
            Poll::Ready(_) => println!("⑤ 再 poll() → Poll::Ready(value)"),
        }
        poll
    })
    .await
    .map(|_| println!("→ .await が value を返す"))
}

struct ShownWaker(Waker);

impl Wake for ShownWaker {
    fn wake(self: Arc<Self>) {
        println!("④ I/O 完了通知 (Reactor → Waker)");
        self.0.wake_by_ref();
        println!("→ Executor がタスクを再スケジュール");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;
    use std::time::Duration;
    use tokio::sync::oneshot;
    use utils::probe::{CountingWaker, Polls, in_child};

    /// Proves G-3.2-3.
    #[test]
    fn the_steps_come_in_this_order() {
        let ended = in_child(Duration::from_secs(60), || main().unwrap());
        let (_, printed) = ended.stdout.split_once('①').expect("it prints");
        assert_eq!(
            printed,
            " async fn 呼び出し\n\
             → Future (状態マシン) を生成 (まだ実行しない)\n\
             → Executor が poll() を呼ぶ\n\
             ② .await\n\
             ③ Poll::Pending (I/O未完了)\n\
             → Waker を登録してタスクを中断\n\
             → Executor は他のタスクを実行\n\
             ④ I/O 完了通知 (Reactor → Waker)\n\
             → Executor がタスクを再スケジュール\n\
             → Executor が poll() を呼ぶ\n\
             ⑤ 再 poll() → Poll::Ready(value)\n\
             → .await が value を返す\n"
        );
    }

    /// A ready leaf costs a poll of its own and none of the executor.
    /// Proves G-3.2-2.
    #[tokio::test]
    async fn the_executor_polls_twice_where_the_leaves_are_polled_three_times() {
        let (executor, leaves) = (Polls::new(), Polls::new());
        let (tx, rx) = oneshot::channel();
        let parent = executor.of({
            let leaves = leaves.clone();
            async move { leaves.of(ready(1)).await + leaves.of(rx).await.unwrap() }
        });
        let task = tokio::spawn(parent);
        while leaves.count() < 2 {
            tokio::task::yield_now().await;
        }
        assert_eq!((executor.count(), leaves.count()), (1, 2));
        tx.send(2).unwrap();
        assert_eq!(task.await.unwrap(), 3);
        assert_eq!((executor.count(), leaves.count()), (2, 3));
    }

    #[test]
    fn an_awaited_leaf_gets_the_waker_of_the_task() {
        let (counter, waker) = CountingWaker::new();
        let (tx, rx) = oneshot::channel();
        let mut parent = pin!(async {
            let leaf_waker = async { poll_fn(|cx| Poll::Ready(cx.waker().clone())).await };
            (leaf_waker.await, rx.await)
        });
        let mut cx = Context::from_waker(&waker);
        assert!(parent.as_mut().poll(&mut cx).is_pending());
        assert_eq!(counter.wakes(), 0);
        tx.send(()).unwrap();
        assert_eq!(counter.wakes(), 1);
        let Poll::Ready((leaf_waker, _)) = parent.poll(&mut cx) else {
            panic!("it has been woken");
        };
        assert!(leaf_waker.will_wake(&waker));
    }
}
