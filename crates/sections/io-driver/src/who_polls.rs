//! Deep dive 7.4 — There is no I/O thread: while no worker is free, no event reaches any task.

use std::io::{Result, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::task::{Context, Wake, Waker};
use std::time::Duration;
use std::{net, thread};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};

pub fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let mut builder = Builder::new_multi_thread();
    let runtime = builder.worker_threads(1).thread_name("worker").enable_io().build()?;
    let ((stream, mut peer), (other, mut other_peer)) = (pair(&runtime)?, pair(&runtime)?);
    let wakes = wait(&stream);
    peer.write_all(b"!")?;
    println!("the worker is idle: woken by {}", wakes.recv()?);

    let ((starts, started), (release, released)) = (channel(), channel::<()>());
    // The worker sends, and then blocks on purpose until the release is dropped.
    runtime.spawn(async move { starts.send(()).map(|()| released.recv()) });
    started.recv()?;
    let wakes = wait(&other);
    other_peer.write_all(b"!")?;
    let caller = wakes.recv_timeout(Duration::from_millis(50)).unwrap_or("nobody".into());
    println!("the worker is busy: woken by {caller}");
    drop(release);
    println!("the worker is free: woken by {}", wakes.recv()?);
    Ok(())
}

/// Registers a waker with a socket that has nothing to read.
fn wait(stream: &TcpStream) -> Receiver<String> {
    let (log, wakes) = channel();
    let waker = Waker::from(Arc::new(Caller(log)));
    assert!(stream.poll_read_ready(&mut Context::from_waker(&waker)).is_pending());
    wakes
}

/// Logs the thread that calls it, which is the one that has polled the driver.
struct Caller(Sender<String>);

impl Wake for Caller {
    fn wake(self: Arc<Self>) {
        // When the runtime shuts down it wakes once more, and nobody listens.
        let _ = self.0.send(thread::current().name().unwrap_or("unnamed").to_string());
    }
}

fn pair(runtime: &Runtime) -> Result<(TcpStream, net::TcpStream)> {
    let listener = net::TcpListener::bind("127.0.0.1:0")?;
    let peer = net::TcpStream::connect(listener.local_addr()?)?;
    let (stream, _) = listener.accept()?;
    stream.set_nonblocking(true)?;
    // Registering needs a driver to register with.
    let _context = runtime.enter();
    Ok((TcpStream::from_std(stream)?, peer))
}

#[cfg(test)]
#[cfg(tokio_unstable)] // asks Tokio for what it has with this flag only
mod tests {
    use super::*;
    use std::future::poll_fn;
    use std::task::Poll;
    use tokio::task::yield_now;
    use utils::probe::CountingWaker;

    /// Far longer than a wake-up takes, where somebody polls.
    const LONG: Duration = Duration::from_millis(50);
    /// Only a wake-up that never comes takes so long.
    const WATCHDOG: Duration = Duration::from_secs(60);

    /// Proves D-7-4.
    #[test]
    fn readiness_is_what_the_driver_has_noted_not_what_the_socket_holds() {
        let runtime = Builder::new_current_thread().enable_io().build().unwrap();
        let (stream, mut peer) = pair(&runtime).unwrap();
        peer.write_all(b"hello\n").unwrap();
        let (counter, waker) = CountingWaker::new();
        let mut cx = Context::from_waker(&waker);
        for _ in 0..10 {
            assert!(stream.poll_read_ready(&mut cx).is_pending());
            assert!(stream.try_read(&mut [0; 64]).is_err());
        }
        assert_eq!(counter.wakes(), 0);
        runtime.block_on(yield_now());
        assert_eq!(counter.wakes(), 1);
        assert_eq!(stream.try_read(&mut [0; 64]).unwrap(), 6);
    }

    /// One event for one message, and none for a driver that is polled in vain.
    #[test]
    fn the_driver_counts_its_events() {
        let runtime = Builder::new_current_thread().enable_io().build().unwrap();
        let events = || runtime.metrics().io_driver_ready_count();
        let (stream, mut peer) = pair(&runtime).unwrap();
        peer.write_all(b"hello\n").unwrap();
        assert_eq!(events(), 0);
        runtime.block_on(stream.readable()).unwrap();
        assert_eq!(events(), 1);
        runtime.block_on(async {
            for _ in 0..1000 {
                yield_now().await;
            }
        });
        assert_eq!(events(), 1);
    }

    fn one_named_worker() -> Runtime {
        let mut builder = Builder::new_multi_thread();
        builder.worker_threads(1).thread_name("worker").enable_io().build().unwrap()
    }

