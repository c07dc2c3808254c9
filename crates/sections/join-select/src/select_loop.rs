//! Guide 4.5 — A `select!` loop ends with its channel only if it matches on `None`.
//!
//! To take to work: `cargo run -- copy heartbeat`.

use tokio::signal::ctrl_c;
use tokio::sync::mpsc;
use tokio::time::{Duration, MissedTickBehavior, interval, sleep};

#[tokio::main]
pub async fn main() -> std::io::Result<()> {
    let (tx, rx) = mpsc::channel(32);
    let sender = tokio::spawn(send_ten(tx));
    let result = receive(rx, ctrl_c()).await;
    // After Ctrl+C there is nobody left to send to.
    sender.abort();
    result
}

async fn receive(
    mut rx: mpsc::Receiver<String>,
    shutdown: impl Future<Output = std::io::Result<()>>,
) -> std::io::Result<()> {
    let mut heartbeat = interval(Duration::from_secs(5));
    // The default would make up for a stall of a minute with twelve beats at once.
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    tokio::pin!(shutdown);

    loop {
        tokio::select! {
            // From top to bottom: no flood of messages can delay the shutdown.
            biased;

            result = &mut shutdown => {
                result?;
                println!("Ctrl+C 受信。シャットダウン...");
                return Ok(());
            }
            // As `Some(msg) = rx.recv()` a closed channel would only switch this branch off, and
            // an `else` would never run: the heartbeat is always there.
            message = rx.recv() => match message {
                Some(msg) => println!("受信: {msg}"),
                None => {
                    println!("全チャネル閉鎖。終了。");
                    return Ok(());
                }
            },
            _ = heartbeat.tick() => println!("ハートビート送信"),
        }
    }
}

