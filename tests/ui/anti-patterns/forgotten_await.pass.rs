//! Guide 9.2: awaited, so it runs.

#![deny(unused_must_use)]

#[tokio::main]
async fn main() {
    send_notification().await;
}

async fn send_notification() {
    println!("通知送信");
}
