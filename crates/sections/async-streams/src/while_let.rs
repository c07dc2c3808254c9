//! Guide 10.2 — `while let` is Rust's `for await`: a loop that may await, break and return an error.

use anyhow::{Result, ensure};
use std::pin::pin;
use tokio::sync::mpsc;
use tokio_stream::{Stream, StreamExt, wrappers::ReceiverStream};

#[tokio::main]
pub async fn main() -> Result<()> {
    let (tx, rx) = mpsc::channel(32);
    for i in 0..20 {
        tx.send(i).await?;
    }
    println!("結果: {:?}", five_even_squares(ReceiverStream::new(rx)).await?);
    Ok(())
}

/// Pass `&mut stream` to keep the rest; the squares so far are lost with this future.
async fn five_even_squares(stream: impl Stream<Item = i32>) -> Result<Vec<i32>> {
    let mut stream = pin!(stream);
    let mut squares = Vec::new();
    while let Some(x) = stream.next().await {
        ensure!(x >= 0, "{x} is no count");
        if x % 2 == 0 {
            squares.push(x * x);
        }
        if squares.len() == 5 {
            break;
        }
    }
    Ok(squares)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::time::timeout;

    #[tokio::test]
    async fn the_loop_takes_no_more_than_it_needs() {
        let mut taken = Vec::new();
        let stream = tokio_stream::iter(0..20).map(|x| {
            taken.push(x);
            x
        });
        assert_eq!(five_even_squares(stream).await.unwrap(), [0, 4, 16, 36, 64]);
        assert_eq!(taken, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
    }

    #[tokio::test]
    async fn a_stream_that_ends_early_gives_what_there_was() {
        assert_eq!(five_even_squares(tokio_stream::iter([2, 3])).await.unwrap(), [4]);
    }

    #[tokio::test]
    async fn an_error_leaves_the_loop() {
        let error = five_even_squares(tokio_stream::iter([2, -1])).await.unwrap_err();
        assert_eq!(error.to_string(), "-1 is no count");
    }

    #[tokio::test(start_paused = true)]
    async fn a_stream_that_is_lent_outlives_the_loop_and_its_squares() {
        let (tx, rx) = mpsc::channel(2);
        let mut stream = ReceiverStream::new(rx);
        tx.send(2).await.unwrap();
        let squares = five_even_squares(&mut stream);
        timeout(Duration::from_secs(1), squares).await.unwrap_err();
        tx.send(4).await.unwrap();
        drop(tx);
        assert_eq!(five_even_squares(stream).await.unwrap(), [16]);
    }
}
