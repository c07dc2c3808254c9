//! Deep dive 10.5 — A `Drop` that calls `block_on` panics in a task, and aborts if that unwinds already.
//!
//! To take to work: `cargo run -- copy tracked_cleanup`.

use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use tokio::runtime::Handle;
use tokio::task::spawn_blocking;
use tokio::time::{Duration, sleep};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> anyhow::Result<()> {
    // One drop panics, and the default hook would print a thread number.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let in_task = dropped(Connection { is_open: true });
    set_hook(hook);
    println!("dropped in a task: {in_task}");

    // Luck: that thread is one that may block.
    let on_pool = spawn_blocking(|| dropped(Connection { is_open: true })).await?;
    println!("dropped on the blocking pool: {on_pool}");

    // Right: it is closed where one can await.
    let mut connection = Connection { is_open: true };
    connection.close().await;
    println!("closed, then dropped: {}", dropped(connection));
    Ok(())
}

struct Connection {
    is_open: bool,
}

impl Connection {
    async fn close(&mut self) {
        sleep(Duration::from_millis(1)).await;
        self.is_open = false;
    }
}

/// Wrong: nobody chooses where a `drop` is called.
impl Drop for Connection {
    fn drop(&mut self) {
        if self.is_open {
            Handle::current().block_on(self.close());
        }
    }
}

fn dropped(connection: Connection) -> &'static str {
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(connection)));
    if dropped.is_ok() { "ok" } else { "it panics" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::runtime::Builder;
    use utils::probe::in_child;

    fn open() -> Connection {
        Connection { is_open: true }
    }

    #[tokio::test]
    async fn in_a_task_the_drop_panics_and_on_the_blocking_pool_it_does_not() {
        assert_eq!(dropped(open()), "it panics");
        assert_eq!(spawn_blocking(|| dropped(open())).await.unwrap(), "ok");
    }

    #[tokio::test]
    async fn after_close_there_is_nothing_left_to_do() {
        let mut connection = open();
        connection.close().await;
        assert_eq!(dropped(connection), "ok");
    }

    /// The panic of a task is an error in its handle, but not one that comes out of a `drop` while
    /// the task unwinds: that ends the process.
    #[test]
    fn a_task_that_panics_with_an_open_connection_aborts_the_process() {
        let ended = in_child(Duration::from_secs(60), || {
            let runtime = Builder::new_current_thread().enable_time().build().unwrap();
            let task = runtime.spawn(async {
                let _connection = open();
                panic!("the request was wrong");
            });
            println!("the handle has {:?}", runtime.block_on(task));
        });
        assert!(!ended.status.success() && !ended.hung, "{ended:#?}");
        assert!(!ended.stdout.contains("the handle has"), "{ended:#?}");
        assert!(ended.stderr.contains("panic in a destructor during cleanup"), "{ended:#?}");
    }

    /// As at the end of `main`, where there is no runtime any more.
    #[test]
    #[should_panic = "there is no reactor running"]
    fn outside_a_runtime_it_panics_too() {
        drop(open());
    }
}