/// Starts 100 ms late, so that no message meets a heartbeat.
async fn send_ten(tx: mpsc::Sender<String>) {
    sleep(Duration::from_millis(100)).await;
    for i in 0..10 {
        sleep(Duration::from_millis(500)).await;
        let _ = tx.send(format!("メッセージ #{i}")).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::{pending, ready};
    use tokio::time::{Instant, Interval, advance, timeout};
    use utils::probe::in_child;

    /// Proves G-4.5-2.
    #[tokio::test(start_paused = true)]
    async fn the_loop_ends_with_the_last_message() {
        let start = Instant::now();
        let (tx, rx) = mpsc::channel(32);
        tokio::spawn(send_ten(tx));
        receive(rx, pending()).await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(5100));
    }

    /// Proves G-4.5-6.
    #[tokio::test(start_paused = true)]
    async fn shutdown_comes_before_messages_that_wait() {
        let (tx, rx) = mpsc::channel(32);
        tx.send("never received".to_string()).await.unwrap();
        receive(rx, ready(Ok(()))).await.unwrap();
        assert!(tx.is_closed(), "the loop has ended and dropped its receiver");
    }

    #[tokio::test(start_paused = true)]
    async fn an_error_of_the_signal_handler_is_reported() {
        let (_tx, rx) = mpsc::channel(32);
        let error = receive(rx, ready(Err(std::io::ErrorKind::Other.into()))).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::Other);
    }

    /// Runs the document's loop for one hour of virtual time: (messages, heartbeats, elses).
    async fn as_documented(mut rx: mpsc::Receiver<String>) -> (u32, u32, u32) {
        let mut heartbeat = interval(Duration::from_secs(5));
        let (mut messages, mut heartbeats, mut elses) = (0, 0, 0);
        let endless = async {
            loop {
                tokio::select! {
                    biased;
                    Some(_) = rx.recv() => messages += 1,
                    _ = heartbeat.tick() => heartbeats += 1,
                    else => elses += 1,
                }
            }
        };
        let hour = Duration::from_secs(3600) + Duration::from_millis(1);
        timeout(hour, endless).await.unwrap_err();
        (messages, heartbeats, elses)
    }

    /// Proves G-4.5-1, G-4.5-2.
    #[tokio::test(start_paused = true)]
    async fn the_documented_else_is_never_reached() {
        let (tx, rx) = mpsc::channel(32);
        tokio::spawn(send_ten(tx));
        assert_eq!(as_documented(rx).await, (10, 721, 0));
    }

    /// Its sender starts at once, so that the tenth message and the second heartbeat meet.
    /// Proves G-4.5-4.
    #[tokio::test(start_paused = true)]
    async fn at_5_s_the_documented_heartbeat_comes_before_message_9() {
        let (start, (tx, mut rx)) = (Instant::now(), mpsc::channel(32));
        tokio::spawn(async move {
            for i in 0..10 {
                sleep(Duration::from_millis(500)).await;
                tx.send(format!("#{i}")).await.unwrap();
            }
        });
        let mut heartbeat = interval(Duration::from_secs(5));
        let mut seen = Vec::new();
        while seen.len() < 12 {
            let what = tokio::select! {
                biased;
                Some(message) = rx.recv() => message,
                _ = heartbeat.tick() => "heartbeat".to_string(),
            };
            seen.push((what, start.elapsed().as_millis()));
        }
        assert_eq!(seen[0], ("heartbeat".to_string(), 0));
        for (i, message) in seen[1..10].iter().enumerate() {
            assert_eq!(*message, (format!("#{i}"), 500 * (i as u128 + 1)));
        }
        assert_eq!(seen[10..], [("heartbeat".to_string(), 5000), ("#9".to_string(), 5000)]);
    }

    #[tokio::test(start_paused = true)]
    async fn an_else_is_reached_once_every_branch_can_be_switched_off() {
        let (tx, mut rx) = mpsc::channel::<()>(1);
        drop(tx);
        let reached = tokio::select! {
            Some(()) = rx.recv() => false,
            else => true,
        };
        assert!(reached);
    }

    /// Proves G-4.5-3.
    #[tokio::test(start_paused = true)]
    async fn the_first_heartbeat_comes_at_once() {
        let (start, mut heartbeat) = (Instant::now(), interval(Duration::from_secs(5)));
        heartbeat.tick().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        heartbeat.tick().await;
        assert_eq!(start.elapsed(), Duration::from_secs(5));
    }

    /// A stop of the process, or a poll that blocks: the clock is at 66 s when the loop runs again.
    async fn stall_for_a_minute_at_6_s() {
        sleep(Duration::from_secs(6)).await;
        advance(Duration::from_secs(60)).await;
    }

    /// The seconds of the ticks in the first 80, 60 of which are a stall.
    async fn ticks_around_a_stall(mut heartbeat: Interval) -> Vec<u64> {
        let (start, mut ticks) = (Instant::now(), Vec::new());
        let endless = async {
            loop {
                heartbeat.tick().await;
                ticks.push(start.elapsed().as_secs());
            }
        };
        let stalled = async {
            stall_for_a_minute_at_6_s().await;
            sleep(Duration::from_secs(14)).await;
        };
        tokio::select! {
            biased;
            () = endless => {}
            () = stalled => {}
        }
        ticks
    }

    /// Proves G-4.5-3.
    #[tokio::test(start_paused = true)]
    async fn after_a_stall_of_a_minute_the_documented_heartbeat_comes_twelve_times_at_once() {
        let documented = interval(Duration::from_secs(5));
        assert_eq!(documented.missed_tick_behavior(), MissedTickBehavior::Burst);
        let expected = [vec![0, 5], vec![66; 12], vec![70, 75, 80]].concat();
        assert_eq!(ticks_around_a_stall(documented).await, expected);
    }

    /// The loop itself, by what it prints: a beat at 0, 5, 66, 71 and 76 s.
    /// Proves G-4.5-3.
    #[test]
    fn after_a_stall_one_heartbeat_comes_and_the_next_5_s_later() {
        let ended = in_child(Duration::from_secs(60), || {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            let runtime = builder.enable_time().start_paused(true).build().unwrap();
            let (_tx, rx) = mpsc::channel(32);
            let stalled = async {
                println!("begun");
                stall_for_a_minute_at_6_s().await;
                for seconds in [66, 70, 75] {
                    println!("{seconds} s");
                    sleep(Duration::from_secs(if seconds == 66 { 4 } else { 5 })).await;
                }
                Ok(())
            };
            runtime.block_on(receive(rx, stalled)).unwrap();
        });
        let (_, seen) = ended.stdout.split_once("begun\n").expect("it has begun");
        let beat = "ハートビート送信";
        let expected = [beat, beat, "66 s", beat, "70 s", beat, "75 s", beat];
        assert_eq!(seen.lines().take(8).collect::<Vec<_>>(), expected);
        assert_eq!(seen.lines().nth(8), Some("Ctrl+C 受信。シャットダウン..."));
    }

    /// Proves G-4.5-6.
    #[tokio::test(start_paused = true)]
    async fn a_biased_loop_lets_messages_delay_the_heartbeat() {
        let (tx, mut rx) = mpsc::channel(1000);
        (0..1000).for_each(|i| tx.try_send(i).unwrap());
        let mut heartbeat = interval(Duration::from_secs(5));
        let mut before = 0;
        loop {
            tokio::select! {
                biased;
                Some(_) = rx.recv() => before += 1,
                _ = heartbeat.tick() => break,
            }
        }
        assert_eq!(before, 1000);
    }
}
