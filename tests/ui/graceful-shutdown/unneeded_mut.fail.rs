//! error[unused_mut]: variable does not need to be mutable
//! Proves G-10.1-5.
//! Guide 10.1: the receiver that `channel` returns is never used, so it need not be `mut`.

#![deny(unused_mut)]
#![allow(unused_variables, reason = "one error a file: the same variable is unused, too")]

use tokio::sync::watch;

fn main() {
    let (shutdown_tx, mut shutdown_rx) = watch::channel(false);
    let rx = shutdown_tx.subscribe();
    println!("{}", *rx.borrow());
}
