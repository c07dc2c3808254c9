//! Deep dive 10.5 — An executor refuses to start inside one of its own kind, and knows no other kind.

use futures::executor::block_on;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use tokio::runtime::{Builder, Runtime};

pub fn main() -> std::io::Result<()> {
    let (tokio, inner) =
        (Builder::new_current_thread().build()?, Builder::new_current_thread().build()?);
    // Two of them panic, and the default hook would print a thread number for each.
    let hook = take_hook();
    set_hook(Box::new(|_| {}));
    let table = table(&tokio, &inner);
    set_hook(hook);
    for (nesting, outcome) in table {
        println!("{nesting}: {outcome}");
    }
    Ok(())
}

fn table(tokio: &Runtime, inner: &Runtime) -> [(&'static str, String); 4] {
    let in_tokio = || outcome(|| inner.block_on(async { "ok" }));
    let in_futures = || outcome(|| block_on(async { "ok" }));
    [
        ("Tokio in Tokio", tokio.block_on(async { in_tokio() })),
        ("futures in futures", block_on(async { in_futures() })),
        // Nobody objects. The thread of the outer one is blocked all the same: see `deadlock`.
        ("Tokio in futures", block_on(async { in_tokio() })),
        ("futures in Tokio", tokio.block_on(async { in_futures() })),
    ]
}

/// Returns what the call returns, or the first sentence of its panic.
fn outcome(call: impl FnOnce() -> &'static str) -> String {
    let payload = match catch_unwind(AssertUnwindSafe(call)) {
        Ok(text) => return text.to_string(),
        Err(payload) => payload,
    };
    let literal = payload.downcast_ref::<&str>().copied();
    let text = literal.or_else(|| payload.downcast_ref().map(String::as_str)).unwrap_or_default();
    format!("panic: {}", text.split([':', '.']).next().unwrap_or(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_refuses_its_own_kind_only() {
        let runtime = || Builder::new_current_thread().build().unwrap();
        let (tokio, inner) = (runtime(), runtime());
        let expected = [
            ("Tokio in Tokio", "panic: Cannot start a runtime from within a runtime"),
            (
                "futures in futures",
                "panic: cannot execute `LocalPool` executor from within another executor",
            ),
            ("Tokio in futures", "ok"),
            ("futures in Tokio", "ok"),
        ];
        let expected = expected.map(|(nesting, outcome)| (nesting, outcome.to_string()));
        assert_eq!(table(&tokio, &inner), expected);
    }

    /// Blocked by Tokio, the executor of futures runs nothing else: its other future has no turn.
    #[test]
    fn the_outer_executor_stands_while_the_inner_one_runs() {
        use std::cell::RefCell;
        let log = RefCell::new(Vec::new());
        futures::executor::block_on(async {
            let nested = async {
                Builder::new_current_thread().build().unwrap().block_on(async {
                    log.borrow_mut().push("inner begins");
                    tokio::task::yield_now().await;
                    log.borrow_mut().push("inner ends");
                });
            };
            futures::join!(nested, async { log.borrow_mut().push("neighbour") });
        });
        assert_eq!(log.into_inner(), ["inner begins", "inner ends", "neighbour"]);
    }
}
