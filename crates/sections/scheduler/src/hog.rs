//! Deep dive 9.2 — One task that computes can stop every timer, though another worker is idle.

use std::io::Result;
use std::sync::mpsc::{Receiver, channel};
use tokio::runtime::{Builder, Runtime};
use tokio::task::{block_in_place, spawn_blocking};
use tokio::time::{Duration, Instant, sleep_until};

/// A timer wakes the hog at 200 ms, when both workers have gone to sleep.
const HOG_WAKES: Duration = Duration::from_millis(200);
/// The timer of the victim.
const VICTIM_IS_DUE: Duration = Duration::from_millis(300);
/// How long the hog computes, unless its victim runs earlier.
const HOG_TAKES: Duration = Duration::from_millis(500);

pub fn main() -> Result<()> {
    println!("a hog alone: the timer is {}", victim(&two_workers()?, alone)?);
    println!("woken with one more task: the timer is {}", victim(&two_workers()?, one_more_woken)?);
    println!("block_in_place: the timer is {}", victim(&two_workers()?, in_place)?);
    println!("spawn_blocking: the timer is {}", victim(&two_workers()?, on_the_pool)?);
    Ok(())
}

fn two_workers() -> Result<Runtime> {
    Builder::new_multi_thread().worker_threads(2).enable_time().build()
}

/// Whether a timer fires while the hog computes.
fn victim<F>(runtime: &Runtime, hog: impl FnOnce(Hog) -> F) -> Result<&'static str>
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
    runtime.block_on(runtime.spawn(hog(Hog { wakes: start + HOG_WAKES, fired })))?
}

struct Hog {
    wakes: Instant,
    fired: Receiver<()>,
}

impl Hog {
    /// Stands for a computation: it keeps its thread.
    fn compute(self) -> &'static str {
        self.fired.recv_timeout(HOG_TAKES).map_or("late", |()| "on time")
    }
}

/// The worker that polls the driver finds one task, and runs it: no need to wake another worker.
/// But now nobody polls the driver.
async fn alone(hog: Hog) -> Result<&'static str> {
    sleep_until(hog.wakes).await;
    Ok(hog.compute())
}

/// Two tasks in one poll of the driver: a second worker is woken, and polls the driver next.
async fn one_more_woken(hog: Hog) -> Result<&'static str> {
    tokio::spawn(sleep_until(hog.wakes));
    alone(hog).await
}

/// Hands everything this worker has, its turn at the driver too, to another thread.
async fn in_place(hog: Hog) -> Result<&'static str> {
    sleep_until(hog.wakes).await;
    Ok(block_in_place(|| hog.compute()))
}

async fn on_the_pool(hog: Hog) -> Result<&'static str> {
    sleep_until(hog.wakes).await;
    Ok(spawn_blocking(|| hog.compute()).await?)
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use std::io::Write;
    use std::net::{TcpListener, TcpStream};

    /// Proves D-8-7, D-9-4, D-13-6, D-19-4.
    #[test]
    fn a_hog_stops_all_timers_although_a_worker_is_idle() {
        let start = std::time::Instant::now();
        assert_eq!(victim(&two_workers().unwrap(), alone).unwrap(), "late");
        assert!(start.elapsed() >= HOG_WAKES + HOG_TAKES);
    }

    /// Whether a socket has its event while the hog computes, which has written to its peer first.
    fn victim_at_a_socket(
        compute: impl FnOnce(Hog) -> &'static str + Send + 'static,
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
        let hog = Hog { wakes: Instant::now() + HOG_WAKES, fired };
        let hog = runtime.spawn(async move {
            sleep_until(hog.wakes).await;
            peer.write_all(b"!").unwrap();
            compute(hog)
        });
        runtime.block_on(hog).unwrap()
    }

    /// Proves D-9-4.
    #[test]
    fn a_hog_stops_all_sockets_too_unless_it_blocks_in_place() {
        assert_eq!(victim_at_a_socket(Hog::compute), "late");
        assert_eq!(victim_at_a_socket(|hog| block_in_place(|| hog.compute())), "on time");
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

    /// What Tokio itself offers against it. It is unstable.
    /// Proves D-9-4.
    #[test]
    fn an_eager_handoff_of_the_driver_is_a_cure() {
        let mut builder = Builder::new_multi_thread();
        let eager = builder.worker_threads(2).enable_time().enable_eager_driver_handoff();
        assert_eq!(victim(&eager.build().unwrap(), alone).unwrap(), "on time");
    }
}
