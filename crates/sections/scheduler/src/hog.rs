//! Deep dive 9.2 — One task that computes can stop every timer, though another worker is idle.
//!
//! To take to work: `cargo run -- copy bounded_blocking`.

use std::io::Result;
use std::sync::mpsc::{Receiver, channel};
use tokio::runtime::{Builder, Runtime};
use tokio::task::spawn_blocking;
use tokio::time::{Duration, Instant, sleep_until};

/// A timer wakes the hog when both workers have gone to sleep.
const HOG_WAKES: Duration = Duration::from_millis(200);
const VICTIM_IS_DUE: Duration = Duration::from_millis(300);
/// How long the hog computes, unless its victim runs earlier.
const HOG_TAKES: Duration = Duration::from_millis(500);

pub fn main() -> Result<()> {
    println!("a hog alone: the timer is {}", victim(&two_workers()?, alone)?);
    println!("spawn_blocking: the timer is {}", victim(&two_workers()?, on_the_pool)?);
    Ok(())
}

fn two_workers() -> Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_time().build()
}

/// Returns whether a timer fires while the hog computes.
fn victim<F>(runtime: &Runtime, hog: fn(Instant, Receiver<()>) -> F) -> Result<&'static str>
where
    F: Future<Output = Result<&'static str>> + Send + 'static,
{
    let (timer, fired) = channel();
    let start = Instant::now();
    runtime.spawn(async move {
        sleep_until(start + VICTIM_IS_DUE).await;
        // Too late: the hog has stopped waiting.
        let _ = timer.send(());
    });
    runtime.block_on(runtime.spawn(hog(start + HOG_WAKES, fired)))?
}

/// Stands for a computation: it keeps its thread.
fn compute(fired: Receiver<()>) -> &'static str {
    fired.recv_timeout(HOG_TAKES).map_or("late", |()| "on time")
}

/// The worker that polls the driver finds one task, and runs it: no need to wake another worker.
/// But now nobody polls the driver.
async fn alone(wakes: Instant, fired: Receiver<()>) -> Result<&'static str> {
    sleep_until(wakes).await;
    Ok(compute(fired))
}

/// Another thread computes, and the worker is free to poll the driver.
async fn on_the_pool(wakes: Instant, fired: Receiver<()>) -> Result<&'static str> {
    sleep_until(wakes).await;
    Ok(spawn_blocking(|| compute(fired)).await?)
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};
    use tokio::task::block_in_place;

    /// Two tasks in one poll of the driver: a second worker is woken, and polls the driver next.
    async fn one_more_woken(wakes: Instant, fired: Receiver<()>) -> Result<&'static str> {
        tokio::spawn(sleep_until(wakes));
        alone(wakes, fired).await
    }

    /// Hands everything this worker has, its turn at the driver too, to another thread.
    async fn in_place(wakes: Instant, fired: Receiver<()>) -> Result<&'static str> {
        sleep_until(wakes).await;
        Ok(block_in_place(|| compute(fired)))
    }

    /// Proves D-8-7, D-9-4, D-13-6, D-19-4.
    #[test]
    fn a_hog_stops_all_timers_although_a_worker_is_idle() {
        let start = std::time::Instant::now();
        assert_eq!(victim(&two_workers().unwrap(), alone).unwrap(), "late");
        assert!(start.elapsed() >= HOG_WAKES + HOG_TAKES);
    }

    /// Whether a socket has its event while the hog computes, which has written to its peer first.
    fn victim_at_a_socket(
        compute: impl FnOnce(Receiver<()>) -> &'static str + Send + 'static,
    ) -> &'static str {
        let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        let stream = listener.accept().unwrap().0;
        stream.set_nonblocking(true).unwrap();
        let (socket, fired) = channel();
        runtime.spawn(async move {
            let stream = tokio::net::TcpStream::from_std(stream).unwrap();
            stream.readable().await.unwrap();
            let _ = socket.send(());
        });
        let wakes = Instant::now() + HOG_WAKES;
        let hog = runtime.spawn(async move {
            sleep_until(wakes).await;
            peer.write_all(b"!").unwrap();
            compute(fired)
        });
        runtime.block_on(hog).unwrap()
    }

    /// Proves D-9-4.
    #[test]
    fn a_hog_stops_all_sockets_too_unless_it_blocks_in_place() {
        assert_eq!(victim_at_a_socket(compute), "late");
        assert_eq!(victim_at_a_socket(|fired| block_in_place(|| compute(fired))), "on time");
    }

    #[test]
    fn three_idle_workers_do_not_help_either() {
        let four = Builder::new_multi_thread().worker_threads(4).enable_time().build().unwrap();
        assert_eq!(victim(&four, alone).unwrap(), "late");
    }

    /// Proves D-9-4.
    #[test]
    fn a_second_task_in_the_same_turn_of_the_driver_wakes_a_second_worker() {
        assert_eq!(victim(&two_workers().unwrap(), one_more_woken).unwrap(), "on time");
    }

    /// Proves D-0-11, D-9-4, D-19-4.
    #[test]
    fn blocking_in_place_or_on_the_pool_leaves_the_driver_to_others() {
        assert_eq!(victim(&two_workers().unwrap(), in_place).unwrap(), "on time");
        assert_eq!(victim(&two_workers().unwrap(), on_the_pool).unwrap(), "on time");
    }

    /// Tokio itself offers this against it. It is unstable.
    /// Proves D-9-4.
    #[test]
    fn an_eager_handoff_of_the_driver_is_a_cure() {
        let mut builder = Builder::new_multi_thread();
        let eager = builder.worker_threads(2).enable_time().enable_eager_driver_handoff();
        assert_eq!(victim(&eager.build().unwrap(), alone).unwrap(), "on time");
    }
}
