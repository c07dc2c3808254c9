//! Writes the notes below a drawing: how the run ended, what is missing, the findings.

use super::paint::{Paint, Painter, Piece};
use super::times::time;
use crate::model::{Ending, Finding, Kind, Outcome, Timeline, What};
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr;

/// The sign of the finding with this index. It stands in the drawing as well.
pub(super) fn sign(index: usize) -> String {
    format!("!{}", index + 1)
}

pub(super) fn notes(timeline: &Timeline, painter: &Painter) -> String {
    let mut out = String::new();
    let mut add = |sign: &str, text: &str| {
        let indent = if sign.is_empty() { 0 } else { 4 };
        for (index, line) in filled(text, painter.width.max(40) - indent).iter().enumerate() {
            if index == 0 && !sign.is_empty() {
                let sign = Piece { text: format!("{sign:<indent$}"), paint: Paint::Alarm };
                painter.word(&mut out, &sign);
            } else {
                out.push_str(&" ".repeat(indent));
            }
            out.push_str(line);
            out.push('\n');
        }
    };
    match timeline.ending {
        Ending::Finished => {}
        Ending::Stalled => add("", &stalled(timeline)),
        Ending::CutOff => add("", &format!("Cut off after {}.", time(timeline.end))),
    }
    if timeline.events_dropped > 0 {
        add(
            "",
            &format!(
                "The buffer was full: {} reports are missing at the end.",
                timeline.events_dropped
            ),
        );
    }
    for (index, Finding { text, .. }) in timeline.findings.iter().enumerate() {
        add(&sign(index), text);
    }
    out
}

/// Names who waits: nothing is left that could wake them.
pub(crate) fn stalled(timeline: &Timeline) -> String {
    let mut waits = BTreeSet::new();
    for event in &timeline.events {
        match event.what {
            What::PollEnd { outcome: Outcome::Pending, .. } => _ = waits.insert(event.lane),
            What::PollEnd { .. } | What::Dropped { .. } => _ = waits.remove(&event.lane),
            _ => {}
        }
    }
    let lanes = waits.into_iter().map(|lane| timeline.lane(lane));
    let names: Vec<_> =
        lanes.filter(|lane| lane.kind != Kind::Future).map(|lane| lane.name.as_str()).collect();
    match names.as_slice() {
        [] => "Nothing more can happen.".to_string(),
        [name] => format!("Nothing more can happen: {name} waits, and nothing will wake it."),
        [names @ .., last] => {
            let names = names.join(", ");
            format!("Nothing more can happen: {names} and {last} wait, and nothing will wake them.")
        }
    }
}

/// Breaks a text into lines.
pub(crate) fn filled(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is one from the start");
        if !line.is_empty() && line.width() + 1 + word.width() > width {
            lines.push(word.to_string());
            continue;
        }
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines
}
