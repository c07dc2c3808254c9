//! Deep dive 5.3 — `spawn` needs `Send` on every runtime; `spawn_local` never does.

use std::cell::Cell;
use std::io;
use std::rc::Rc;
use tokio::runtime::{Builder, LocalRuntime};
use tokio::task::{JoinSet, LocalSet, yield_now};

pub fn main() -> io::Result<()> {
    let runtime = Builder::new_current_thread().build()?;
    println!("LocalSet: {} visits", LocalSet::new().block_on(&runtime, visits()));
    println!("LocalRuntime: {} visits", LocalRuntime::new()?.block_on(visits()));
    println!("flavor = \"local\": {} visits", by_the_macro());
    Ok(())
}

#[tokio::main(flavor = "local")]
async fn by_the_macro() -> u32 {
    visits().await
}

/// Three tasks count in one cell: no `Arc`, no lock, no atomic.
///
/// Panics where no thread is fixed for the tasks: outside a `LocalSet` and a `LocalRuntime`.
async fn visits() -> u32 {
    let visits = Rc::new(Cell::new(0));
    let mut visitors = JoinSet::new();
    for _ in 0..3 {
        let visits = Rc::clone(&visits);
        visitors.spawn_local(async move {
            // The `Rc` is alive across an `.await`, which is what `spawn` refuses.
            yield_now().await;
            visits.set(visits.get() + 1);
        });
    }
    visitors.join_all().await;
    visits.get()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;
    use tokio::task::{spawn_blocking, spawn_local};

    /// Proves D-5-4.
    #[test]
    fn a_local_set_a_local_runtime_and_the_macro_run_tasks_that_are_not_send() {
        let runtime = Builder::new_current_thread().build().unwrap();
        assert_eq!(LocalSet::new().block_on(&runtime, visits()), 3);
        assert_eq!(LocalRuntime::new().unwrap().block_on(visits()), 3);
        assert_eq!(by_the_macro(), 3);
    }

    /// A set is local wherever it is awaited: many workers do not touch its tasks.
    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    async fn inside_a_local_set_tasks_stay_on_one_thread_of_many() {
        let caller = thread::current().id();
        let task = async move {
            for _ in 0..100 {
                assert_eq!(thread::current().id(), caller);
                yield_now().await;
            }
        };
        LocalSet::new().run_until(async { spawn_local(task).await.unwrap() }).await;
    }

    #[tokio::test]
    #[should_panic = "`spawn_local` called from outside of a `task::LocalSet` or `runtime::LocalRuntime`"]
    async fn one_thread_is_not_enough_for_spawn_local() {
        // `#[tokio::test]` has one thread, and is no local runtime.
        let _unreached = visits().await;
    }

    /// A value that leaves the thread still has to be `Send`: only `spawn_local` is different.
    #[test]
    fn the_blocking_pool_of_a_local_runtime_is_on_other_threads() {
        let other = LocalRuntime::new().unwrap().block_on(async {
            let here = thread::current().id();
            spawn_blocking(move || thread::current().id() != here).await
        });
        assert!(other.unwrap());
    }

    #[test]
    fn a_local_set_that_nobody_awaits_runs_nothing() {
        let ran = Rc::new(Cell::new(false));
        let runtime = Builder::new_current_thread().build().unwrap();
        let set = LocalSet::new();
        set.spawn_local({
            let ran = Rc::clone(&ran);
            async move { ran.set(true) }
        });
        runtime.block_on(async {
            for _ in 0..100 {
                yield_now().await;
            }
        });
        assert!(!ran.get());
        runtime.block_on(set);
        assert!(ran.get());
    }
}
