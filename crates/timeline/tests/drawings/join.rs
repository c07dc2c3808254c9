//! `join!` takes as long as its slowest branch, and polls a branch again that nothing has woken.

use std::time::Duration;
use timeline::named;
use tokio::time::sleep;

pub fn drawing() -> timeline::Drawing {
    timeline::draw(program())
}

async fn program() {
    let price = named("price", sleep(Duration::from_millis(10)));
    let stock = named("stock", sleep(Duration::from_millis(20)));
    tokio::join!(price, stock);
}
