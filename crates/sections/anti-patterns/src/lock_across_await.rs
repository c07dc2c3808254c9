//! Guide 9.3 — Tasks that hold a lock across `.await` take turns; tasks that lock after it do not.

use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() {
    println!("good_shared_state: {:?}", good_shared_state().await);
    println!("best_shared_state: {:?}", best_shared_state().await);
}

/// Takes 2 s: the second user waits for the lock while the first one sleeps.
///
/// The guard of `tokio::sync::Mutex` is `Send` and waiting for it is an `.await`, so nothing
/// deadlocks. It is the right lock only if the operation itself needs what it protects.
async fn good_shared_state() -> Vec<i32> {
    let data = Arc::new(tokio::sync::Mutex::new(Vec::new()));
    let user = async |data: Arc<tokio::sync::Mutex<Vec<i32>>>| {
        let mut lock = data.lock().await;
        sleep(Duration::from_secs(1)).await;
        lock.push(42);
    };
    (0..2).map(|_| user(data.clone())).collect::<JoinSet<_>>().join_all().await;
    data.lock().await.clone()
}

/// Takes 1 s: both users sleep at once, and each then holds the lock for one `push`.
async fn best_shared_state() -> Vec<i32> {
    let data = Arc::new(Mutex::new(Vec::new()));
    let user = async |data: Arc<Mutex<Vec<i32>>>| {
        sleep(Duration::from_secs(1)).await;
        // Locked and unlocked in one statement. Poisoned only if another user's `push` panicked.
        data.lock().unwrap().push(42);
    };
    (0..2).map(|_| user(data.clone())).collect::<JoinSet<_>>().join_all().await;
    data.lock().unwrap().clone()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::time::{Instant, timeout};

    /// Proves G-9.3-3, G-9.3-4, G-9.3-7, D-12-10.
    #[tokio::test(start_paused = true)]
    async fn users_of_a_lock_held_across_await_take_turns() {
        let start = Instant::now();
        assert_eq!(good_shared_state().await, [42, 42]);
        assert_eq!(start.elapsed(), Duration::from_secs(2));
    }

    /// Proves G-9.3-4, G-9.3-7, D-12-10.
    #[tokio::test(start_paused = true)]
    async fn users_who_lock_after_the_await_run_together() {
        let start = Instant::now();
        assert_eq!(best_shared_state().await, [42, 42]);
        assert_eq!(start.elapsed(), Duration::from_secs(1));
    }

    /// The document's functions return before their task has pushed anything.
    /// Proves G-9.3-6.
    #[tokio::test(start_paused = true)]
    async fn a_detached_user_has_pushed_nothing_yet() {
        let data = Arc::new(Mutex::new(Vec::new()));
        let best = tokio::spawn({
            let data = data.clone();
            async move {
                sleep(Duration::from_secs(1)).await;
                data.lock().unwrap().push(42);
            }
        });
        assert_eq!(*data.lock().unwrap(), []);
        best.await.unwrap();
        assert_eq!(*data.lock().unwrap(), [42]);

        let data = Arc::new(tokio::sync::Mutex::new(Vec::new()));
        let good = tokio::spawn({
            let data = data.clone();
            async move {
                let mut lock = data.lock().await;
                sleep(Duration::from_secs(1)).await;
                lock.push(42);
            }
        });
        assert_eq!(*data.try_lock().unwrap(), []);
        good.await.unwrap();
        assert_eq!(*data.lock().await, [42]);
    }

    /// Proves G-9.3-3.
    #[tokio::test(start_paused = true)]
    async fn locking_a_tokio_mutex_twice_in_one_task_hangs() {
        let data = tokio::sync::Mutex::new(());
        let start = Instant::now();
        let twice = timeout(Duration::from_secs(3600), async {
            let _first = data.lock().await;
            let _second = data.lock().await;
        });
        twice.await.unwrap_err();
        assert_eq!(start.elapsed(), Duration::from_secs(3600));
    }

    #[tokio::test]
    async fn a_panic_poisons_the_lock_of_std_and_not_that_of_tokio() {
        let of_std = Arc::new(Mutex::new(0));
        let of_tokio = Arc::new(tokio::sync::Mutex::new(0));
        let holder = tokio::spawn({
            let (of_std, of_tokio) = (of_std.clone(), of_tokio.clone());
            async move {
                let _of_tokio = of_tokio.lock().await;
                let _of_std = of_std.lock().unwrap();
                panic!("on purpose");
            }
        });
        assert!(holder.await.unwrap_err().is_panic());
        assert!(of_std.is_poisoned());
        assert_eq!(*of_tokio.lock().await, 0);
    }

    /// That it compiles is the test: `drop` moves a guard that nobody has borrowed. After a use it
    /// would not, as `tests/ui/anti-patterns/drop_before_await` shows.
    /// Proves D-12-10.
    #[tokio::test]
    async fn a_guard_dropped_unused_may_stand_before_an_await() {
        let data = Arc::new(Mutex::new(42));
        let user = tokio::spawn(async move {
            let lock = data.lock().unwrap();
            drop(lock);
            tokio::task::yield_now().await;
            *data.lock().unwrap()
        });
        assert_eq!(user.await.unwrap(), 42);
    }

    /// That it compiles is the test. Edition 2021 kept the guard until the end of the `else`.
    /// Proves G-9.3-5.
    #[tokio::test]
    async fn an_else_may_await_what_the_condition_locked() {
        let data = Arc::new(Mutex::new(Vec::<i32>::new()));
        let user = tokio::spawn(async move {
            if let Some(first) = data.lock().unwrap().first() {
                *first
            } else {
                tokio::task::yield_now().await;
                42
            }
        });
        assert_eq!(user.await.unwrap(), 42);
    }
}
