//! Guide FAQ Q4 — A task-local value follows `.await` and `join!`; a spawned task starts without it.

use tokio::task::{JoinError, spawn_blocking};

tokio::task_local! {
    static REQUEST: u32;
}

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    REQUEST.scope(7, in_all_ways()).await
}

async fn in_all_ways() -> Result<(), JoinError> {
    println!("awaited: {:?}", request().await);
    println!("joined: {:?}", tokio::join!(request(), request()));
    println!("spawned: {:?}", tokio::spawn(request()).await?);
    println!("on the blocking pool: {:?}", spawn_blocking(here).await?);

    let with_it = REQUEST.scope(REQUEST.get(), request());
    println!("spawned with a scope of its own: {:?}", tokio::spawn(with_it).await?);
    let id = REQUEST.get();
    let with_it = move || REQUEST.sync_scope(id, here);
    println!("on the blocking pool with one: {:?}", spawn_blocking(with_it).await?);
    Ok(())
}

/// Reads the value at any depth: no function in between has an argument for it.
async fn request() -> Option<u32> {
    here()
}

/// `REQUEST.with(…)` and `REQUEST.get()` panic where there is no value.
fn here() -> Option<u32> {
    REQUEST.try_with(|id| *id).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::task::JoinSet;

    #[tokio::test]
    async fn it_follows_await_and_join() {
        let both = async { (request().await, tokio::join!(request(), request())) };
        let expected = (Some(7), (Some(7), Some(7)));
        assert_eq!(REQUEST.scope(7, both).await, expected);
    }

    #[tokio::test]
    async fn no_kind_of_spawn_takes_it_along() {
        let spawned = async {
            let mut set = JoinSet::new();
            set.spawn(request());
            set.spawn_blocking(here);
            set.join_all().await
        };
        assert_eq!(REQUEST.scope(7, spawned).await, [None, None]);
        let spawned = async { tokio::spawn(request()).await.unwrap() };
        assert_eq!(REQUEST.scope(7, spawned).await, None);
    }

    #[tokio::test]
    async fn a_scope_around_the_spawned_future_does() {
        let spawned =
            async { tokio::spawn(REQUEST.scope(REQUEST.get(), request())).await.unwrap() };
        assert_eq!(REQUEST.scope(7, spawned).await, Some(7));
    }

    /// Inner scopes hide outer ones, and two at once do not mix.
    #[tokio::test]
    async fn each_future_has_its_own() {
        let one = REQUEST.scope(1, async {
            tokio::task::yield_now().await;
            request().await
        });
        let two = REQUEST.scope(2, REQUEST.scope(3, request()));
        assert_eq!(tokio::join!(one, two), (Some(1), Some(3)));
    }

    #[tokio::test]
    #[should_panic = "cannot access a task-local storage value without setting it first"]
    async fn get_panics_where_there_is_none() {
        REQUEST.get();
    }
}
