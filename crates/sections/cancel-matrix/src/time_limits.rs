//! Deep dive 11.6 — A dropped `timeout` starts again from zero; a `timeout_at` keeps its deadline.

#[path = "harness.rs"]
mod harness;

use harness::{MS, Row, again, print, row};
use std::future::pending;
use tokio::time::{Instant, timeout, timeout_at};

pub fn main() -> anyhow::Result<()> {
    print("time limits", table())
}

fn table() -> [Row; 2] {
    [
        row("timeout", "silent", async |cut| {
            let ended = again(cut, async || timeout(2 * MS, pending::<()>()).await).await;
            Ok(vec![ended.map_or(b'a', |()| b'b')])
        }),
        row("timeout_at", "silent", async |cut| {
            let end = Instant::now() + 2 * MS;
            let ended = again(cut, async || timeout_at(end, pending::<()>()).await).await;
            Ok(vec![ended.map_or(b'a', |()| b'b')])
        }),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_limit_from_now_on_begins_anew() {
        let rows = table().map(Result::unwrap);
        let expected = [["timeout", "time lost", "silent"], ["timeout_at", "nothing", "silent"]];
        assert_eq!(rows, expected);
    }
}
