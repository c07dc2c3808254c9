//! Deep dive 8 — A paused clock jumps while a thread or a socket is awaited, not during `spawn_blocking`.
//!
//! To take to work: `cargo run -- copy no_hang`.

use std::io::{self, Write};
use std::{net, thread};
use tokio::io::AsyncReadExt;
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::spawn_blocking;
use tokio::time::{Duration, Instant, sleep, timeout};

#[tokio::main(flavor = "current_thread", start_paused = true)]
pub async fn main() -> io::Result<()> {
    println!("an answer is due within a minute of the paused clock");
    println!("a task, after 5 s: {}", is_it_there(tokio::spawn(sleep(PAUSE))).await);
    println!("a thread, after 5 s: {}", is_it_there(thread()).await);
    println!("a server, after 5 s: {}", is_it_there(server()?).await);
    println!("a closure, after 5 ms: {}", is_it_there(closure()).await);
    Ok(())
}

const PAUSE: Duration = Duration::from_secs(5);

/// Returns what is found, and when, by the paused clock.
async fn is_it_there<T, E>(answer: impl Future<Output = Result<T, E>>) -> String {
    let start = Instant::now();
    let is_there = timeout(Duration::from_secs(60), answer).await.is_ok_and(|it| it.is_ok());
    format!("{is_there}, at {:?}", start.elapsed())
}

/// No task can run, and the runtime knows of no thread: the clock jumps to the limit, at once.
fn thread() -> oneshot::Receiver<()> {
    let (answer, answered) = oneshot::channel();
    thread::spawn(|| {
        thread::sleep(PAUSE);
        answer.send(())
    });
    answered
}

/// So it does while a socket is silent.
fn server() -> io::Result<impl Future<Output = io::Result<u8>>> {
    let listener = net::TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        let mut client = listener.accept()?.0;
        thread::sleep(PAUSE);
        client.write_all(b"!")
    });
    Ok(async move { TcpStream::connect(address).await?.read_u8().await })
}

/// While a closure runs on the blocking pool of this runtime, the clock stands.
fn closure() -> impl Future<Output = Result<(), tokio::task::JoinError>> {
    spawn_blocking(|| thread::sleep(Duration::from_millis(5)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_timer_of_a_task_is_where_the_clock_jumps_to() {
        assert_eq!(is_it_there(tokio::spawn(sleep(PAUSE))).await, "true, at 5s");
    }

    #[tokio::test(start_paused = true)]
    async fn it_does_not_wait_for_a_thread_or_a_socket() {
        let start = std::time::Instant::now();
        assert_eq!(is_it_there(thread()).await, "false, at 60s");
        assert_eq!(is_it_there(server().unwrap()).await, "false, at 60s");
        assert!(start.elapsed() < PAUSE, "it took the time of the answer");
    }

    #[tokio::test(start_paused = true)]
    async fn it_waits_for_a_closure_of_its_blocking_pool() {
        assert_eq!(is_it_there(closure()).await, "true, at 0ns");
    }

    /// It does not jump while any task is ready: only when all wait.
    #[tokio::test(start_paused = true)]
    async fn it_does_not_jump_while_a_task_is_busy() {
        let busy = async {
            for _ in 0..1000 {
                tokio::task::yield_now().await;
            }
            Ok::<_, ()>(())
        };
        assert_eq!(is_it_there(busy).await, "true, at 0ns");
    }

    /// Bytes that are already there are found before the clock jumps.
    #[cfg(unix)] // a pair of connected sockets that are there at once
    #[tokio::test(start_paused = true)]
    async fn an_answer_in_the_buffer_of_a_socket_is_in_time() {
        let (ours, mut theirs) = std::os::unix::net::UnixStream::pair().unwrap();
        ours.set_nonblocking(true).unwrap();
        let mut ours = tokio::net::UnixStream::from_std(ours).unwrap();
        theirs.write_all(b"!").unwrap();
        assert_eq!(is_it_there(ours.read_u8()).await, "true, at 0ns");
    }

    /// So code that measures with the standard library measures nothing.
    #[tokio::test(start_paused = true)]
    async fn the_clock_of_the_standard_library_goes_on_by_itself() {
        let (tokio, std) = (Instant::now(), std::time::Instant::now());
        sleep(Duration::from_secs(3600)).await;
        assert_eq!(tokio.elapsed(), Duration::from_secs(3600));
        assert!(std.elapsed() < Duration::from_secs(60));
    }
}
