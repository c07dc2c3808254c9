//! Guide 10.1 — A limit of connections holds only if the permit is there before `accept`.
//!
//! To take to work: `cargo run -- copy tcp_server`.

use std::sync::Arc;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Duration, sleep, timeout};

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("100 clients in the queue, and a limit of 10");
    println!("permit in the task: {} are accepted", accepted_by(permit_in_the_task).await);
    println!("permit before accept: {} are accepted", accepted_by(permit_before_accept).await);
}

/// Wrong: ten are served, and the others keep a file and a task each while they wait.
async fn permit_in_the_task(queue: &mut mpsc::Receiver<u32>, permits: Arc<Semaphore>) {
    while let Some(client) = queue.recv().await {
        let permits = Arc::clone(&permits);
        tokio::spawn(async move {
            let _permit = permits.acquire_owned().await;
            serve(client).await;
        });
    }
}

/// Right: the others wait in the queue of the system, which has a limit too.
async fn permit_before_accept(queue: &mut mpsc::Receiver<u32>, permits: Arc<Semaphore>) {
    while let Ok(permit) = Arc::clone(&permits).acquire_owned().await {
        let Some(client) = queue.recv().await else { return };
        tokio::spawn(async move {
            serve(client).await;
            drop(permit);
        });
    }
}

async fn serve(_client: u32) {
    sleep(Duration::from_secs(60)).await;
}

/// A channel stands for the listener, and what is taken out of it is accepted.
async fn accepted_by(server: impl AsyncFn(&mut mpsc::Receiver<u32>, Arc<Semaphore>)) -> usize {
    let (clients, mut queue) = mpsc::channel(100);
    (0..100).for_each(|client| clients.try_send(client).expect("there is room for a hundred"));
    let server = server(&mut queue, Arc::new(Semaphore::new(10)));
    let _ = timeout(Duration::from_secs(1), server).await;
    100 - queue.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn with_the_permit_in_the_task_all_clients_are_accepted() {
        assert_eq!(accepted_by(permit_in_the_task).await, 100);
    }

    #[tokio::test(start_paused = true)]
    async fn with_the_permit_before_accept_only_ten_are() {
        assert_eq!(accepted_by(permit_before_accept).await, 10);
    }

    /// A panic drops it too, with the future of the handler.
    #[tokio::test]
    async fn a_handler_that_panics_gives_its_permit_back() {
        let permits = Arc::new(Semaphore::new(1));
        let permit = Arc::clone(&permits).try_acquire_owned().unwrap();
        let handler = async {
            let _permit = permit;
            std::panic::resume_unwind(Box::new("on purpose"));
        };
        tokio::spawn(handler).await.unwrap_err();
        assert_eq!(permits.available_permits(), 1);
    }
}
