//! Lines of a given width: the time, the graph, the words, the place in the source.

use super::columns::Columns;
use super::fold::{self, Part};
use super::graph::{Cell, Graph};
use super::notes;
use super::paint::{Paint, Painter, Piece};
use super::rows::{Action, Row, Word};
use super::times::time;
use super::words;
use crate::model::{Kind, LaneId, Location, Timeline};
use std::fmt::Write;
use std::time::Duration;
use unicode_width::UnicodeWidthStr;

/// Of the times at the left.
const TIME: usize = 7;

/// Returns the width of the times, and of the signs of findings if there are any.
fn gutter(timeline: &Timeline) -> usize {
    TIME + if timeline.findings.is_empty() { 2 } else { 4 }
}

/// Words have at least this many columns, however wide the graph is: "task 12 is polled → Pending,".
const WORDS: usize = 28;

pub(super) fn lines(timeline: &Timeline, rows: &[Row], painter: &Painter) -> String {
    let columns = Columns::of(rows);
    let mut page = Page {
        timeline,
        graph: Graph::new(&columns),
        painter,
        room: room(timeline, columns.count, painter.width),
        gutter: gutter(timeline),
        is_paused: timeline.is_paused(),
        last: None,
        findings: findings(timeline),
        out: String::new(),
    };
    for part in fold::parts(timeline, rows) {
        match part {
            Part::Row(index) => page.row(index, &rows[index]),
            Part::Hidden { rows: hidden, words } => page.hidden(rows, hidden, words),
        }
    }
    page.out
}

fn findings(timeline: &Timeline) -> Vec<(usize, String)> {
    let signs = timeline.findings.iter().enumerate();
    signs.map(|(index, finding)| (finding.step, notes::sign(index))).collect()
}

/// Returns how many columns the words have beside a graph.
fn room(timeline: &Timeline, columns: usize, width: usize) -> usize {
    width.saturating_sub(gutter(timeline) + 3 * columns + 1)
}

/// Hides lanes until there is room for words: first the timers, then all resources, then what stands at the right.
/// Words tell of them all the same.
pub(super) fn fitted(timeline: &Timeline, rows: Vec<Row>, width: usize) -> Vec<Row> {
    let is_resource = |lane: LaneId| matches!(timeline.lane(lane).kind, Kind::Resource(_));
    let is_timer = |lane: LaneId| words::is_timer(timeline.lane(lane).kind);
    let has_room = |rows: &[Row]| room(timeline, Columns::of(rows).count, width) >= WORDS;
    if has_room(&rows) {
        return rows;
    }
    let rows = without(rows, is_timer);
    if has_room(&rows) {
        return rows;
    }
    let rows = without(rows, is_resource);
    if has_room(&rows) {
        return rows;
    }
    let columns = Columns::of(&rows);
    let most = (room(timeline, 0, width).saturating_sub(WORDS) / 3).max(1);
    without(rows, |lane| columns.reaches(lane, most))
}

fn without(mut rows: Vec<Row>, is_hidden: impl Fn(LaneId) -> bool) -> Vec<Row> {
    for row in &mut rows {
        row.action.marks.retain(|(lane, _)| !is_hidden(*lane));
        row.action.after.retain(|(lane, _)| !is_hidden(*lane));
        row.action.links.retain(|link| !is_hidden(link.from) && !is_hidden(link.to));
    }
    rows
}

struct Page<'a> {
    timeline: &'a Timeline,
    graph: Graph<'a>,
    painter: &'a Painter,
    room: usize,
    gutter: usize,
    is_paused: bool,
    /// The time that stands above, as it is and as text.
    last: Option<(Duration, String)>,
    /// Steps of findings that have no sign in the drawing yet.
    findings: Vec<(usize, String)>,
    out: String,
}

