//! Deep dive 6.2 — The slot is used three times in a row at most, and only while the budget lasts.

use std::io::Result;
use std::sync::mpsc::{self, Sender};
use tokio::runtime::Builder;
use tokio::task::coop::consume_budget;

/// Each task sends its name when it runs.
type Log = Sender<&'static str>;

pub fn main() -> Result<()> {
    println!("a chain 1 to 5 beside Y1 to Y4 runs {}", order(chain)?);
    for spent in [127, 128] {
        let order = order(move |log| spend_first(spent, log))?;
        println!("X Y C, spawned with {spent} of the budget spent, run {order}");
    }
    Ok(())
}

/// The order of `root` and of all that it spawns, on one worker.
fn order<F: Future<Output = ()> + Send + 'static>(root: impl FnOnce(Log) -> F) -> Result<String> {
    let runtime = Builder::new_multi_thread().worker_threads(1).build()?;
    let (log, names) = mpsc::channel();
    runtime.spawn(root(log));
    // Ends with the last task, which drops the last sender.
    Ok(names.iter().collect::<Vec<_>>().join(" "))
}

async fn chain(log: Log) {
    spawn(&["Y1", "Y2", "Y3", "Y4"], &log);
    link(&["1", "2", "3", "4", "5"], log);
}

/// Each link spawns the next. Without a cap the others would wait for the end of the chain.
fn link(names: &'static [&'static str], log: Log) {
    if let [name, rest @ ..] = names {
        tokio::spawn(async move {
            let _ = log.send(name);
            link(rest, log);
        });
    }
}

/// A task from the slot lives on what is left of its parent's 128. With nothing left it queues.
async fn spend_first(spent: usize, log: Log) {
    for _ in 0..spent {
        consume_budget().await;
    }
    spawn(&["X", "Y", "C"], &log);
}

fn spawn(names: &[&'static str], log: &Log) {
    for &name in names {
        let log = log.clone();
        tokio::spawn(async move { log.send(name) });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::task::Poll;
    use tokio::sync::mpsc::channel;
    use tokio::task::yield_now;

    fn run(name: &'static str, log: &Log) {
        log.send(name).unwrap();
    }

    #[test]
    fn the_slot_is_used_three_times_a_tick() {
        assert_eq!(order(chain).unwrap(), "1 2 3 Y1 Y2 Y3 Y4 4 5");
    }

    /// In the second tick 4 comes from the queue, and 5, 6, 7 from the slot.
    /// Proves D-6-5.
    #[test]
    fn every_tick_has_three_uses_of_the_slot_again() {
        let long = order(async |log| {
            for name in ["Y", "Z"] {
                let log = log.clone();
                tokio::spawn(async move {
                    run(name, &log);
                    wake_itself().await;
                    run(name, &log);
                });
            }
            link(&["1", "2", "3", "4", "5", "6", "7", "8", "9"], log);
        });
        assert_eq!(long.unwrap(), "1 2 3 Y Z 4 5 6 7 Y Z 8 9");
    }

    async fn wake_itself() {
        let mut woken = false;
        poll_fn(|cx| {
            if std::mem::replace(&mut woken, true) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        })
        .await;
    }

    /// Two tasks that pass a ball: what the slot is for, and why it needs a cap.
    #[test]
    fn a_game_of_ping_pong_lets_the_others_in_after_three_turns() {
        let game = order(async |log| {
            let (to_pong, mut ball) = channel(1);
            let (to_ping, mut back) = channel(1);
            let serve = to_ping.clone();
            let (ping, pong, driver) = (log.clone(), log.clone(), log);
            tokio::spawn(async move {
                for name in ["ping0", "ping1", "ping2"] {
                    back.recv().await.unwrap();
                    run(name, &ping);
                    to_pong.send(()).await.unwrap();
                }
            });
            tokio::spawn(async move {
                for name in ["pong0", "pong1"] {
                    ball.recv().await.unwrap();
                    run(name, &pong);
                    to_ping.send(()).await.unwrap();
                }
                ball.recv().await.unwrap();
            });
            yield_now().await;
            spawn(&["Y1", "Y2", "Y3", "Y4"], &driver);
            serve.send(()).await.unwrap();
            run("driver-end", &driver);
        });
        let expected = "driver-end ping0 pong0 ping1 Y1 Y2 Y3 Y4 pong1 ping2";
        assert_eq!(game.unwrap(), expected);
    }

    /// Proves D-6-5.
    #[test]
    fn a_chain_shares_the_budget_of_its_first_task() {
        assert_eq!(order(|log| spend_first(127, log)).unwrap(), "C X Y");
        assert_eq!(order(|log| spend_first(128, log)).unwrap(), "X Y C");
    }
}
