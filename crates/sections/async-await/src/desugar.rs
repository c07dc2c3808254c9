//! Guide 3.1 — The printed desugaring drops an unused argument at the call; an `async fn` keeps it.

#![expect(clippy::manual_async_fn, reason = "what `async fn` stands for")]

use std::cell::RefCell;

type Log = RefCell<Vec<&'static str>>;

#[tokio::main]
pub async fn main() {
    let log = Log::default();
    println!("async fn: {}", events(&log, async_fn(&log, Argument(&log))).await);
    println!("as printed: {}", events(&log, as_printed(&log, Argument(&log))).await);
    println!("exactly: {}", events(&log, exactly(&log, Argument(&log))).await);
}

/// Owns its arguments to the end, as every function does, whether it names them or not.
async fn async_fn(log: &Log, _argument: Argument<'_>) {
    log.borrow_mut().push("body");
}

/// The block captures what it names. The rest is dropped on return, before anything has run.
fn as_printed(log: &Log, _argument: Argument<'_>) -> impl Future<Output = ()> {
    async move {
        log.borrow_mut().push("body");
    }
}

/// Naming each argument in the block is what the compiler does for `async fn`.
fn exactly(log: &Log, argument: Argument<'_>) -> impl Future<Output = ()> {
    async move {
        let _argument = argument;
        log.borrow_mut().push("body");
    }
}

/// `called` tells what the call has done from what the first poll does.
async fn events(log: &Log, future: impl Future<Output = ()>) -> String {
    log.borrow_mut().push("called");
    future.await;
    log.take().join(", ")
}

/// Logs its drop.
struct Argument<'a>(&'a Log);

impl Drop for Argument<'_> {
    fn drop(&mut self) {
        self.0.borrow_mut().push("argument dropped");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use utils::probe::{DropLog, Guard};

    async fn two(log: DropLog, _a: Guard, _: Guard) {
        log.note("body");
    }

    fn two_desugared(log: DropLog, a: Guard, b: Guard) -> impl Future<Output = ()> {
        async move {
            let log = log;
            let _a = a;
            let _b = b;
            log.note("body");
        }
    }

    #[tokio::test]
    async fn an_async_fn_keeps_an_unused_argument_to_its_end() {
        let log = Log::default();
        let expected = "called, body, argument dropped";
        assert_eq!(events(&log, async_fn(&log, Argument(&log))).await, expected);
        assert_eq!(events(&log, exactly(&log, Argument(&log))).await, expected);
    }

    /// Proves G-3.1-2.
    #[tokio::test]
    async fn the_printed_desugaring_drops_it_at_the_call() {
        let log = Log::default();
        let expected = "argument dropped, called, body";
        assert_eq!(events(&log, as_printed(&log, Argument(&log))).await, expected);
    }

    #[tokio::test]
    async fn the_printed_desugaring_keeps_an_argument_that_its_block_names() {
        fn as_printed(log: DropLog, guard: Guard) -> impl Future<Output = ()> {
            async move {
                log.note("body");
                drop(guard);
                log.note("end");
            }
        }
        let log = DropLog::new();
        as_printed(log.clone(), log.guard("dropped")).await;
        assert_eq!(log.entries(), ["body", "dropped", "end"]);
    }

    /// The name `_` makes no difference: the argument is there all the same.
    #[tokio::test]
    async fn arguments_are_dropped_after_the_body_last_one_first() {
        let log = DropLog::new();
        two(log.clone(), log.guard("a"), log.guard("b")).await;
        assert_eq!(log.entries(), ["body", "b", "a"]);

        let log = DropLog::new();
        two_desugared(log.clone(), log.guard("a"), log.guard("b")).await;
        assert_eq!(log.entries(), ["body", "b", "a"]);
    }

    #[test]
    fn a_future_that_never_ran_drops_its_first_argument_first() {
        let log = DropLog::new();
        drop(two(log.clone(), log.guard("a"), log.guard("b")));
        assert_eq!(log.entries(), ["a", "b"]);

        let log = DropLog::new();
        drop(two_desugared(log.clone(), log.guard("a"), log.guard("b")));
        assert_eq!(log.entries(), ["a", "b"]);
    }

    /// Proves G-3.1-2.
    #[test]
    fn an_unused_argument_has_its_place_in_the_future_unless_desugared_as_printed() {
        async fn async_fn(_unused: [u8; 100]) {}
        fn as_printed(_unused: [u8; 100]) -> impl Future<Output = ()> {
            async move {}
        }
        fn exactly(unused: [u8; 100]) -> impl Future<Output = ()> {
            async move {
                let _unused = unused;
            }
        }
        assert_eq!(size_of_val(&async_fn([0; 100])), 101);
        assert_eq!(size_of_val(&exactly([0; 100])), 101);
        assert_eq!(size_of_val(&as_printed([0; 100])), 1);
    }
}
