//! Colours: one a lane.

use crate::model::LaneId;
use anstyle::{AnsiColor, Effects, Style};
use std::fmt::Write;

pub(super) struct Painter {
    pub width: usize,
    pub is_colored: bool,
}

/// Words that stand together.
pub(super) struct Piece {
    pub text: String,
    pub paint: Paint,
}

pub(super) enum Paint {
    Plain,
    Lane(LaneId),
    Place,
    /// Of what deserves a look.
    Alarm,
}

/// Readable on a dark and on a light background.
const COLORS: [AnsiColor; 6] = [
    AnsiColor::Blue,
    AnsiColor::Magenta,
    AnsiColor::Green,
    AnsiColor::Cyan,
    AnsiColor::Red,
    AnsiColor::Yellow,
];

impl Painter {
    pub(super) fn sign(&self, out: &mut String, sign: char, lane: Option<LaneId>) {
        match lane.filter(|_| sign != ' ') {
            Some(lane) => self.put(out, &sign.to_string(), color(lane)),
            None => out.push(sign),
        }
    }

    pub(super) fn word(&self, out: &mut String, piece: &Piece) {
        match piece.paint {
            Paint::Plain => out.push_str(&piece.text),
            Paint::Lane(lane) => self.put(out, &piece.text, color(lane).bold()),
            Paint::Alarm => self.put(out, &piece.text, AnsiColor::Red.on_default().bold()),
            Paint::Place => self.put(out, &piece.text, Style::new().effects(Effects::DIMMED)),
        }
    }

    fn put(&self, out: &mut String, text: &str, style: Style) {
        let _ = match self.is_colored {
            true => write!(out, "{style}{text}{style:#}"),
            false => write!(out, "{text}"),
        };
    }
}

fn color(lane: LaneId) -> Style {
    Style::new().fg_color(Some(COLORS[lane.0 as usize % COLORS.len()].into()))
}
