use std::rc::Rc;
use tokio::task::{JoinError, yield_now};

#[tokio::main(flavor = "local")]
async fn main() -> Result<(), JoinError> {
    tokio::task::spawn_local(async {
        let local = Rc::new(1);
        yield_now().await;
        println!("{local}");
    })
    .await
}
