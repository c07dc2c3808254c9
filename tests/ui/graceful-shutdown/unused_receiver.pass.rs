//! A sender that is made alone has no receiver to be unused.

use tokio::sync::watch;

fn main() {
    let shutdown_tx = watch::Sender::new(false);
    let rx = shutdown_tx.subscribe();
    println!("{}", *rx.borrow());
}
