//! A branch that nobody polls any more gets the lock, and keeps it.

use std::pin::pin;
use std::time::Duration;
use timeline::named;
use tokio::sync::Mutex;
use tokio::time::sleep;

pub fn drawing() -> timeline::Drawing {
    timeline::draw(program())
}

async fn program() {
    let lock = Mutex::new(());
    let guard = lock.lock().await;
    let mut write = pin!(named("write", async { drop(lock.lock().await) }));
    tokio::select! {
        () = &mut write => {}
        () = sleep(Duration::from_millis(10)) => {}
    }
    drop(guard);
    drop(lock.lock().await);
}
