//! Deep dive 11.3 — A subscriber that lags loses the oldest values, is told how many, and goes on.

use tokio::sync::broadcast::{self, error::RecvError};

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    for capacity in [2, 3, 8] {
        let rx = five_values_late(capacity)?;
        println!("capacity {capacity}: {:?}", receive_all(rx).await);
    }
    Ok(())
}

#[derive(Debug, PartialEq)]
enum Received {
    Value(u32),
    Lost(u64),
}

/// A subscriber that has not read while 0 to 4 were sent. The capacity is rounded up: 3 is 4.
fn five_values_late(capacity: usize) -> anyhow::Result<broadcast::Receiver<u32>> {
    let (tx, rx) = broadcast::channel(capacity);
    for value in 0..5 {
        tx.send(value)?;
    }
    Ok(rx)
}

/// A loop that outlives a lag. `while let Ok(value)` would take the first one for the end.
async fn receive_all(mut rx: broadcast::Receiver<u32>) -> Vec<Received> {
    let mut received = Vec::new();
    loop {
        match rx.recv().await {
            Ok(value) => received.push(Received::Value(value)),
            Err(RecvError::Lagged(values)) => received.push(Received::Lost(values)),
            Err(RecvError::Closed) => return received,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Received::{Lost, Value};
    use super::*;
    use utils::probe::DropLog;

    /// Proves D-11-5.
    #[tokio::test]
    async fn a_capacity_of_two_keeps_the_last_two_of_five() {
        let received = receive_all(five_values_late(2).unwrap()).await;
        assert_eq!(received, [Lost(3), Value(3), Value(4)]);
    }

    /// Proves D-11-5.
    #[tokio::test]
    async fn a_capacity_of_three_is_one_of_four() {
        let received = receive_all(five_values_late(3).unwrap()).await;
        assert_eq!(received, [Lost(1), Value(1), Value(2), Value(3), Value(4)]);
        assert_eq!(received, receive_all(five_values_late(4).unwrap()).await);
    }

    /// How many of 1,000 values a subscriber keeps tells the true capacity.
    #[tokio::test]
    async fn capacities_are_rounded_up_to_powers_of_two() {
        for (asked, got) in [(1, 1), (2, 2), (3, 4), (5, 8), (8, 8), (9, 16), (100, 128)] {
            let (tx, mut rx) = broadcast::channel(asked);
            (0..1000).for_each(|i| assert_eq!(tx.send(i).unwrap(), 1));
            assert_eq!(rx.len(), 1000, "counts the lost ones too, until the next recv");
            assert_eq!(rx.recv().await, Err(RecvError::Lagged(1000 - got)));
            assert_eq!(rx.len() as u64, got);
            assert_eq!(rx.recv().await, Ok(1000 - got));
        }
    }

    #[tokio::test]
    async fn who_keeps_up_loses_nothing_while_another_lags() {
        let (tx, mut quick) = broadcast::channel(2);
        let slow = tx.subscribe();
        for value in 0..5 {
            tx.send(value).unwrap();
            assert_eq!(quick.recv().await, Ok(value));
        }
        drop(tx);
        assert_eq!(receive_all(slow).await, [Lost(3), Value(3), Value(4)]);
    }

    #[tokio::test]
    async fn a_loop_on_ok_ends_at_the_first_lag_with_values_left() {
        let mut rx = five_values_late(2).unwrap();
        let mut received = Vec::new();
        while let Ok(value) = rx.recv().await {
            received.push(value);
        }
        assert_eq!(received, []);
        assert_eq!(rx.recv().await, Ok(3), "it was not the end");
    }

    #[tokio::test]
    async fn one_can_lag_again_and_again() {
        let (tx, mut rx) = broadcast::channel(2);
        for round in 0..3 {
            (0..5).for_each(|i| assert_eq!(tx.send(10 * round + i).unwrap(), 1));
            assert_eq!(rx.recv().await, Err(RecvError::Lagged(3)));
            assert_eq!(rx.recv().await, Ok(10 * round + 3));
            assert_eq!(rx.recv().await, Ok(10 * round + 4));
        }
    }

    /// Messages that a slow subscriber has not read stay in memory: at most one capacity of them.
    #[tokio::test]
    async fn a_lost_value_is_dropped_when_its_place_is_taken() {
        let log = DropLog::new();
        let (tx, rx) = broadcast::channel(2);
        for name in ["0", "1", "2", "3", "4"] {
            tx.send(std::sync::Arc::new(log.guard(name))).ok().unwrap();
        }
        assert_eq!(log.entries(), ["0", "1", "2"]);
        drop(rx);
        assert_eq!(log.entries(), ["0", "1", "2", "3", "4"]);
    }
}
