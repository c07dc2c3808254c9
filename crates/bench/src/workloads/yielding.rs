//! Tasks that give way over and over: two hundred, or two a worker. After Tokio's
//! `benches/rt_multi_threaded.rs`.

use crate::contender::{Contender, Sockets, WORKERS};
use crate::measure::{Round, timed};
use std::sync::mpsc::sync_channel;

/// Beside a socket, if there is one.
fn yields<R: Contender>(
    (runtime, beside): (R, impl Sized + 'static),
    tasks: usize,
    yields: usize,
) -> Round {
    let (done, all_done) = sync_channel(tasks);
    Box::new(move || {
        let _beside = &beside; // lives as long as the round
        timed(tasks * yields, || {
            for _ in 0..tasks {
                let done = done.clone();
                R::detach(runtime.spawn_from_outside(async move {
                    for _ in 0..yields {
                        R::yield_now().await;
                    }
                    done.send(()).expect("it is waited for");
                }));
            }
            for _ in 0..tasks {
                all_done.recv().expect("each task sends");
            }
        })
    })
}

/// 200 tasks yield a thousand times.
pub fn yield_many<R: Contender>() -> Round {
    yields((R::start(), ()), 200, 1_000)
}

/// Four tasks, two a worker, yield.
pub fn yield_few<R: Contender>() -> Round {
    yields((R::start(), ()), 2 * WORKERS, 5_000)
}

/// The same beside a socket that nobody uses: whoever looks for events asks the kernel.
pub fn yield_few_socket<R: Sockets>() -> Round {
    yields(with_socket::<R>(), 2 * WORKERS, 5_000)
}

pub fn with_socket<R: Sockets>() -> (R, impl Sized + 'static) {
    let runtime = R::start();
    let socket = runtime.idle_socket();
    (runtime, socket)
}
