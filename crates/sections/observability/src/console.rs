//! Guide FAQ Q5 — With `--cfg tokio_unstable`, a program opens a port for `tokio-console`.

use std::future::pending;
use std::net::TcpListener;
use std::process::ExitCode;
use std::thread;
use tokio::task::spawn_blocking;
use tokio::time::{Duration, MissedTickBehavior, interval, sleep};

#[allow(unexpected_cfgs, reason = "only a manifest could declare `tokio_unstable`")]
#[tokio::main]
pub async fn main() -> ExitCode {
    let address = std::env::var("TOKIO_CONSOLE_BIND").unwrap_or("127.0.0.1:6669".to_string());
    if !cfg!(tokio_unstable) {
        eprintln!("error: the console takes RUSTFLAGS=\"--cfg tokio_unstable\" before `cargo run`");
        return ExitCode::FAILURE;
    }
    // Without it, a thread panics that nobody joins.
    if let Err(error) = TcpListener::bind(&address) {
        eprintln!("error: TOKIO_CONSOLE_BIND {address:?}: {error}");
        return ExitCode::FAILURE;
    }
    // Before the first `spawn`: an earlier task stays invisible.
    console_subscriber::init();
    tokio::spawn(tick());
    tokio::spawn(block());
    tokio::spawn(give_away());
    println!("tokio-console http://{address}");
    // Until Ctrl+C, which takes no handler: there is nothing to finish.
    pending().await
}

/// Many wakes, and each poll is short.
async fn tick() {
    let mut ticks = interval(Duration::from_millis(20));
    // The default would add a wake for each tick missed while the program was stopped.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        ticks.tick().await;
    }
}

/// Each poll takes 50 ms, in which its worker runs nothing else: the mean poll time tells.
async fn block() {
    loop {
        thread::sleep(Duration::from_millis(50));
        sleep(Duration::from_millis(50)).await;
    }
}

/// The same work where it belongs. Each piece of it is in the list too, as a task of another kind.
async fn give_away() {
    loop {
        let work = spawn_blocking(|| thread::sleep(Duration::from_millis(50)));
        if work.await.is_err() {
            return; // Only a runtime that shuts down cancels it.
        }
        sleep(Duration::from_millis(50)).await;
    }
}
