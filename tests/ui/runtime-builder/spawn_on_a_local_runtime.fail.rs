//! error: future cannot be sent between threads safely
//! Proves D-5-4, D-9-1.
//! Deep dive 5.3, 9.1: the bound stands at `spawn`, not at the runtime.

use std::rc::Rc;
use tokio::task::{JoinError, yield_now};

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), JoinError> {
    tokio::spawn(async {
        let local = Rc::new(1);
        yield_now().await;
        println!("{local}");
    })
    .await
}
