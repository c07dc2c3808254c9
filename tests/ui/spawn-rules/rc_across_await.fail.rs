//! error: future cannot be sent between threads safely
//! Proves G-Q2-3, G-まとめ-4, D-5-3, D-5-4, D-9-1.
//! Guide FAQ Q2: `spawn` asks for `Send` on one thread too.

use std::rc::Rc;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::spawn(async {
        let local = Rc::new(1);
        tokio::task::yield_now().await;
        println!("{local}");
    });
}
