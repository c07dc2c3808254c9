//! Guide 9.1 — A timeout acts only at an `.await`; code that computes or blocks runs on.

use std::thread;
use tokio::task::yield_now;
use tokio::time::{Duration, timeout};

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("a limit of 5 ms for 20 ms of work");
    println!("at once: {}", limited(at_once()).await);
    println!("in pieces: {}", limited(in_pieces()).await);
}

async fn limited(work: impl Future<Output = ()>) -> &'static str {
    timeout(Duration::from_millis(5), work).await.map_or("timed out", |()| "no timeout, all done")
}

/// Wrong: one poll does it all, and the timeout asks for the result before it asks for the time.
async fn at_once() {
    (0..10).for_each(|_| piece());
}

/// Right: after each piece the timeout has a look at the time. If the work is not yours to cut, give
/// it to `spawn_blocking`: then the caller goes on at the limit, and the closure to its end.
async fn in_pieces() {
    for _ in 0..10 {
        piece();
        yield_now().await;
    }
}

fn piece() {
    thread::sleep(Duration::from_millis(2));
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use tokio::task::spawn_blocking;

    #[tokio::test]
    async fn work_without_an_await_has_no_timeout_however_long_it_takes() {
        assert_eq!(limited(at_once()).await, "no timeout, all done");
    }

    #[tokio::test]
    async fn work_that_yields_is_ended_at_the_limit() {
        assert_eq!(limited(in_pieces()).await, "timed out");
    }

    /// It works until nobody waits for it any more.
    #[tokio::test]
    async fn a_closure_on_the_blocking_pool_is_left_at_the_limit_and_goes_on() {
        let ((waits, gone), (done, is_done)) = (channel::<()>(), channel());
        let work = async {
            let _waits = waits;
            let closure = move || {
                gone.recv().unwrap_err();
                done.send(()).unwrap();
            };
            spawn_blocking(closure).await.unwrap()
        };
        assert_eq!(limited(work).await, "timed out");
        is_done.recv().unwrap();
    }

    /// Late, but not at all too late: with one `.await` behind the work it is seen there.
    #[tokio::test]
    async fn the_first_await_behind_the_work_is_where_it_ends() {
        let work = async {
            at_once().await;
            yield_now().await;
            // The driver has been polled meanwhile.
            yield_now().await;
        };
        assert_eq!(limited(work).await, "timed out");
    }
}
