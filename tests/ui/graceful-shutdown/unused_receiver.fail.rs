//! error[unused_variables]: unused variable: `shutdown_rx`
//! Proves G-10.1-5.
//! Guide 10.1: every worker subscribes, and the receiver that `channel` returns is never used.

#![deny(unused_variables)]
#![allow(unused_mut, reason = "one error a file: the same line is mutable for nothing, too")]

use tokio::sync::watch;

fn main() {
    let (shutdown_tx, mut shutdown_rx) = watch::channel(false);
    let rx = shutdown_tx.subscribe();
    println!("{}", *rx.borrow());
}
