//! Deep dive 11.6 — What lasts can be awaited again; an arrival or a wake-up of all cannot.

use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::runtime::Builder;
use tokio::sync::{Barrier, Notify, OnceCell, oneshot};
use tokio::time::{Duration, Instant, sleep, timeout};
use tokio_util::sync::CancellationToken;

const ITEM: &str = "result";
const MS: Duration = Duration::from_millis(1);
/// The paused clock passes it when nothing else can happen.
const DAY: Duration = Duration::from_secs(86_400);

/// Polls until the drop; it passes zero once.
type Cut = Cell<usize>;
type Seen = anyhow::Result<Vec<u8>>;
type Row = anyhow::Result<[String; 3]>;

pub fn main() -> anyhow::Result<()> {
    println!("{:<34}{:<14}documented", "events", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

fn table() -> [Row; 5] {
    [
        row("&mut oneshot::Receiver", "cancel safe", async |cut| {
            let (sender, mut receiver) = oneshot::channel();
            let send = async {
                sleep(MS).await;
                sender.send(b'a')
            };
            let own = again(cut, async || (&mut receiver).await);
            let (letter, sent) = tokio::join!(own, send);
            anyhow::ensure!(sent.is_ok());
            Ok(vec![letter?])
        }),
        row("CancellationToken::cancelled", "cancel safe", async |cut| {
            let (token, cancel) = (CancellationToken::new(), sleep(MS));
            let own = again(cut, async || token.cancelled().await);
            tokio::join!(own, async {
                cancel.await;
                token.cancel()
            });
            Ok(b"a".to_vec())
        }),
        row("OnceCell::get_or_init", "attempt cancelled", async |cut| {
            let cell = OnceCell::new();
            again(cut, async || *cell.get_or_init(|| sleep(2 * MS)).await).await;
            Ok(Vec::new())
        }),
        row("Notify::notified (notify_waiters)", "loses its place", async |cut| {
            let notify = Notify::new();
            let own = again(cut, async || notify.notified().await);
            tokio::join!(own, async {
                sleep(MS).await;
                notify.notify_waiters()
            });
            Ok(b"a".to_vec())
        }),
        row("Barrier::wait", "not cancel safe", async |cut| {
            let barrier = Barrier::new(2);
            let other = async {
                sleep(MS).await;
                barrier.wait().await
            };
            tokio::join!(again(cut, async || barrier.wait().await), other);
            Ok(b"a".to_vec())
        }),
    ]
}

/// The first difference that a drop makes, of all the polls before which it can fall.
fn row(name: &str, documented: &str, scenario: impl AsyncFn(&Cut) -> Seen) -> Row {
    let run = |cut: &Cut| {
        Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
            let start = Instant::now();
            let seen = timeout(DAY, scenario(cut)).await.unwrap_or(Ok(Vec::new()))?;
            anyhow::Ok((seen, start.elapsed()))
        })
    };
    let (whole, time) = run(&Cut::new(usize::MAX))?;
    for poll in 0.. {
        let cut = Cut::new(poll);
        let (seen, later) = run(&cut)?;
        let costs = match seen.len().cmp(&whole.len()) {
            _ if later == DAY => "never ends".to_string(),
            Less => format!("{ITEM} lost"),
            Greater => format!("{ITEM} twice"),
            Equal if seen != whole => "place lost".to_string(),
            Equal if later > time => "time lost".to_string(),
            Equal if cut.get() <= poll => "nothing".to_string(), // it ended without that poll
            Equal => continue,
        };
        return Ok([name.to_string(), costs, documented.to_string()]);
    }
    unreachable!("a run that ends has a last poll")
}

/// Runs `operation`. The drop finds it woken and not yet polled, and it starts anew.
async fn again<T>(cut: &Cut, mut operation: impl AsyncFnMut() -> T) -> T {
    loop {
        let mut attempt = pin!(operation());
        let finished = poll_fn(|cx| match cut.replace(cut.get().wrapping_sub(1)) {
            0 => Poll::Ready(None),
            _ => attempt.as_mut().poll(cx).map(Some),
        });
        if let Some(value) = finished.await {
            return value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_can_be_awaited_again_and_a_moment_cannot() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["&mut oneshot::Receiver", "nothing", "cancel safe"],
            ["CancellationToken::cancelled", "nothing", "cancel safe"],
            ["OnceCell::get_or_init", "time lost", "attempt cancelled"],
            ["Notify::notified (notify_waiters)", "never ends", "loses its place"],
            ["Barrier::wait", "never ends", "not cancel safe"],
        ];
        assert_eq!(rows, expected);
    }
}
