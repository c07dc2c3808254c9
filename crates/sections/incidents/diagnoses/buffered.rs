//! Timeouts of answers that came in time.

mod broken;
mod fixed;

use crate::incident::{Incident, Observed, Service, run};
use std::cell::RefCell;
use tokio::time::{Duration, Instant, sleep};

pub const INCIDENT: Incident = Incident {
    name: "buffered",
    report: "Every third page is missing: \"no answer within 2 s\".\n\
             The other side shows us its log: it has answered each of them after 1.5 s.",
    hints: &[
        "Which pages are missing, and what does the import do while they are fetched?",
        "A timeout that is not polled does not look at the clock, and an answer that is not polled is not read.",
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
    cause: "`buffered` polls its futures only while `next` is awaited. While the body of the loop stores a page,\n\
            nobody polls the fetch beside it. A task is polled by the runtime.",
    read_on: &[
        "cargo run -p async-streams -- buffered",
        "cargo run -- copy limit_concurrency ../my-app",
    ],
};

pub type Page = u32;

thread_local! {
    /// When which fetch has gone on. The runtime has one thread.
    static STEPS: RefCell<Vec<(Page, Instant, &'static str)>> = const { RefCell::new(Vec::new()) };
}

/// Takes 1.5 s: the head comes after a second, the rest half a second later.
fn fetch(page: Page) -> impl Future<Output = Page> {
    let step = move |what| STEPS.with_borrow_mut(|steps| steps.push((page, Instant::now(), what)));
    step("fetch called");
    async move {
        step("asked for");
        sleep(Duration::from_secs(1)).await;
        step("head read");
        sleep(Duration::from_millis(500)).await;
        step("read");
        page
    }
}

async fn store(_page: Page) {
    sleep(Duration::from_secs(30)).await;
}

async fn six_pages(import: impl AsyncFn(Vec<Page>) -> Vec<Page>) -> Observed {
    STEPS.take();
    let start = Instant::now();
    let stored = import((1..=6).collect()).await;
    let mut observed = Observed::default();
    observed.symptom(format!("pages stored: {stored:?} of 1 to 6"));
    let mut steps = STEPS.take();
    steps.sort_by_key(|(page, at, _)| (*page, *at));
    for (page, at, what) in steps {
        observed.evidence(format!("page {page}: {what} at {:?}", at - start));
    }
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broken_one_loses_half_of_the_pages_and_the_repaired_one_none() {
        let broken = (INCIDENT.broken.observe)();
        assert_eq!(broken.symptoms, "pages stored: [1, 2, 4, 5] of 1 to 6\n");
        let late = "page 3: fetch called at 31.5s\npage 3: asked for at 61.5s\n";
        assert!(broken.evidence.contains(late), "{}", broken.evidence);
        let fixed = (INCIDENT.fixed.observe)();
        assert_eq!(fixed.symptoms, "pages stored: [1, 2, 3, 4, 5, 6] of 1 to 6\n");
        let in_time = "page 3: fetch called at 31.5s\npage 3: asked for at 31.5s\n";
        assert!(fixed.evidence.contains(in_time), "{}", fixed.evidence);
    }
}
