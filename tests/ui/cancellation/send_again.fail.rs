//! error[E0382]: borrow of moved value: `message`
//! Deep dive 11.6: `send` takes the message, and a dropped `send` does not give it back.

use std::future::ready;
use tokio::sync::mpsc;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let (sender, _receiver) = mpsc::channel(1);
    let message = "message".to_string();
    tokio::select! {
        sent = sender.send(message) => sent?,
        () = ready(()) => println!("not sent: {message}"),
    }
    Ok(())
}
