//! Deep dive 6.3 — A worker that always has tasks polls the driver every 61st tick.

use std::future::poll_fn;
use std::io::Result;
use std::sync::mpsc::channel;
use std::task::Poll;
use tokio::runtime::Builder;
use tokio::task::yield_now;

pub fn main() -> Result<()> {
    let by_default = Builder::new_multi_thread();
    println!("between two polls of the driver: {:?} ticks", driver_gaps(by_default)?);
    let mut often = Builder::new_multi_thread();
    often.event_interval(10);
    println!("event_interval(10): {:?} ticks", driver_gaps(often)?);
    Ok(())
}

/// A task that yields comes back after the next poll of the driver: so one can see it from outside.
fn driver_gaps(mut builder: Builder) -> Result<Vec<usize>> {
    let runtime = builder.worker_threads(1).build()?;
    let (log, order) = channel();
    runtime.spawn(async move {
        let busy = log.clone();
        tokio::spawn(async move {
            for _ in 0..400 {
                busy.send("busy").expect("the list outlives the tasks");
                wake_itself().await;
            }
        });
        for _ in 0..5 {
            log.send("driver").expect("the list outlives the tasks");
            yield_now().await;
        }
    });
    let order: Vec<_> = order.iter().collect();
    // The first was spawned, not woken. The tick of the second depends on when that was.
    let polls: Vec<_> = (0..order.len()).filter(|&at| order[at] == "driver").skip(1).collect();
    Ok(polls.windows(2).map(|pair| pair[1] - pair[0]).collect())
}

/// Ready again at once: it only goes to the back of the queue, and the worker never runs dry.
async fn wake_itself() {
    let mut woken = false;
    poll_fn(|cx| {
        if woken {
            return Poll::Ready(());
        }
        woken = true;
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    /// Proves D-6-7, D-6-9.
    #[test]
    fn a_busy_worker_polls_the_driver_every_61st_tick() {
        assert_eq!(driver_gaps(Builder::new_multi_thread()).unwrap(), [61; 3]);
    }

    /// Its byte is there at once, in the kernel; the event comes with the next poll of the driver.
    /// Proves D-6-7, D-6-9.
    #[cfg(unix)] // its pair of sockets is Unix's
    #[test]
    fn beside_a_busy_task_a_socket_has_an_event_every_61st_tick() {
        use std::io::Write;
        use std::task::Context;
        use utils::probe::CountingWaker;

        let runtime = Builder::new_multi_thread().worker_threads(1).enable_io().build().unwrap();
        let gaps = runtime.spawn(async {
            let (stream, mut peer) = std::os::unix::net::UnixStream::pair().unwrap();
            stream.set_nonblocking(true).unwrap();
            let stream = tokio::net::UnixStream::from_std(stream).unwrap();
            let mut gaps = Vec::new();
            for _ in 0..4 {
                while stream.try_read(&mut [0; 8]).is_ok() {}
                let (events, waker) = CountingWaker::new();
                assert!(stream.poll_read_ready(&mut Context::from_waker(&waker)).is_pending());
                peer.write_all(b"!").unwrap();
                let mut ticks = 0;
                while events.wakes() == 0 {
                    wake_itself().await;
                    ticks += 1;
                }
                gaps.push(ticks);
            }
            gaps
        });
        // The first byte is written at some tick, the others right after an event.
        assert_eq!(runtime.block_on(gaps).unwrap()[1..], [61; 3]);
    }

    /// Proves D-6-9.
    #[test]
    fn the_event_interval_is_a_setting() {
        for interval in [2, 10, 99] {
            let mut builder = Builder::new_multi_thread();
            builder.event_interval(interval);
            assert_eq!(driver_gaps(builder).unwrap(), [interval as usize; 3]);
        }
    }

    /// Proves D-6-10.
    #[test]
    fn a_worker_without_work_goes_to_sleep_once() {
        let (log, parks) = channel();
        let runtime = Builder::new_multi_thread()
            .worker_threads(2)
            .on_thread_park(move || log.send(()).unwrap())
            .build()
            .unwrap();
        assert_eq!([parks.recv(), parks.recv()], [Ok(()); 2]);
        assert!(parks.recv_timeout(Duration::from_millis(50)).is_err(), "it woke without a reason");
        drop(runtime);
    }
}
