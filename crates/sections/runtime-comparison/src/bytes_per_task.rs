//! Deep dive 13 — A sleeping task of Tokio takes 256 bytes: a goroutine's 2 KB hold eight.

use allocation_counter::{AllocationInfo, measure};
use std::io;
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use tokio::time::{Duration, sleep};

/// The first stack of a goroutine, `stackMin` in Go's runtime.
const GOROUTINE: u64 = 2048;

pub fn main() -> io::Result<()> {
    println!("async {{}}: {} byte", size_of_val(&async {}));
    let tasks = 100_000;
    let bytes = sleeping(&runtime()?, tasks).bytes_current.unsigned_abs() / tasks;
    println!("each of {tasks} sleeping tasks: {bytes} bytes");
    println!("in the stack of a goroutine: {} of them", GOROUTINE / bytes);
    Ok(())
}

/// One thread, so that it allocates all there is to count.
fn runtime() -> io::Result<Runtime> {
    let runtime = Builder::new_current_thread().enable_time().build()?;
    // What a runtime sets up with its first task is not the task's.
    runtime.block_on(async { tokio::spawn(sleep(Duration::ZERO)).await })?;
    Ok(runtime)
}

/// Measures what the heap takes for `tasks` tasks, each with a timer that runs.
fn sleeping(runtime: &Runtime, tasks: u64) -> AllocationInfo {
    measure(|| {
        runtime.block_on(async {
            for _ in 0..tasks {
                tokio::spawn(sleep(Duration::from_secs(3600)));
                // Gives it its first poll, which starts its timer.
                yield_now().await;
            }
        });
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;

    fn size_of_output<A, F: Future>(_: impl Fn(A) -> F) -> usize {
        size_of::<F>()
    }

    async fn echo_with_a_vec(mut stream: TcpStream) -> io::Result<()> {
        let mut buffer = vec![0; 1024];
        loop {
            match stream.read(&mut buffer).await? {
                0 => return Ok(()),
                read => stream.write_all(&buffer[..read]).await?,
            }
        }
    }

    /// The buffer lives across an `.await`, so it is part of the future: 1 KiB while nothing is read.
    async fn echo_with_an_array(mut stream: TcpStream) -> io::Result<()> {
        let mut buffer = [0; 1024];
        loop {
            match stream.read(&mut buffer).await? {
                0 => return Ok(()),
                read => stream.write_all(&buffer[..read]).await?,
            }
        }
    }

    /// With `tokio_unstable` and Tokio's feature `tracing`, which a build of the whole workspace
    /// has, each task and each timer has a span: another 256 bytes, and still less than 2 KB.
    /// Proves D-8-5, D-13-3.
    #[cfg(target_pointer_width = "64")] // elsewhere a task is smaller: 192 bytes on i686
    #[test]
    fn a_sleeping_task_is_one_block_of_256_bytes() {
        let tasks = 100_000;
        let runtime = runtime().unwrap();
        let heap = sleeping(&runtime, tasks);
        assert_eq!(runtime.metrics().num_alive_tasks() as u64, tasks);
        assert_eq!(heap.count_current, tasks as i64);
        let bytes = if size_of::<tokio::time::Sleep>() == 112 { 256 } else { 512 };
        assert_eq!(heap.bytes_current, bytes * tasks as i64);
        assert!(bytes.unsigned_abs() < GOROUTINE);
    }

    /// Proves D-13-3.
    #[test]
    fn a_future_is_as_large_as_what_it_keeps_across_an_await() {
        let (vec, array) = (size_of_output(echo_with_a_vec), size_of_output(echo_with_an_array));
        assert_eq!(array - vec, 1024 - size_of::<Vec<u8>>());
        assert!(vec < 256, "{vec}");
        assert_eq!(size_of_val(&async {}), 1);
    }
}
