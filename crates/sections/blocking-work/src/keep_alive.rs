//! Deep dive 9.2 — A thread of the blocking pool ends when it has been idle for ten seconds.
//!
//! It takes these ten seconds. `thread_keep_alive` sets another time.

use std::io;
use std::sync::mpsc::channel;
use std::time::{Duration, Instant};
use tokio::runtime::Builder;

pub fn main() -> io::Result<()> {
    let half_a_second = Duration::from_millis(500);
    let set = idle(Builder::new_current_thread().thread_keep_alive(half_a_second))?;
    println!("thread_keep_alive({half_a_second:?}): idle for {set:.1?}");
    println!("by default: idle for {:.1?}", idle(&mut Builder::new_current_thread())?);
    Ok(())
}

/// Returns how long the thread of a closure waits for another closure before it ends.
fn idle(builder: &mut Builder) -> io::Result<Duration> {
    let (log, ends) = channel();
    // Of this runtime only threads of the pool stop: the other one is ours.
    builder.on_thread_stop(move || {
        // Nobody listens to the threads that stop with the runtime.
        let _ = log.send(Instant::now());
    });
    let runtime = builder.build()?;
    let last_use = runtime.block_on(runtime.spawn_blocking(Instant::now))?;
    let end = ends.recv().expect("the runtime keeps the other half");
    Ok(end - last_use)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_idle_thread_ends_after_the_time_that_is_set_and_not_before() {
        for millis in [1, 50, 100] {
            let set = Duration::from_millis(millis);
            let idle = idle(Builder::new_current_thread().thread_keep_alive(set)).unwrap();
            assert!(idle >= set, "{idle:?}");
        }
    }
}
