//! Guide 10.2 — A stream works on demand: after five results it is dropped, and its producer stops.

use anyhow::Result;
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep};
use tokio_stream::{StreamExt, wrappers::ReceiverStream};

#[tokio::main]
pub async fn main() -> Result<()> {
    let (tx, rx) = mpsc::channel(32);
    let producer = tokio::spawn(count_to_twenty(tx));

    println!("結果: {:?}", five_even_squares(rx).await);

    let sent = producer.await?;
    println!("stopped before the twentieth: {}", sent < 20);
    Ok(())
}

/// Takes 400 ms: the fifth even number is the ninth number.
async fn five_even_squares(rx: mpsc::Receiver<i32>) -> Vec<i32> {
    ReceiverStream::new(rx).filter(|x| x % 2 == 0).map(|x| x * x).take(5).collect().await
}

/// Sends a number each 50 ms while somebody receives; returns how many.
async fn count_to_twenty(tx: mpsc::Sender<i32>) -> usize {
    let mut sent = 0;
    for i in 0..20 {
        // An error says that the receiver is gone. To ignore it would be to go on for nobody.
        if tx.send(i).await.is_err() {
            break;
        }
        sent += 1;
        sleep(Duration::from_millis(50)).await;
    }
    sent
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::Instant;

    /// Proves G-10.2-1.
    #[tokio::test(start_paused = true)]
    async fn the_five_results_take_400_ms() {
        let (tx, rx) = mpsc::channel(32);
        let start = Instant::now();
        tokio::spawn(count_to_twenty(tx));
        assert_eq!(five_even_squares(rx).await, [0, 4, 16, 36, 64]);
        assert_eq!(start.elapsed(), Duration::from_millis(400));
    }

    /// Proves G-10.2-2.
    #[tokio::test(start_paused = true)]
    async fn the_producer_stops_at_its_next_number() {
        let (tx, rx) = mpsc::channel(32);
        let start = Instant::now();
        let producer = tokio::spawn(count_to_twenty(tx));
        five_even_squares(rx).await;
        assert_eq!(producer.await.unwrap(), 9);
        assert_eq!(start.elapsed(), Duration::from_millis(450));
    }

    /// The document's producer ignores the error and goes on until the second is over.
    /// Proves G-10.2-2.
    #[tokio::test(start_paused = true)]
    async fn a_producer_that_ignores_the_error_sends_eleven_numbers_to_nobody() {
        let (tx, rx) = mpsc::channel(32);
        let start = Instant::now();
        let producer = tokio::spawn(async move {
            let mut lost = 0;
            for i in 0..20 {
                lost += usize::from(tx.send(i).await.is_err());
                sleep(Duration::from_millis(50)).await;
            }
            lost
        });
        five_even_squares(rx).await;
        assert_eq!(producer.await.unwrap(), 11);
        assert_eq!(start.elapsed(), Duration::from_secs(1));
    }
}
