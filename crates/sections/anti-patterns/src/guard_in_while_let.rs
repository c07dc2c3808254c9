//! Guide 9.3 — A guard made in the head of `while let` is held through its body: workers take turns.

use tokio::sync::{Mutex, mpsc};
use tokio::time::{Duration, Instant, sleep};

type Queue = Mutex<mpsc::Receiver<u64>>;

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() {
    println!("2 workers, 4 jobs of a second each");
    println!("locked in while let: {:?}", time_of_two(locked_in_while_let).await);
    println!("locked in a let: {:?}", time_of_two(locked_in_a_let).await);
}

/// Wrong: the guard is a temporary of the head, which lives as long as the body. So in a `match`.
async fn locked_in_while_let(queue: &Queue) {
    while let Some(seconds) = queue.lock().await.recv().await {
        sleep(Duration::from_secs(seconds)).await;
    }
}

/// Right: it is dropped at the semicolon.
async fn locked_in_a_let(queue: &Queue) {
    loop {
        let job = queue.lock().await.recv().await;
        let Some(seconds) = job else { return };
        sleep(Duration::from_secs(seconds)).await;
    }
}

async fn time_of_two(worker: impl AsyncFn(&Queue)) -> Duration {
    let (jobs, receiver) = mpsc::channel(4);
    (0..4).for_each(|_| jobs.try_send(1).expect("there is room for four"));
    drop(jobs);
    let (queue, start) = (Mutex::new(receiver), Instant::now());
    tokio::join!(worker(&queue), worker(&queue));
    start.elapsed()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn with_the_guard_in_while_let_two_workers_are_as_slow_as_one() {
        assert_eq!(time_of_two(locked_in_while_let).await, Duration::from_secs(4));
    }

    #[tokio::test(start_paused = true)]
    async fn with_the_guard_in_a_let_they_are_twice_as_fast() {
        assert_eq!(time_of_two(locked_in_a_let).await, Duration::from_secs(2));
    }

    /// In edition 2024. In older ones, an `else` is as the body.
    #[test]
    fn the_lock_is_held_in_a_body_and_free_behind_a_let_and_in_an_else() {
        let stack = std::sync::Mutex::new(vec![1, 2, 3, 4]);
        let lock = || stack.lock().unwrap();
        let is_free = || stack.try_lock().is_ok();
        let top = lock().pop();
        assert!(is_free() && top == Some(4));
        match lock().pop() {
            Some(top) => assert!(!is_free() && top == 3),
            None => unreachable!("there are three"),
        }
        while let Some(top) = lock().pop() {
            assert!(!is_free() && top < 3);
        }
        if let Some(top) = lock().pop() {
            unreachable!("{top} has been popped");
        } else {
            assert!(is_free());
        }
    }
}
