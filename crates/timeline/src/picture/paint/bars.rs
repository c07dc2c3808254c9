//! Draws a lane over time: a bar while it is polled, a line while it is not.

use super::level;
use crate::model::{Kind, Lane, LaneId, Outcome, Segment, State, What};
use crate::picture::Picture;
use crate::picture::rows::Who;
use crate::shifts::{Shift, shifts};
use maud::{Markup, html};

/// Half the height of a bar.
const HALF: i32 = 8;

impl Picture<'_> {
    pub(super) fn bars(&self) -> Markup {
        html! {
            @for (row, it) in self.rows.all.iter().enumerate() {
                @match &it.who {
                    Who::Lanes(lanes) => {
                        @for lane in lanes { (self.lane(row, self.timeline.lane(*lane))) }
                    }
                    Who::Runtime | Who::Thread => (line("tl-new", level(row), 0, self.width())),
                }
            }
        }
    }

    fn lane(&self, row: usize, lane: &Lane) -> Markup {
        let segments = self.events.segments(lane.id);
        html! {
            @match lane.kind {
                Kind::Worker => (self.thread(row, lane.id)),
                Kind::Resource(_) => {
                    @for Segment { from, until, .. } in &segments {
                        (line("tl-there", level(row), self.edge(*from), self.edge(*until)))
                    }
                    (self.held(row, lane.id))
                }
                _ => { @for segment in &segments { (self.segment(row, segment)) } }
            }
        }
    }

    fn segment(&self, row: usize, &Segment { state, from, until }: &Segment) -> Markup {
        let (left, right) = (self.edge(from), self.edge(until));
        let y = level(row);
        // A poll beyond the picture would be a sign at its edge.
        if left >= self.width() {
            return html! {};
        }
        match state {
            State::New => line("tl-new", y, left, right),
            State::Waiting => line("tl-waits", y, left, right),
            State::Woken => line("tl-woken", y, left, right),
            State::Done => html! {},
            State::Polled => bar(self.outcome(until), y, left, right),
        }
    }

    fn edge(&self, step: usize) -> i32 {
        self.columns.edge(self.timeline, step)
    }

    fn outcome(&self, end: usize) -> &'static str {
        match self.timeline.events.get(end).map(|event| event.what) {
            Some(What::PollEnd { outcome: Outcome::Ready, .. }) => "tl-bar tl-ready",
            Some(What::PollEnd { outcome: Outcome::Panicked, .. }) => "tl-bar tl-panicked",
            _ => "tl-bar",
        }
    }

    /// While somebody has a lock, or permits.
    fn held(&self, row: usize, lane: LaneId) -> Markup {
        let mut since = None;
        let mut held = Vec::new();
        for (step, event) in self.events.of(lane) {
            match event.what {
                What::Acquired { .. } => since = since.or(Some(step)),
                What::Released { .. } => held.extend(since.take().map(|since| (since, step))),
                _ => {}
            }
        }
        held.extend(since.map(|since| (since, self.timeline.events.len())));
        html! {
            @for (from, until) in held {
                (line("tl-held", level(row), self.edge(from), self.edge(until)))
            }
        }
    }

    /// Draws what a thread polls, and when it sleeps.
    fn thread(&self, row: usize, thread: LaneId) -> Markup {
        let y = level(row);
        html! {
            @for Shift { polls, from, until } in shifts(self.timeline, thread) {
                @let (left, right) = (self.edge(from), self.edge(until));
                @match polls {
                    _ if left >= self.width() => {}
                    Some(_) => (bar(self.outcome(until), y, left, right)),
                    None => (line("tl-asleep", y, left, right)),
                }
            }
        }
    }
}

fn bar(class: &str, y: i32, left: i32, right: i32) -> Markup {
    html! {
        rect class=(class) x=(left) y=(y - HALF) width=((right - left).max(1)) height=(2 * HALF) rx="3" {}
    }
}

fn line(class: &str, y: i32, left: i32, right: i32) -> Markup {
    html! {
        @if right > left { line class=(class) x1=(left) x2=(right) y1=(y) y2=(y) {} }
    }
}
