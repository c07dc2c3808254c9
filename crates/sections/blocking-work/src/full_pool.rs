//! Deep dive 16.2 — A full blocking pool stops files and host names too, but no timer.

use std::io;
use std::sync::mpsc;
use tokio::net::lookup_host;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;
use tokio::time::{Duration, timeout};

pub fn main() -> io::Result<()> {
    println!("1 thread: {}", beside_a_closure(1, Duration::from_millis(20))?);
    println!("2 threads: {}", beside_a_closure(2, Duration::from_secs(5))?);
    Ok(())
}

/// Returns what still answers while one closure holds a thread of the pool.
fn beside_a_closure(threads: usize, patience: Duration) -> io::Result<String> {
    let mut builder = Builder::new_current_thread();
    let runtime = builder.max_blocking_threads(threads).enable_all().build()?;
    runtime.block_on(async {
        let (release, released) = mpsc::channel::<()>();
        let closure = spawn_blocking(move || released.recv());
        let file = answer(patience, tokio::fs::metadata(".")).await;
        let name = answer(patience, lookup_host("localhost:80")).await;
        drop(release);
        // It has received nothing, which is no error here; a panic is one.
        let _ = closure.await?;
        Ok(format!("file {file}, host name {name}"))
    })
}

/// A timer runs beside the call: only it can tell that the call waits.
async fn answer<T>(patience: Duration, call: impl Future<Output = io::Result<T>>) -> &'static str {
    match timeout(patience, call).await {
        Ok(Ok(_)) => "found",
        Ok(Err(_)) => "failed",
        Err(_) => "waits",
    }
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::runtime::Runtime;
    use tokio::sync::Semaphore;
    use utils::probe::Polls;

    fn pool_of(threads: usize) -> Runtime {
        let mut builder = Builder::new_current_thread();
        builder.max_blocking_threads(threads).enable_all().build().unwrap()
    }

    /// Proves D-16-4.
    #[test]
    fn files_and_host_names_wait_for_a_pool_that_is_full() {
        let answers = beside_a_closure(1, Duration::from_millis(20)).unwrap();
        assert_eq!(answers, "file waits, host name waits");
    }

    /// Proves D-16-4.
    #[test]
    fn one_thread_more_answers_both() {
        let answers = beside_a_closure(2, Duration::from_secs(60)).unwrap();
        assert_eq!(answers, "file found, host name found");
    }

    /// That both are closures of this pool, not merely slow.
    /// Proves D-9-10.
    #[test]
    fn a_file_and_a_host_name_are_one_closure_each() {
        let runtime = pool_of(1);
        runtime.block_on(async {
            let (release, released) = mpsc::channel::<()>();
            let (started, start) = mpsc::channel();
            let closure = spawn_blocking(move || {
                started.send(()).unwrap();
                released.recv()
            });
            start.recv().unwrap();
            let mut calls = tokio::task::JoinSet::new();
            calls.spawn(async { tokio::fs::metadata(".").await.is_ok() });
            calls.spawn(async { lookup_host("localhost:80").await.is_ok() });
            tokio::task::yield_now().await;
            assert_eq!(runtime.metrics().blocking_queue_depth(), 2);

            drop(release);
            assert_eq!(calls.join_all().await, [true, true]);
            closure.await.unwrap().unwrap_err();
        });
    }

    /// Numbers need no resolver, and so no thread.
    #[tokio::test]
    async fn an_address_in_numbers_is_ready_at_once() {
        let polls = Polls::new();
        let mut found = polls.of(lookup_host("127.0.0.1:80")).await.unwrap();
        assert_eq!(found.next().unwrap().port(), 80);
        assert_eq!(polls.count(), 1);
    }

    /// The third remedy: the permits, not the pool, make the closures wait.
    /// Proves D-16-4.
    #[test]
    fn fewer_permits_than_threads_leave_a_thread_to_files() {
        let runtime = pool_of(2);
        runtime.block_on(async {
            let permits = Arc::new(Semaphore::new(1));
            let (release, released) = mpsc::channel::<()>();
            let released = Arc::new(std::sync::Mutex::new(released));
            let mut callers = tokio::task::JoinSet::new();
            for _ in 0..100 {
                let (permits, released) = (permits.clone(), released.clone());
                callers.spawn(async move {
                    let permit = permits.acquire_owned().await.unwrap();
                    spawn_blocking(move || {
                        let _permit = permit;
                        released.lock().unwrap().recv().unwrap_err();
                    })
                    .await
                    .unwrap();
                });
            }
            tokio::task::yield_now().await;
            assert_eq!(permits.available_permits(), 0);
            assert_eq!(callers.len(), 100);
            assert!(tokio::fs::metadata(".").await.is_ok());
            drop(release);
            callers.join_all().await;
        });
    }
}
