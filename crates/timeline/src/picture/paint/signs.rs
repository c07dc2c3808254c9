//! Draws what happens at one moment: a wake, a spawn, an answer, a cancellation, a finding.

use super::level;
use crate::model::{Arrow, By, Event, Kind, What};
use crate::picture::Picture;
use maud::{Markup, html};

/// From the middle of a row to the tip of an arrow.
const TIP: i32 = 4;

impl Picture<'_> {
    pub(super) fn signs(&self) -> Markup {
        html! {
            @for (step, event) in self.timeline.events.iter().enumerate() {
                @if let Some((moment, row)) = self.place(step, event) {
                    @let (x, y) = (self.columns.middle(moment), level(row));
                    @match event.what {
                        What::Created => (self.start(event, x, row)),
                        What::ResourcePoll { on, ready } => {
                            @if let Some(row) = self.rows.of_lane(on) { (answer(ready, x, level(row))) }
                        }
                        What::Dropped { finished: false } => (cross(x, y)),
                        _ => {}
                    }
                }
            }
            // On top: nothing else goes across rows.
            @for arrow in self.timeline.wakes() { (self.wake(&arrow)) }
        }
    }

    fn place(&self, step: usize, event: &Event) -> Option<(usize, usize)> {
        Some((self.columns.moment(step)?, self.rows.of_lane(event.lane)?))
    }

    fn start(&self, event: &Event, x: i32, row: usize) -> Markup {
        let lane = self.timeline.lane(event.lane);
        let parent = lane.parent.and_then(|parent| self.rows.of_lane(parent));
        html! {
            @match lane.kind {
                Kind::Task | Kind::Closure | Kind::Root => {
                    @if let Some(parent) = parent {
                        line .tl-spawn x1=(x) x2=(x) y1=(level(parent)) y2=(level(row)) {}
                    }
                    circle .tl-start cx=(x) cy=(level(row)) r="4" {}
                }
                Kind::Resource(_) => {
                    line .tl-there x1=(x) x2=(x) y1=(level(row) - 5) y2=(level(row) + 5) {}
                }
                Kind::Future | Kind::Worker => {}
            }
        }
    }

    fn wake(&self, &Arrow { step, by, to, inferred }: &Arrow) -> Markup {
        let (Some(moment), Some(to_row)) = (self.columns.moment(step), self.rows.of_lane(to))
        else {
            return html! {};
        };
        let (x, tip) = (self.columns.middle(moment), level(to_row));
        // What has no row wakes from above.
        let from = self.rows.of_waker(by).map_or(super::RULER, level);
        if by == By::Lane(to) || from == tip {
            return itself(x, tip, inferred);
        }
        let back = if from < tip { -1 } else { 1 };
        let (end, path) = (tip + back * TIP, format!("M{x} {from}V{}", tip + back * (TIP + 6)));
        html! {
            (shaft(&path, inferred))
            circle .tl-source cx=(x) cy=(from) r="3" {}
            (head(x, end, back))
        }
    }

    /// The findings.
    pub(super) fn marks(&self) -> Markup {
        html! {
            @for finding in &self.timeline.findings {
                @if let Some((moment, row)) = self.columns.moment(finding.step).zip(self.rows.of_lane(finding.lane)) {
                    // Above a bar.
                    @let (x, y) = (self.columns.middle(moment), level(row) - 14);
                    path .tl-mark d=(format!("M{x} {}l8 14h-16z", y - 8)) {
                        title { (finding.text) }
                    }
                    text .tl-bang x=(x) y=(y + 4) { "!" }
                }
            }
        }
    }
}

fn shaft(path: &str, inferred: bool) -> Markup {
    html! { path.tl-wake.tl-inferred[inferred] d=(path) {} }
}

/// `back` is the direction from which the arrow comes.
fn head(x: i32, tip: i32, back: i32) -> Markup {
    let foot = tip + back * 7;
    html! { path .tl-head d=(format!("M{x} {tip}L{} {foot}H{}z", x - 4, x + 4)) {} }
}

/// A loop above the lane.
fn itself(x: i32, y: i32, inferred: bool) -> Markup {
    let path =
        format!("M{} {}C{} {} {} {} {x} {}", x - 5, y - 8, x - 9, y - 20, x + 9, y - 20, y - 12);
    html! { (shaft(&path, inferred)) (head(x + 2, y - 6, -1)) }
}

/// Draws what a resource says when it is asked.
fn answer(ready: bool, x: i32, y: i32) -> Markup {
    let class = if ready { "tl-is-ready" } else { "tl-not-ready" };
    html! { circle class=(class) cx=(x) cy=(y) r="4" {} }
}

fn cross(x: i32, y: i32) -> Markup {
    html! { path .tl-cross d=(format!("M{} {}l10 10m0-10l-10 10", x - 5, y - 5)) {} }
}

/// The signs of the legend, in a box of 26 to 16.
pub(super) mod samples {
    use super::*;

    pub fn wake(inferred: bool) -> Markup {
        html! { (shaft("M13 1V8", inferred)) circle .tl-source cx="13" cy="2" r="3" {} (head(13, 15, -1)) }
    }

    pub fn spawn() -> Markup {
        html! {
            line .tl-spawn x1="13" x2="13" y1="0" y2="8" {}
            circle .tl-start cx="13" cy="11" r="4" {}
        }
    }

    pub fn answers() -> Markup {
        html! { (answer(false, 7, 8)) (answer(true, 19, 8)) }
    }

    pub fn cancelled() -> Markup {
        cross(13, 8)
    }

    pub fn finding() -> Markup {
        html! { path .tl-mark d="M13 1l8 14h-16z" {} text .tl-bang x="13" y="13" { "!" } }
    }
}
