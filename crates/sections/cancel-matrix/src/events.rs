//! Deep dive 11.6 — A lasting state can be awaited again; a single arrival or wake-up cannot.

#[path = "harness.rs"]
mod harness;

use harness::{MS, Row, again, print, row};
use tokio::sync::{Barrier, Notify, OnceCell, oneshot};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

pub fn main() -> anyhow::Result<()> {
    print("events", table())
}

fn table() -> [Row; 5] {
    [
        row("&mut oneshot::Receiver", "cancel safe", async |cut| {
            let (sender, mut receiver) = oneshot::channel();
            let own = again(cut, async || (&mut receiver).await);
            let (letter, sent) = tokio::join!(own, later(|| sender.send(b'a')));
            anyhow::ensure!(sent.is_ok());
            Ok(vec![letter?])
        }),
        row("CancellationToken::cancelled", "cancel safe", async |cut| {
            let token = CancellationToken::new();
            let own = again(cut, async || token.cancelled().await);
            tokio::join!(own, later(|| token.cancel()));
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
            tokio::join!(own, later(|| notify.notify_waiters()));
            Ok(b"a".to_vec())
        }),
        row("Barrier::wait", "not cancel safe", async |cut| {
            let barrier = Barrier::new(2);
            let own = again(cut, async || barrier.wait().await);
            tokio::join!(own, async {
                sleep(MS).await;
                barrier.wait().await
            });
            Ok(b"a".to_vec())
        }),
    ]
}

async fn later<T>(event: impl FnOnce() -> T) -> T {
    sleep(MS).await;
    event()
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
