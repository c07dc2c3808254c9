//! Guide 10.1 — One `watch` value stops every worker, and the program outlives their clean-up.
//!
//! To take to work: `cargo run -- copy watched_workers`.

use tokio::sync::{mpsc, watch};
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep, timeout};

#[tokio::main]
pub async fn main() {
    graceful_shutdown_example(|line| println!("{line}")).await;
}

async fn graceful_shutdown_example(mut print: impl FnMut(String)) {
    let shutdown_tx = watch::Sender::new(false);
    let (mut workers, mut reports) = (JoinSet::new(), Vec::new());
    for i in 0..4 {
        let (report, reported) = mpsc::unbounded_channel();
        workers.spawn(worker(i, shutdown_tx.subscribe(), report));
        reports.push(reported);
    }
    // Between two ticks: at 3 s sharp, chance would decide.
    let _ = timeout(Duration::from_millis(3500), in_turn(&mut reports, &mut print)).await;
    print("シャットダウンシグナル送信".to_string());
    // `send` would drop the value if no receiver were left, and a later one would not stop.
    shutdown_tx.send_replace(true);
    in_turn(&mut reports, &mut print).await;
    workers.join_all().await;
    print("全ワーカー停止。プログラム終了。".to_string());
}

async fn worker(i: usize, mut rx: watch::Receiver<bool>, report: mpsc::UnboundedSender<String>) {
    // That nobody prints must not keep a worker from its stop.
    let tell = |text| drop(report.send(format!("ワーカー {i} {text}")));
    loop {
        tokio::select! {
            // Sees a signal older than its receiver, unlike `changed`, and an error if the sender
            // is gone: nobody can stop this worker any more, so it stops too.
            _ = rx.wait_for(|&stop| stop) => break,
            () = sleep(Duration::from_secs(1)) => tell("処理中..."),
        }
    }
    tell("がシャットダウン中...");
    sleep(Duration::from_millis(100)).await; // The clean-up.
    tell("停止完了");
}

