//! Guide 9.3 — Two users on one thread hold a lock across `.await`: this program never ends.

use std::sync::Mutex;
use tokio::time::{Duration, sleep};

// `tokio::spawn` would reject these futures: the guard is not `Send`. `join!` accepts them.
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    eprintln!("This program hangs on purpose. Ctrl+C ends it.");
    let data = Mutex::new(Vec::new());
    tokio::join!(bad_user(1, &data), bad_user(2, &data));
    println!("{data:?}");
}

/// User 2 blocks the thread in `lock`, and only this thread could wake user 1 to unlock.
#[expect(clippy::await_holding_lock, reason = "the deadlock is the point")]
async fn bad_user(id: u32, data: &Mutex<Vec<u32>>) {
    println!("{id}: lock...");
    // Poisoned only if the other user panicked: then this one may as well.
    let mut lock = data.lock().unwrap();
    println!("{id}: locked");
    sleep(Duration::from_millis(10)).await;
    lock.push(id);
    println!("{id}: done");
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::rc::Rc;
    use tokio::task::LocalSet;
    use tokio::time::Instant;
    use utils::probe::{Ended, in_child};

    /// A hundred times what the program needs when it ends.
    const LIMIT: Duration = Duration::from_secs(2);

    fn hangs_in_the_lock_of_user_2(ended: &Ended) {
        assert!(ended.hung, "{ended:#?}");
        let evidence = "1: lock...\n1: locked\n2: lock...\n";
        assert!(ended.stdout.ends_with(evidence), "{ended:#?}");
    }

    /// Proves G-9.3-2, D-12-10, D-18-8.
    #[test]
    fn two_branches_of_a_join_deadlock() {
        let ended = in_child(LIMIT, || {
            main();
        });
        hangs_in_the_lock_of_user_2(&ended);
        assert!(ended.stderr.starts_with("This program hangs on purpose. Ctrl+C "), "{ended:#?}");
    }

    /// Proves G-9.3-2.
    #[test]
    fn two_local_tasks_deadlock() {
        let ended = in_child(LIMIT, || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            let tasks = LocalSet::new();
            let data = Rc::new(Mutex::new(Vec::new()));
            for id in [1, 2] {
                let data = data.clone();
                tasks.spawn_local(async move { bad_user(id, &data).await });
            }
            runtime.unwrap().block_on(tasks);
        });
        hangs_in_the_lock_of_user_2(&ended);
    }

    /// Proves G-9.3-2.
    #[tokio::test(start_paused = true)]
    async fn one_user_alone_does_not_deadlock() {
        let data = Mutex::new(Vec::new());
        bad_user(1, &data).await;
        assert_eq!(data.into_inner().unwrap(), [1]);
    }

    #[tokio::test(start_paused = true)]
    async fn with_the_lock_of_tokio_both_users_end() {
        let data = tokio::sync::Mutex::new(Vec::new());
        let user = async |id| {
            let mut lock = data.lock().await;
            sleep(Duration::from_millis(100)).await;
            lock.push(id);
        };
        let start = Instant::now();
        tokio::join!(user(1), user(2));
        assert_eq!(start.elapsed(), Duration::from_millis(200));
        assert_eq!(data.into_inner(), [1, 2]);
    }
}
