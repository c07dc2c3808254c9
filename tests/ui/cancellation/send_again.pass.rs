//! Deep dive 11.6: `reserve` takes no message, so one that is dropped has none to lose.

use std::future::ready;
use tokio::sync::mpsc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (sender, _receiver) = mpsc::channel(1);
    let message = "message".to_string();
    tokio::select! {
        permit = sender.reserve() => permit?.send(message),
        () = ready(()) => println!("not sent: {message}"),
    }
    Ok(())
}
