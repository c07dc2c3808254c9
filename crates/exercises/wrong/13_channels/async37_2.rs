//! Wrong: begins anew after a gap, and misses what is still in the channel.

use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;

async fn listen(mut messages: Receiver<u32>) -> (Vec<u32>, u64) {
    let (mut received, mut lost) = (Vec::new(), 0);
    loop {
        match messages.recv().await {
            Ok(message) => received.push(message),
            Err(RecvError::Lagged(number)) => {
                lost += number;
                messages = messages.resubscribe();
            }
            Err(RecvError::Closed) => return (received, lost),
        }
    }
}
