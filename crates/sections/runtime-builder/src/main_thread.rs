//! Guide FAQ Q1 — The body of `main` runs on the main thread and may hold what is not `Send`.

use std::rc::Rc;
use std::thread;
use tokio::task::{JoinError, yield_now};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    let local = Rc::new("main future");
    yield_now().await;
    println!("{local}: {}", thread_name());

    let task = tokio::spawn(async { thread_name() });
    println!("spawned task: {}", task.await?);
    Ok(())
}

fn thread_name() -> String {
    thread::current().name().unwrap_or("unnamed").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves G-Q1-3, D-5-2.
    #[test]
    fn block_on_stays_on_its_thread_and_tasks_do_not() {
        let runtime = tokio::runtime::Builder::new_multi_thread().build().unwrap();
        let caller = thread::current().id();
        runtime.block_on(async {
            for _ in 0..100 {
                yield_now().await;
                assert_eq!(thread::current().id(), caller);
            }
            let task = tokio::spawn(async { (thread::current().id(), thread_name()) });
            let (worker, name) = task.await.unwrap();
            assert_ne!(worker, caller);
            assert_eq!(name, "tokio-rt-worker");
        });
    }
}
