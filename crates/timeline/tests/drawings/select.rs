//! `select!` takes the first branch that is ready, and drops the others where they stand.

use std::time::Duration;
use timeline::named;
use tokio::time::sleep;

pub fn drawing() -> timeline::Drawing {
    timeline::draw(program())
}

async fn program() {
    tokio::select! {
        () = named("mirror", sleep(Duration::from_millis(10))) => {}
        () = named("origin", sleep(Duration::from_millis(500))) => {}
    }
}
