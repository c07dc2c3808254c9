//! Timeouts of answers that came in time.

mod broken;
mod fixed;

use crate::incident::{Incident, Observed, Service, run, seconds};
use std::cell::RefCell;
use std::collections::BTreeMap;
use tokio::time::{Duration, Instant, sleep};

pub const INCIDENT: Incident = Incident {
    name: "buffered",
    report: "Every third page is missing: \"no answer within 2 s\".\n\
             The other side shows us its log: it has answered each of them after 1.5 s.",
    hints: &[
        "Which pages are missing, and what does the import do while they are fetched?",
        "Nobody reads an answer while nobody polls its future.\n\
         A timeout that is not polled does not look at the clock either.",
        "Who polls the futures inside `buffered`, and when?",
    ],
    broken: Service {
        source: include_str!("buffered/broken.rs"),
        observe: || run(six_pages(broken::import)),
    },
    fixed: Service {
        source: include_str!("buffered/fixed.rs"),
        observe: || run(six_pages(fixed::import)),
    },
    picture: None,
    cause: "`buffered` polls its futures only while the loop awaits `next`.\n\
            While the body of the loop stores a page, nobody polls the fetches beside it.\n\
            The 2 s of page 3 begin when `buffered` makes its future, at 31.5 s.\n\
            Its first poll comes at 61.5 s: too late. The runtime polls a task at any time.",
    read_on: &[
        "cargo run -p async-streams -- buffered",
        "cargo run -- copy limit_concurrency ../my-app",
    ],
};

pub type Page = u32;

thread_local! {
    /// When which page took which of [`STEPS`]. The runtime has one thread.
    static TIMES: RefCell<BTreeMap<(Page, &'static str), Instant>> = const { RefCell::new(BTreeMap::new()) };
}

const STEPS: [&str; 4] = ["future made", "asked for", "read", "stored"];

fn step(page: Page, step: &'static str) {
    TIMES.with_borrow_mut(|times| times.insert((page, step), Instant::now()));
}

/// The answer takes 1.5 s.
fn fetch(page: Page) -> impl Future<Output = Page> {
    step(page, "future made");
    async move {
        step(page, "asked for");
        sleep(Duration::from_millis(1500)).await;
        step(page, "read");
        page
    }
}

async fn store(page: Page) {
    sleep(Duration::from_secs(30)).await;
    step(page, "stored");
}

async fn six_pages(import: impl AsyncFn(Vec<Page>) -> Vec<Page>) -> Observed {
    TIMES.take();
    let start = Instant::now();
    let stored = import((1..=6).collect()).await;
    let mut observed = Observed::default();
    observed.symptom(format!("pages stored: {stored:?} of 1 to 6"));
    let row = |first: &str, cells: [String; 4]| {
        let row: String = cells.iter().map(|cell| format!("{cell:>14}")).collect();
        format!("{first:6}{row}")
    };
    observed.evidence(row("", STEPS.map(String::from)));
    let times = TIMES.take();
    for page in 1..=6 {
        let time = |step| times.get(&(page, step)).map(|at| seconds(*at - start));
        let cells = STEPS.map(|step| time(step).unwrap_or_else(|| "never".into()));
        observed.evidence(row(&format!("page {page}"), cells));
    }
    observed.evidence("to store a page takes 30 s");
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broken_one_loses_half_of_the_pages_and_the_repaired_one_none() {
        let broken = (INCIDENT.broken.observe)();
        assert_eq!(broken.symptoms, "pages stored: [1, 2, 4, 5] of 1 to 6\n");
        let page_3 = |text: &str| {
            let row = text.lines().find(|line| line.starts_with("page 3"));
            row.unwrap()
                .split("  ")
                .map(str::trim)
                .filter(|it| !it.is_empty())
                .collect::<Vec<_>>()
                .join(", ")
        };
        assert_eq!(page_3(&broken.evidence), "page 3, 31.5 s, 61.5 s, never, never");
        let fixed = (INCIDENT.fixed.observe)();
        assert_eq!(fixed.symptoms, "pages stored: [1, 2, 3, 4, 5, 6] of 1 to 6\n");
        assert_eq!(page_3(&fixed.evidence), "page 3, 31.5 s, 31.5 s, 33 s, 91.5 s");
    }
}
