//! The harness of every table: the first difference that a drop makes, of all the polls before which
//! it can fall.

use std::cell::Cell;
use std::cmp::Ordering::{Equal, Greater, Less};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::Poll;
use tokio::runtime::Builder;
use tokio::time::{Duration, Instant, timeout};

#[allow(dead_code, reason = "not every table has a time of its own")]
pub const MS: Duration = Duration::from_millis(1);
/// The paused clock passes it when nothing else can happen.
const DAY: Duration = Duration::from_secs(86_400);

/// Polls until the drop; it passes zero once.
pub type Cut = Cell<usize>;
pub type Seen = anyhow::Result<Vec<u8>>;
/// The operation, what a drop costs, and what is documented.
pub type Row = anyhow::Result<[&'static str; 3]>;

pub fn print(heading: &str, rows: impl IntoIterator<Item = Row>) -> anyhow::Result<()> {
    println!("{heading:<34}{:<14}documented", "a drop costs");
    for row in rows {
        let [operation, costs, documented] = row?;
        println!("{operation:<34}{costs:<14}{documented}");
    }
    Ok(())
}

pub fn row(
    name: &'static str,
    documented: &'static str,
    scenario: impl AsyncFn(&Cut) -> Seen,
) -> Row {
    let (whole, time) = run(Box::pin(scenario(&Cut::new(usize::MAX))))?;
    for poll in 0.. {
        let cut = Cut::new(poll);
        let (seen, later) = run(Box::pin(scenario(&cut)))?;
        let costs = match seen.len().cmp(&whole.len()) {
            _ if later == DAY => "never ends",
            Less => "data lost",
            Greater => "data twice",
            Equal if seen != whole => "place lost",
            Equal if later > time => "time lost",
            Equal if cut.get() <= poll => "nothing", // it ended without that poll
            Equal => continue,
        };
        return Ok([name, costs, documented]);
    }
    unreachable!("a run that ends has a last poll")
}

/// In a box the scenarios are one type, for which the compiler writes out a runtime once.
fn run(scenario: Pin<Box<dyn Future<Output = Seen> + '_>>) -> anyhow::Result<(Vec<u8>, Duration)> {
    Builder::new_current_thread().enable_time().start_paused(true).build()?.block_on(async {
        let start = Instant::now();
        let seen = timeout(DAY, scenario).await.unwrap_or(Ok(Vec::new()))?;
        Ok((seen, start.elapsed()))
    })
}

/// Runs `operation`. The drop finds it woken and not yet polled, and it starts anew.
pub async fn again<T>(cut: &Cut, mut operation: impl AsyncFnMut() -> T) -> T {
    loop {
        let mut attempt = pin!(operation());
        let finished = poll_fn(|cx| match cut.replace(cut.get().wrapping_sub(1)) {
            0 => Poll::Ready(None),
            _ => attempt.as_mut().poll(cx).map(Some),
        });
        if let Some(value) = finished.await {
            return value;
        }
    }
}
