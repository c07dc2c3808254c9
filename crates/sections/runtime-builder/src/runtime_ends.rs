//! Deep dive 5.2 — A dropped runtime waits for the closures on its blocking pool, and for no task.

use std::future::pending;
use std::io;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// Does what `#[tokio::main]` does: drops its runtime when the body has ended.
pub fn main() -> io::Result<()> {
    println!("a runtime ends, with one closure that runs and two in its queue");
    println!("drop: {} are done", done_when_it_has(dropped)?);
    println!("shutdown_timeout: {} are done", done_when_it_has(timed_out)?);
    println!("shutdown_background: {} are done", done_when_it_has(in_background)?);
    Ok(())
}

/// The closures wait until it is dropped.
type Gate = Sender<()>;

/// Waits for all closures. The task never ends: it is dropped, and the gate with it.
fn dropped(runtime: Runtime, gate: Gate) -> Option<Gate> {
    runtime.spawn(async { (pending::<()>().await, gate) });
    drop(runtime);
    None
}

/// Returns at the limit, and what runs goes on, as long as the process does.
fn timed_out(runtime: Runtime, gate: Gate) -> Option<Gate> {
    runtime.shutdown_timeout(Duration::from_millis(1));
    Some(gate)
}

/// Returns at once.
fn in_background(runtime: Runtime, gate: Gate) -> Option<Gate> {
    runtime.shutdown_background();
    Some(gate)
}

fn done_when_it_has(ended: fn(Runtime, Gate) -> Option<Gate>) -> io::Result<usize> {
    let runtime = Builder::new_current_thread().max_blocking_threads(1).build()?;
    let (gate, opens) = channel();
    let (opens, (starts, started)) = (Arc::new(Mutex::new(opens)), channel());
    let (done, results) = channel();
    for _ in 0..3 {
        let (done, opens, starts) = (done.clone(), Arc::clone(&opens), starts.clone());
        runtime.spawn_blocking(move || {
            // Nobody hears of it any more, if the runtime was not dropped.
            let _ = starts.send(());
            let _ = opens.lock().map(|opens| opens.recv());
            done.send(())
        });
    }
    started.recv().map_err(io::Error::other)?;
    let held = ended(runtime, gate);
    let done = results.try_iter().count();
    drop(held);
    Ok(done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_drop_waits_for_all_closures_even_for_those_in_the_queue() {
        assert_eq!(done_when_it_has(dropped).unwrap(), 3);
    }

    #[test]
    fn a_shutdown_does_not() {
        assert_eq!(done_when_it_has(timed_out).unwrap(), 0);
        assert_eq!(done_when_it_has(in_background).unwrap(), 0);
    }

    /// Tokio does not promise it of those that have not begun: its thread looks into the queue before
    /// it looks whether the runtime has ended.
    #[test]
    fn closures_go_on_after_a_shutdown_while_the_process_lives() {
        let runtime = Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
        let (done, results) = channel();
        let (gate, opens) = channel::<()>();
        runtime.spawn_blocking(move || opens.recv());
        for _ in 0..2 {
            let done = done.clone();
            runtime.spawn_blocking(move || done.send(()));
        }
        drop((in_background(runtime, gate), done));
        assert_eq!(results.iter().count(), 2);
    }

    #[test]
    fn what_is_spawned_after_the_end_never_runs() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let handle = runtime.handle().clone();
        drop(runtime);
        let other = Builder::new_current_thread().build().unwrap();
        let late = handle.spawn_blocking(|| unreachable!("the pool has ended"));
        assert!(other.block_on(late).unwrap_err().is_cancelled());
        let late = handle.spawn(async { unreachable!("the scheduler has ended") });
        assert!(other.block_on(late).unwrap_err().is_cancelled());
    }

    /// At the `.await` where it waits, however the runtime ends.
    #[test]
    fn a_task_is_dropped_in_each_way() {
        for ended in [dropped, timed_out, in_background] {
            let (alive, is_dropped) = channel::<()>();
            let runtime = Builder::new_current_thread().build().unwrap();
            runtime.spawn(async move { (pending::<()>().await, alive) });
            runtime.block_on(tokio::task::yield_now());
            ended(runtime, channel().0);
            is_dropped.recv().unwrap_err();
        }
    }
}
