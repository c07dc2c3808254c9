//! Deep dive 9.2 — A closure that runs can only stop itself: it checks a flag between two pieces.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use tokio::task::{JoinError, spawn_blocking};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    let stop = Arc::new(AtomicBool::new(false));
    let closure = spawn_blocking({
        let stop = Arc::clone(&stop);
        move || work_until(&stop)
    });
    // It carries no other data: `Relaxed` is enough.
    stop.store(true, Ordering::Relaxed);
    println!("running, asked: {}", closure.await?);
    Ok(())
}

/// Stands for work without an end of its own, in pieces.
fn work_until(stop: &AtomicBool) -> &'static str {
    while !stop.load(Ordering::Relaxed) {
        thread::yield_now();
    }
    "stopped"
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    /// It runs by the time it is asked, which `abort` would be too late for.
    #[tokio::test]
    async fn a_closure_that_runs_stops_when_asked_and_not_when_aborted() {
        let (stop, (started, start)) = (Arc::new(AtomicBool::new(false)), mpsc::channel());
        let closure = spawn_blocking({
            let stop = Arc::clone(&stop);
            move || {
                started.send(()).unwrap();
                work_until(&stop)
            }
        });
        start.recv().unwrap();
        closure.abort();
        assert!(!closure.is_finished());
        stop.store(true, Ordering::Relaxed);
        assert_eq!(closure.await.unwrap(), "stopped");
    }
}