    /// Proves D-0-5, D-7-5, D-18-5.
    #[test]
    fn the_worker_polls_and_not_the_thread_in_block_on() {
        let runtime = one_named_worker();
        let (stream, mut peer) = pair(&runtime).unwrap();
        let (log, wakes) = channel();
        let waker = Waker::from(Arc::new(Caller(log)));
        runtime.block_on(async {
            assert!(stream.poll_read_ready(&mut Context::from_waker(&waker)).is_pending());
            peer.write_all(b"!").unwrap();
            // Blocks the thread in `block_on`: were it the one that polls, nobody would wake.
            assert_eq!(wakes.recv_timeout(WATCHDOG).unwrap(), "worker");
            stream.readable().await.unwrap();
        });
    }

    #[test]
    fn a_current_thread_runtime_polls_on_the_thread_in_block_on() {
        let runtime = Builder::new_current_thread().enable_io().build().unwrap();
        let (stream, mut peer) = pair(&runtime).unwrap();
        let (log, wakes) = channel();
        let waker = Waker::from(Arc::new(Caller(log)));
        assert!(stream.poll_read_ready(&mut Context::from_waker(&waker)).is_pending());
        peer.write_all(b"!").unwrap();
        assert!(wakes.recv_timeout(LONG).is_err());
        let name = thread::current().name().unwrap().to_string();
        runtime.block_on(stream.readable()).unwrap();
        assert_eq!(wakes.try_recv().unwrap(), name);
    }

    /// The price of having no I/O thread.
    /// Proves D-7-5.
    #[test]
    fn no_event_reaches_anybody_while_the_only_worker_is_busy() {
        let runtime = one_named_worker();
        let (stream, mut peer) = pair(&runtime).unwrap();
        let (starts, started) = channel();
        let (release, released) = channel();
        let busy = runtime.spawn(async move {
            starts.send(()).unwrap();
            released.recv().unwrap();
        });
        started.recv().unwrap();
        // That the new socket is writable may have been an event before the worker became busy.
        let events = runtime.metrics().io_driver_ready_count();
        let (log, wakes) = channel();
        let waker = Waker::from(Arc::new(Caller(log)));
        assert!(stream.poll_read_ready(&mut Context::from_waker(&waker)).is_pending());
        peer.write_all(b"!").unwrap();
        assert!(wakes.recv_timeout(LONG).is_err(), "somebody else has polled");
        assert_eq!(runtime.metrics().io_driver_ready_count(), events);
        release.send(()).unwrap();
        assert_eq!(wakes.recv_timeout(WATCHDOG).unwrap(), "worker");
        runtime.block_on(busy).unwrap();
    }

    /// The driver calls the waker, the scheduler queues the task, the worker polls it: twice in all.
    /// Proves D-0-4, D-3-4, D-19-2.
    #[test]
    fn the_driver_wakes_the_task_and_the_runtime_polls_it_again() {
        let runtime = one_named_worker();
        let (stream, mut peer) = pair(&runtime).unwrap();
        let (log, polls) = channel();
        let task = runtime.spawn(poll_fn(move |cx| {
            log.send(thread::current().name().unwrap_or_default().to_string()).unwrap();
            stream.poll_read_ready(cx).map(Result::unwrap)
        }));
        assert_eq!(polls.recv_timeout(WATCHDOG).unwrap(), "worker");
        assert!(polls.recv_timeout(LONG).is_err(), "polled again without an event");
        peer.write_all(b"!").unwrap();
        runtime.block_on(task).unwrap();
        assert_eq!(polls.iter().collect::<Vec<_>>(), ["worker"]);
    }

    /// Proves D-7-5.
    #[cfg(target_os = "linux")] // counts `/proc/self/task`
    #[test]
    fn one_worker_and_its_driver_are_one_thread() {
        fn threads() -> usize {
            std::fs::read_dir("/proc/self/task").unwrap().count()
        }
        let ended = utils::probe::in_child(Duration::from_secs(60), || {
            let before = threads();
            let runtime = one_named_worker();
            let (stream, mut peer) = pair(&runtime).unwrap();
            peer.write_all(b"!").unwrap();
            runtime.block_on(stream.readable()).unwrap();
            println!("threads: {}", threads() - before);
        });
        assert!(ended.stdout.contains("threads: 1\n"), "{ended:#?}");
    }

    /// Accepting says that the peer is there: Tokio reads before the first event of such a socket.
    /// Proves D-7-4.
    #[test]
    fn an_accepted_socket_is_taken_for_ready() {
        let runtime = Builder::new_current_thread().enable_io().build().unwrap();
        let (stream, _peer) = runtime.block_on(async {
            let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut peer = net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            peer.write_all(b"hello\n").unwrap();
            (listener.accept().await.unwrap().0, peer)
        });
        // One event, the listener's.
        assert_eq!(runtime.metrics().io_driver_ready_count(), 1);
        assert_eq!(stream.try_read(&mut [0; 64]).unwrap(), 6);
        assert_eq!(runtime.metrics().io_driver_ready_count(), 1);
        let mut cx = Context::from_waker(Waker::noop());
        assert!(matches!(stream.poll_read_ready(&mut cx), Poll::Ready(Ok(()))));
    }
}
