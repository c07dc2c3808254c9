//! error[unused_must_use]: unused implementer of `Future` that must be used
//! Proves G-9.2-2.
//! Guide 9.2: what the compiler says about a future that nobody awaits, here as an error.

#![deny(unused_must_use)]

#[tokio::main]
async fn main() {
    send_notification();
}

async fn send_notification() {
    println!("通知送信");
}
