//! Draws once what happens again and again, and leaves out the middle of a very long drawing.

use super::rows::{Line, Link, Mark, Row, Word, plain};
use crate::model::{Kind, LaneId, Timeline};

/// The longest block that is looked for.
const BLOCK: usize = 12;

/// Fewer repetitions stay as they are.
const TIMES: usize = 3;

/// Of a long drawing, this many rows are drawn at its beginning and at its end.
const HEAD: usize = 120;
const TAIL: usize = 40;

/// A row, or how many rows are left out.
pub(super) enum Part {
    Row(usize),
    /// The rows before this one say the same again and again, or are too many.
    Hidden {
        rows: std::ops::Range<usize>,
        words: Vec<Word>,
    },
}

pub(super) fn parts(timeline: &Timeline, rows: &[Row]) -> Vec<Part> {
    shortened(repeated(timeline, rows))
}

fn repeated(timeline: &Timeline, rows: &[Row]) -> Vec<Part> {
    let shapes: Vec<_> = rows.iter().map(|row| shape(timeline, row)).collect();
    let mut parts = Vec::new();
    let mut index = 0;
    while index < rows.len() {
        let (block, times) = longest(&shapes[index..]);
        if times < TIMES {
            parts.push(Part::Row(index));
            index += 1;
            continue;
        }
        parts.extend((index..index + block).map(Part::Row));
        let hidden = index + block..index + block * times;
        let words = vec![plain(&format!("… and the same {} times more", times - 1))];
        index = hidden.end;
        parts.push(Part::Hidden { rows: hidden, words });
    }
    parts
}

/// Returns the block at the beginning that repeats, and how often it stands there. Of several, the
/// one that covers most.
fn longest(shapes: &[Shape]) -> (usize, usize) {
    let times = |block: usize| {
        let (first, rest) = shapes.split_at(block);
        1 + rest.chunks_exact(block).take_while(|next| *next == first).count()
    };
    let blocks = (1..=BLOCK.min(shapes.len())).map(|block| (block, times(block)));
    let repeated = blocks.filter(|(_, times)| *times >= TIMES);
    // `rev`, since of equals the last is the maximum.
    repeated.rev().max_by_key(|(block, times)| block * times).unwrap_or((1, 1))
}

/// The look of a row. Two timers of one place look the same.
#[derive(Debug, PartialEq, Eq)]
struct Shape {
    marks: Vec<(Who, Mark)>,
    links: Vec<(Who, Who)>,
    words: Vec<Result<Who, String>>,
    after: Vec<(Who, Line)>,
}

#[derive(Debug, PartialEq, Eq)]
enum Who {
    Lane(LaneId),
    Resource(String),
}

fn shape(timeline: &Timeline, row: &Row) -> Shape {
    let who = |lane: LaneId| match timeline.lane(lane).kind {
        Kind::Resource(_) => Who::Resource(timeline.lane(lane).name.clone()),
        _ => Who::Lane(lane),
    };
    Shape {
        marks: row.action.marks.iter().map(|(lane, mark)| (who(*lane), *mark)).collect(),
        links: row
            .action
            .links
            .iter()
            .map(|Link { from, to, .. }| (who(*from), who(*to)))
            .collect(),
        words: row
            .action
            .words
            .iter()
            .map(|word| match word {
                Word::Lane(lane) => Ok(who(*lane)),
                Word::Plain(text) => Err(text.clone()),
            })
            .collect(),
        after: row.action.after.iter().map(|(lane, line)| (who(*lane), *line)).collect(),
    }
}

fn shortened(mut parts: Vec<Part>) -> Vec<Part> {
    if parts.len() <= HEAD + TAIL {
        return parts;
    }
    let middle: Vec<Part> = parts.drain(HEAD..parts.len() - TAIL).collect();
    let first = |part: &Part| match part {
        Part::Row(index) => *index..index + 1,
        Part::Hidden { rows, .. } => rows.clone(),
    };
    let rows = first(&middle[0]).start..first(&middle[middle.len() - 1]).end;
    let words = vec![plain(&format!("… {} lines are left out here", rows.len()))];
    parts.insert(HEAD, Part::Hidden { rows, words });
    parts
}