/// Prints a line of each worker in turn until all have ended: chance decides who wakes first.
async fn in_turn(reports: &mut [mpsc::UnboundedReceiver<String>], print: &mut impl FnMut(String)) {
    let mut printed = true;
    while printed {
        printed = false;
        for reported in &mut *reports {
            if let Some(line) = reported.recv().await {
                print(line);
                printed = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;
    use std::sync::{Arc, Mutex};
    use tokio::time::Instant;

    const HOUR: Duration = Duration::from_secs(3600);

    /// Runs `program` in 200 runtimes, each with its own random seed and a paused clock.
    fn outcomes<T: Ord>(program: impl AsyncFn() -> T) -> BTreeSet<T> {
        let round = |_| {
            let mut builder = tokio::runtime::Builder::new_current_thread();
            builder.enable_time().start_paused(true).build().unwrap().block_on(program())
        };
        (0..200).map(round).collect()
    }

    fn of_each_worker(text: &str) -> Vec<String> {
        (0..4).map(|i| format!("ワーカー {i} {text}")).collect()
    }

    /// Proves G-10.1-1, G-10.1-2.
    #[test]
    fn two_hundred_runs_print_the_same_lines_and_take_3600_ms() {
        let outcomes = outcomes(async || {
            let start = Instant::now();
            let mut lines = Vec::new();
            graceful_shutdown_example(|line| lines.push(line)).await;
            (lines, start.elapsed())
        });
        let lines = [
            of_each_worker("処理中..."),
            of_each_worker("処理中..."),
            of_each_worker("処理中..."),
            vec!["シャットダウンシグナル送信".to_string()],
            of_each_worker("がシャットダウン中..."),
            of_each_worker("停止完了"),
            vec!["全ワーカー停止。プログラム終了。".to_string()],
        ];
        assert_eq!(outcomes, BTreeSet::from([(lines.concat(), Duration::from_millis(3600))]));
    }

    /// The document's program, which notes what it would print.
    async fn document(signal_at: Duration) -> Vec<String> {
        let (shutdown_tx, _shutdown_rx) = watch::channel(false);
        let lines = Arc::new(Mutex::new(Vec::new()));
        let mut handles = Vec::new();
        for i in 0..4 {
            let mut rx = shutdown_tx.subscribe();
            let lines = lines.clone();
            let note = move |text| lines.lock().unwrap().push(format!("{i} {text}"));
            handles.push(tokio::spawn(async move {
                loop {
                    tokio::select! {
                        _ = rx.changed() => if *rx.borrow() {
                            note("がシャットダウン中...");
                            sleep(Duration::from_millis(100)).await;
                            return note("停止完了");
                        },
                        () = sleep(Duration::from_secs(1)) => note("処理中..."),
                    }
                }
            }));
        }
        sleep(signal_at).await;
        shutdown_tx.send(true).unwrap();
        for handle in handles {
            handle.await.unwrap();
        }
        Arc::into_inner(lines).unwrap().into_inner().unwrap()
    }

    /// Fails by chance once in 16 to the 199th: each of the four has a fair coin in each round.
    /// Proves G-10.1-2.
    #[test]
    fn at_3_s_sharp_chance_gives_each_of_the_documents_workers_two_ticks_or_three() {
        let counts = outcomes(async || {
            let lines = document(Duration::from_secs(3)).await;
            [0, 1, 2, 3].map(|i| {
                let tick = format!("{i} 処理中...");
                lines.iter().filter(|line| **line == tick).count()
            })
        });
        assert!(counts.iter().flatten().all(|count| [2, 3].contains(count)), "{counts:?}");
        assert!(counts.len() > 1, "{counts:?}");
    }

    /// Each `changed` waits in a random one of eight lists, which `send` walks in a fixed order.
    ///
    /// No order of the four workers is more likely than 9 %, so that 200 runs stop in four orders or
    /// fewer less than once in 10 to the 70th.
    /// Proves G-10.1-1, G-10.1-3.
    #[test]
    fn at_3500_ms_the_documents_workers_still_stop_in_an_order_of_chance() {
        let runs = outcomes(async || document(Duration::from_millis(3500)).await);
        let sorted = runs.iter().map(|lines| {
            let mut lines = lines.clone();
            lines.sort();
            lines
        });
        assert_eq!(sorted.collect::<BTreeSet<_>>().len(), 1, "the same lines");
        let stops = runs.iter().map(|lines| {
            let stopping = lines.iter().filter(|line| line.ends_with("がシャットダウン中..."));
            let (_, last) = lines.split_at(lines.len() - 4);
            assert!(last.iter().all(|line| line.ends_with("停止完了")), "{lines:?}");
            stopping.collect::<Vec<_>>()
        });
        let orders: BTreeSet<_> = stops.collect();
        assert!(orders.len() > 4, "{orders:?}");
    }

    /// Proves G-10.1-4.
    #[tokio::test(start_paused = true)]
    async fn a_worker_stops_when_the_sender_is_gone() {
        let (shutdown_tx, shutdown) = watch::channel(false);
        let (report, mut reported) = mpsc::unbounded_channel();
        drop(shutdown_tx);
        let start = Instant::now();
        timeout(HOUR, worker(0, shutdown, report)).await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(100));
        assert_eq!(reported.recv().await.unwrap(), "ワーカー 0 がシャットダウン中...");
        assert_eq!(reported.recv().await.unwrap(), "ワーカー 0 停止完了");
        assert_eq!(reported.recv().await, None);
    }

    /// Its loop ignores the error of `changed`, which then comes at once, for ever.
    /// Proves G-10.1-4.
    #[tokio::test(start_paused = true)]
    async fn the_documents_loop_spins_when_the_sender_is_gone() {
        let (shutdown_tx, mut rx) = watch::channel(false);
        drop(shutdown_tx);
        let start = Instant::now();
        let mut turns = 0;
        while turns < 100_000 {
            tokio::select! {
                _ = rx.changed() => if *rx.borrow() {
                    unreachable!("nobody sent `true`");
                },
                () = sleep(Duration::from_secs(1)) => unreachable!("a spinning task never idles"),
            }
            turns += 1;
        }
        assert_eq!(start.elapsed(), Duration::ZERO);
    }

    /// Proves G-10.1-5.
    #[tokio::test(start_paused = true)]
    async fn a_worker_that_subscribes_after_the_signal_stops_too() {
        let shutdown_tx = watch::Sender::new(false);
        shutdown_tx.send_replace(true);
        timeout(HOUR, shutdown_tx.subscribe().changed()).await.unwrap_err();

        let (report, mut reported) = mpsc::unbounded_channel();
        let start = Instant::now();
        timeout(HOUR, worker(0, shutdown_tx.subscribe(), report)).await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(100));
        assert_eq!(reported.recv().await.unwrap(), "ワーカー 0 がシャットダウン中...");
    }

    /// The document's unused `shutdown_rx` hides this: with it a receiver is always left.
    /// Proves G-10.1-5.
    #[test]
    fn send_without_a_receiver_stores_nothing_and_send_replace_does() {
        let (shutdown_tx, shutdown_rx) = watch::channel(false);
        shutdown_tx.send(false).unwrap();
        drop(shutdown_rx);
        shutdown_tx.send(true).unwrap_err();
        assert!(!*shutdown_tx.borrow());
        shutdown_tx.send_replace(true);
        assert!(*shutdown_tx.borrow());
    }

    /// Each `false` wakes the document's loop, which then starts a new second.
    #[tokio::test(start_paused = true)]
    async fn a_value_that_is_no_signal_does_not_delay_a_tick() {
        let shutdown_tx = watch::Sender::new(false);
        let (report, mut reported) = mpsc::unbounded_channel();
        let start = Instant::now();
        let handle = tokio::spawn(worker(0, shutdown_tx.subscribe(), report));
        sleep(Duration::from_millis(600)).await;
        shutdown_tx.send_replace(false);
        assert_eq!(reported.recv().await.unwrap(), "ワーカー 0 処理中...");
        assert_eq!(start.elapsed(), Duration::from_secs(1));
        handle.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn a_worker_cleans_up_though_nobody_prints() {
        let (report, reported) = mpsc::unbounded_channel();
        drop(reported);
        let start = Instant::now();
        let shutdown_tx = watch::Sender::new(true);
        let worker = worker(0, shutdown_tx.subscribe(), report);
        timeout(HOUR, worker).await.unwrap();
        assert_eq!(start.elapsed(), Duration::from_millis(100));
    }

    /// A line that arrives early waits for its place. A worker that has ended is left out.
    #[tokio::test]
    async fn lines_are_printed_worker_by_worker() {
        let (senders, mut reports): (Vec<_>, Vec<_>) =
            (0..3).map(|_| mpsc::unbounded_channel()).unzip();
        for (i, text) in [(2, "c1"), (2, "c2"), (0, "a1"), (1, "b1"), (0, "a2")] {
            senders[i].send(text.to_string()).unwrap();
        }
        drop(senders);
        let mut lines = Vec::new();
        in_turn(&mut reports, &mut |line| lines.push(line)).await;
        assert_eq!(lines, ["a1", "b1", "c1", "a2", "c2"]);
    }
}