impl Page<'_> {
    fn row(&mut self, index: usize, row: &Row) {
        // Only a line that ends.
        if row.action.words.is_empty() {
            self.graph.row(index, row);
            return;
        }
        if self.is_later(row.at) {
            let cells = self.graph.lines(index);
            self.line("", "", &cells, "");
        }
        let cells = self.graph.row(index, row);
        self.words(index, &cells, row);
    }

    /// Tells whether a reader should see that time has passed. Of two threads the one that is drawn
    /// below may have been the first.
    fn is_later(&self, at: Duration) -> bool {
        let Some((last, text)) = &self.last else { return false };
        *text != time(at) && (self.is_paused || at.saturating_sub(*last) * 12 >= self.timeline.end)
    }

    /// Returns the time of a row if it differs from the one above.
    fn label(&mut self, at: Duration) -> String {
        let text = time(at);
        let is_new = self.last.as_ref().is_none_or(|(_, last)| *last != text);
        self.last = Some((at, text.clone()));
        if is_new { text } else { String::new() }
    }

    fn hidden(&mut self, rows: &[Row], hidden: std::ops::Range<usize>, words: Vec<Word>) {
        let last = hidden.end - 1;
        for index in hidden {
            self.graph.row(index, &rows[index]);
        }
        let note = Action::new(words).at(rows[last].at, rows[last].step);
        let cells = self.graph.lines(last + 1);
        self.words(last, &cells, &note);
    }

    fn words(&mut self, index: usize, cells: &[Cell], row: &Row) {
        let label = self.label(row.at);
        let shown = self.findings.partition_point(|(step, _)| *step <= row.step);
        let alarm = self.findings.drain(..shown).next().map(|(_, sign)| sign).unwrap_or_default();
        let mut text = wrapped(self.timeline, row, self.room, self.painter).into_iter();
        self.line(&label, &alarm, cells, &text.next().unwrap_or_default());
        let below = self.graph.lines(index + 1);
        for more in text {
            self.line("", "", &below, &more);
        }
    }

    fn line(&mut self, time: &str, alarm: &str, cells: &[Cell], words: &str) {
        let mut line = format!("{time:>width$} ", width = TIME);
        let alarm = Piece {
            text: format!("{alarm:<width$}", width = self.gutter - TIME - 1),
            paint: Paint::Alarm,
        };
        self.painter.word(&mut line, &alarm);
        for (index, cell) in cells.iter().enumerate() {
            self.painter.sign(&mut line, cell.sign, cell.lane);
            let gap = if index + 1 < cells.len() { cell.gap } else { ' ' };
            self.painter.sign(&mut line, gap, cell.gap_lane);
            self.painter.sign(&mut line, gap, cell.gap_lane);
        }
        let _ = write!(line, " {words}");
        self.out.push_str(line.trim_end());
        self.out.push('\n');
    }
}

/// Breaks the words of a row into lines: after a comma or before an arrow, if there is one.
fn wrapped(timeline: &Timeline, row: &Row, room: usize, painter: &Painter) -> Vec<String> {
    let room = room.max(WORDS);
    let wide = |pieces: &[Piece]| pieces.iter().map(|piece| piece.text.width()).sum::<usize>();
    let mut rest = pieces(timeline, row);
    let mut lines = Vec::new();
    loop {
        let indent = if lines.is_empty() { "" } else { "  " };
        let room = room - indent.len();
        let fits = |count: &usize| {
            let last = rest[count - 1].text.trim_end().width();
            wide(&rest[..count - 1]) + last <= room
        };
        // At a blank: a comma stays with the name before it.
        let may_end = |count: &usize| {
            let next = rest.get(*count).is_none_or(|next| next.text.starts_with(' '));
            next || rest[count - 1].text.ends_with(' ')
        };
        let ends = || (1..=rest.len()).filter(may_end);
        let most = ends().take_while(fits).last().or(ends().next()).unwrap_or(rest.len());
        let is_good = |count: &usize| {
            rest[count - 1].text.ends_with(", ") || rest[*count].text.starts_with('→')
        };
        let good = ends().rev().filter(|count| *count <= most && *count < rest.len()).find(is_good);
        let count = if most == rest.len() { most } else { good.unwrap_or(most) };
        let mut line = indent.to_string();
        for piece in rest.drain(..count) {
            painter.word(&mut line, &piece);
        }
        lines.push(line);
        match rest.first_mut() {
            Some(first) => first.text = first.text.trim_start().to_string(),
            None => return lines,
        }
    }
}

/// Returns the pieces that must not be broken: a name, or a word with the blank after it.
fn pieces(timeline: &Timeline, row: &Row) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut places: Vec<String> = Vec::new();
    for word in &row.action.words {
        match word {
            Word::Lane(lane) => {
                let named = timeline.lane(*lane);
                pieces.push(Piece { text: named.name.clone(), paint: Paint::Lane(*lane) });
                let place = named
                    .location
                    .as_ref()
                    .filter(|_| row.action.places.contains(lane))
                    .map(Location::to_string);
                if let Some(place) = place.filter(|place| !places.contains(place)) {
                    pieces.push(Piece { text: format!(" ({place})"), paint: Paint::Place });
                    places.push(place);
                }
            }
            Word::Plain(text) => {
                for word in text.split_inclusive(' ') {
                    match pieces.last_mut().filter(|last| last.text.ends_with("→ ")) {
                        Some(last) => last.text.push_str(word),
                        None => {
                            pieces.push(Piece { text: word.to_string(), paint: Paint::Plain });
                        }
                    }
                }
            }
        }
    }
    pieces
}
