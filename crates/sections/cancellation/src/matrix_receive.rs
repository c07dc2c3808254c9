//! Deep dive 11.6 — Every receive may be dropped: what it has not returned is in the channel.

use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use tokio::runtime::Builder;
use tokio::sync::{broadcast, mpsc, watch};
use tokio::time::{Duration, Instant, sleep, timeout};

const ITEM: &str = "message";
const MS: Duration = Duration::from_millis(1);
/// The paused clock passes it when nothing else can happen.
const DAY: Duration = Duration::from_secs(86_400);

/// Polls until the drop; it passes zero once.
type Cut = Cell<usize>;
type Seen = anyhow::Result<Vec<u8>>;
type Row = anyhow::Result<[String; 3]>;

pub fn main() -> anyhow::Result<()> {
    println!("{:<34}{:<14}documented", "receiving", "a drop costs");
    for row in table() {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

fn table() -> [Row; 6] {
    [
        row("mpsc::Receiver::recv", "cancel safe", async |cut| {
            let ((sender, mut receiver), mut seen) = (mpsc::channel(4), Vec::new());
            each_ms(move |letter| sender.try_send(letter));
            while let Some(letter) = again(cut, async || receiver.recv().await).await {
                seen.push(letter);
            }
            Ok(seen)
        }),
        row("mpsc::Receiver::recv_many", "cancel safe", async |cut| {
            let ((sender, mut receiver), mut seen) = (mpsc::channel(4), Vec::new());
            each_ms(move |letter| sender.try_send(letter));
            while again(cut, async || receiver.recv_many(&mut seen, 2).await).await > 0 {}
            Ok(seen)
        }),
        row("mpsc::UnboundedReceiver::recv", "cancel safe", async |cut| {
            let ((sender, mut receiver), mut seen) = (mpsc::unbounded_channel(), Vec::new());
            each_ms(move |letter| sender.send(letter));
            while let Some(letter) = again(cut, async || receiver.recv().await).await {
                seen.push(letter);
            }
            Ok(seen)
        }),
        row("broadcast::Receiver::recv", "cancel safe", async |cut| {
            let ((sender, mut receiver), mut seen) = (broadcast::channel(4), Vec::new());
            each_ms(move |letter| sender.send(letter));
            while let Ok(letter) = again(cut, async || receiver.recv().await).await {
                seen.push(letter);
            }
            Ok(seen)
        }),
        row("watch::Receiver::changed", "cancel safe", async |cut| {
            let ((sender, mut receiver), mut seen) = (watch::channel(b' '), Vec::new());
            each_ms(move |letter| sender.send(letter));
            while again(cut, async || receiver.changed().await).await.is_ok() {
                seen.push(*receiver.borrow());
            }
            Ok(seen)
        }),
        row("watch::Receiver::wait_for", "cancel safe", async |cut| {
            let (sender, mut receiver) = watch::channel(b' ');
            each_ms(move |letter| sender.send(letter));
            let third = async || receiver.wait_for(|letter| *letter == b'c').await.map(|it| *it);
            Ok(vec![again(cut, third).await?])
        }),
    ]
}

/// Sends three messages, and drops the sender after them. The receiver stays to the end.
fn each_ms<T>(mut send: impl FnMut(u8) -> T + Send + 'static) {
    tokio::spawn(async move {
        for letter in *b"abc" {
            sleep(MS).await;
            send(letter);
        }
    });
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
    fn no_receive_loses_a_message() {
        let rows = table().map(Result::unwrap);
        let expected = [
            ["mpsc::Receiver::recv", "nothing", "cancel safe"],
            ["mpsc::Receiver::recv_many", "nothing", "cancel safe"],
            ["mpsc::UnboundedReceiver::recv", "nothing", "cancel safe"],
            ["broadcast::Receiver::recv", "nothing", "cancel safe"],
            ["watch::Receiver::changed", "nothing", "cancel safe"],
            ["watch::Receiver::wait_for", "nothing", "cancel safe"],
        ];
        assert_eq!(rows, expected);
    }
}
