//! The program: timers, channels, a TCP echo and CPU work, written once for all runtimes.
//!
//! Each part returns a number. It is the same on every runtime, or one of them has lost something.

use crate::process;
use crate::runtime::{Runtime, Sockets};
use smol::channel::{bounded, unbounded};
use std::collections::HashSet;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

const SLEEPERS: u64 = 10_000;
const CHANNELS: u64 = 4;
const MESSAGES: u64 = 100_000;
const CLIENTS: u64 = 100;
const QUESTIONS: u64 = 50;
const COMPUTERS: u64 = 64;
const STEPS: u32 = 500_000;

/// Runs all parts, and prints what each has taken.
pub async fn whole<R: Sockets>() {
    timed("timers", timers::<R>).await;
    timed("channels", channels::<R>).await;
    timed("echo", echo::<R>).await;
    cpu_and_rest::<R>().await;
}

/// Runs the parts that a runtime without sockets can run.
#[cfg(feature = "embassy")]
pub async fn without_sockets<R: Runtime>() {
    timed("timers", timers::<R>).await;
    timed("channels", channels::<R>).await;
    println!("echo: no sockets");
    cpu_and_rest::<R>().await;
}

async fn cpu_and_rest<R: Runtime>() {
    let threads = Arc::default();
    timed("cpu", async || cpu::<R>(&threads).await).await;
    println!("cpu on: {}", threads.lock().expect("no task panics").len());
    process::print();
}

/// Measures the second time: the first one sets up what a runtime keeps.
async fn timed(part: &str, run: impl AsyncFn() -> u64) {
    run().await;
    let start = Instant::now();
    let result = run().await;
    println!("{part}: {} ns, result {result}", start.elapsed().as_nanos());
}

/// Ten thousand tasks sleep for up to 20 ms.
async fn timers<R: Runtime>() -> u64 {
    let sleeper = |n| async move {
        R::sleep(Duration::from_millis(n % 20 + 1)).await;
        n
    };
    sum::<R, _>(SLEEPERS, sleeper).await
}

/// Each channel holds 64 messages, so its sender waits for its receiver, and the other way round.
async fn channels<R: Runtime>() -> u64 {
    let receiver = |_| {
        let (sender, receiver) = bounded(64);
        R::spawn(async move {
            for message in 0..MESSAGES {
                sender.send(message).await.expect("the receiver waits for all of them");
            }
        });
        async move {
            let mut total = 0;
            while let Ok(message) = receiver.recv().await {
                total += message;
            }
            total
        }
    };
    sum::<R, _>(CHANNELS, receiver).await
}

/// A hundred clients ask one server, each on a connection of its own, and wait for every answer.
async fn echo<R: Sockets>() -> u64 {
    let (listener, address) = R::listen().await.expect("there is a free port");
    R::spawn(async move {
        for _ in 0..CLIENTS {
            let stream = R::accept(&listener).await.expect("there are descriptors");
            R::spawn(serve::<R>(stream));
        }
    });
    let client = move |number| async move {
        ask::<R>(address, number).await.expect("the server answers until its client goes")
    };
    sum::<R, _>(CLIENTS, client).await
}

/// Ends when the client goes.
async fn serve<R: Sockets>(mut stream: R::Stream) {
    let mut buffer = [0; 64];
    while R::read(&mut stream, &mut buffer).await.is_ok() {
        if R::write(&mut stream, &buffer).await.is_err() {
            break;
        }
    }
}

async fn ask<R: Sockets>(address: SocketAddr, number: u64) -> io::Result<u64> {
    let mut stream = R::connect(address).await?;
    let (question, mut answer) = ([number as u8; 64], [0; 64]);
    let mut answered = 0;
    for _ in 0..QUESTIONS {
        R::write(&mut stream, &question).await?;
        R::read(&mut stream, &mut answer).await?;
        answered += u64::from(answer == question);
    }
    Ok(answered)
}

/// Tasks that never wait. `threads` collects where they have run.
async fn cpu<R: Runtime>(threads: &Arc<Mutex<HashSet<ThreadId>>>) -> u64 {
    let computer = |seed| {
        let threads = threads.clone();
        async move {
            threads.lock().expect("no task panics").insert(thread::current().id());
            computed(seed + 1)
        }
    };
    sum::<R, _>(COMPUTERS, computer).await
}

/// A random number of 16 bits, by xorshift.
fn computed(mut state: u64) -> u64 {
    for _ in 0..STEPS {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
    }
    state & 0xffff
}

/// Runs `count` tasks and adds what they return.
async fn sum<R: Runtime, F>(count: u64, task: impl Fn(u64) -> F) -> u64
where
    F: Future<Output = u64> + Send + 'static,
{
    let (results, collected) = unbounded();
    for number in 0..count {
        let (task, results) = (task(number), results.clone());
        R::spawn(async move {
            // Nobody has closed it: the loop below waits for all of them.
            let _ = results.send(task.await).await;
        });
    }
    drop(results);
    let mut total = 0;
    while let Ok(result) = collected.recv().await {
        total += result;
    }
    total
}
