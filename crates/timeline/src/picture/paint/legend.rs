//! The meaning of the signs that a picture has.

use super::signs::samples;
use crate::model::{Kind, Outcome, State, What};
use crate::picture::Picture;
use crate::shifts::threads;
use maud::{Markup, html};

/// Returns each sign of the picture in a box of 26 to 16, and its meaning.
pub(crate) fn legend(picture: &Picture<'_>) -> Vec<(Markup, &'static str)> {
    let there = signs(picture).into_iter().filter(|(is_there, ..)| *is_there);
    there.map(|(_, sign, means)| (sign, means)).collect()
}

/// Returns all signs, and of each whether the picture has it.
fn signs(picture: &Picture<'_>) -> [(bool, Markup, &'static str); 13] {
    let timeline = picture.timeline;
    let events = || timeline.events.iter();
    let ends = |outcome| {
        events().any(|it| matches!(it.what, What::PollEnd { outcome: it, .. } if it == outcome))
    };
    let states: Vec<_> = timeline
        .lanes
        .iter()
        .flat_map(|lane| picture.events.segments(lane.id))
        .map(|it| it.state)
        .collect();
    let has = |state| states.contains(&state);
    let spawned = timeline.lanes.iter().any(|it| matches!(it.kind, Kind::Task | Kind::Closure));
    let asked = events().any(|it| matches!(it.what, What::ResourcePoll { .. }));
    let held = events().any(|it| matches!(it.what, What::Acquired { .. }));
    let cancelled = events().any(|it| it.what == What::Dropped { finished: false });
    let asleep = threads(timeline)
        .iter()
        .any(|thread| timeline.of(*thread).any(|(_, it)| it.what == What::Parked));
    let wakes = |inferred| timeline.wakes().any(|arrow| arrow.inferred == inferred);
    [
        (ends(Outcome::Pending), bar("tl-bar"), "polled: Pending"),
        (ends(Outcome::Ready), bar("tl-bar tl-ready"), "polled: Ready"),
        (ends(Outcome::Panicked), bar("tl-bar tl-panicked"), "panicked"),
        (has(State::Waiting), line("tl-waits"), "waits"),
        (has(State::Woken), line("tl-woken"), "woken, to be polled"),
        (wakes(false), samples::wake(false), "wakes"),
        (wakes(true), samples::wake(true), "wakes, as the next poll shows"),
        (spawned, samples::spawn(), "spawned"),
        (asked, samples::answers(), "asked: not ready, ready"),
        (held, line("tl-held"), "taken"),
        (cancelled, samples::cancelled(), "cancelled"),
        (asleep, line("tl-asleep"), "the thread sleeps"),
        (!picture.columns.gaps.is_empty(), gap(), "time passes"),
    ]
}

fn bar(class: &str) -> Markup {
    html! { rect class=(class) x="2" y="0" width="22" height="16" rx="3" {} }
}

fn line(class: &str) -> Markup {
    html! { line class=(class) x1="2" x2="24" y1="8" y2="8" {} }
}

fn gap() -> Markup {
    html! { rect .tl-gap x="2.5" y="0.5" width="21" height="15" {} }
}
