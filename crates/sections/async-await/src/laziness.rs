//! Deep dive 10.1 — Sync code may call an `async fn`: it gets a future of which nothing has run.

#[tokio::main]
pub async fn main() {
    let mut called = Vec::new();
    caller1(&mut called).await;
    println!("caller1: {called:?}");

    let mut called = Vec::new();
    caller2(&mut called);
    println!("caller2: {called:?}");
}

fn sync_fn(called: &mut Vec<&str>) {
    called.push("sync_fn");
}

async fn async_fn(called: &mut Vec<&str>) {
    called.push("async_fn");
}

async fn caller1(called: &mut Vec<&str>) {
    sync_fn(called);
    async_fn(called).await;
}

fn caller2(called: &mut Vec<&str>) {
    #[expect(unused_must_use, reason = "the mistake: the future is dropped unpolled")]
    async_fn(called);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use std::time::Duration;
    use utils::probe::{DropLog, in_child};

    async fn work(log: DropLog, _argument: utils::probe::Guard) {
        log.note("body");
    }

    /// Proves G-3.2-1, D-0-12, D-1-11, D-10-1, D-10-2.
    #[test]
    fn nothing_runs_between_the_call_and_the_first_poll() {
        let mut called = Vec::new();
        let mut future = Box::pin(caller1(&mut called));
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(future.as_mut().poll(&mut cx), Poll::Ready(()));
        drop(future);
        assert_eq!(called, ["sync_fn", "async_fn"]);

        let mut called = Vec::new();
        drop(caller1(&mut called));
        caller2(&mut called);
        assert!(called.is_empty());
    }

    /// Proves G-3.2-1, D-1-11.
    #[test]
    fn a_future_dropped_unpolled_runs_nothing_but_drops_its_arguments() {
        let log = DropLog::new();
        let future = work(log.clone(), log.guard("argument"));
        log.note("called");
        drop(future);
        assert_eq!(log.entries(), ["called", "argument"]);
    }

    /// A future is lazy, a task is not: spawning hands it to the executor, which polls it.
    #[tokio::test]
    async fn a_spawned_task_runs_without_being_awaited() {
        let log = DropLog::new();
        let task = tokio::spawn(work(log.clone(), log.guard("argument")));
        while !task.is_finished() {
            tokio::task::yield_now().await;
        }
        assert_eq!(log.entries(), ["body", "argument"]);
    }

    #[test]
    fn a_poll_after_ready_panics() {
        let ended = in_child(Duration::from_secs(60), || {
            let mut called = Vec::new();
            let mut future = pin!(async_fn(&mut called));
            let mut cx = Context::from_waker(Waker::noop());
            assert!(future.as_mut().poll(&mut cx).is_ready());
            // The answer does not come: this panics.
            let _ = future.as_mut().poll(&mut cx);
        });
        assert!(!ended.status.success());
        let message = "`async fn` resumed after completion";
        assert!(ended.stderr.contains(message), "{ended:#?}");
    }

    #[test]
    fn a_poll_after_a_panic_panics_too() {
        async fn fails() {
            panic!("on purpose");
        }
        let mut future = Box::pin(fails());
        let mut poll = || {
            let mut cx = Context::from_waker(Waker::noop());
            let poll = std::panic::AssertUnwindSafe(|| future.as_mut().poll(&mut cx));
            let payload = std::panic::catch_unwind(poll).unwrap_err();
            payload.downcast_ref::<&str>().map(|text| text.to_string())
        };
        assert_eq!(poll().unwrap(), "on purpose");
        assert_eq!(poll().unwrap(), "`async fn` resumed after panicking");
    }
}
