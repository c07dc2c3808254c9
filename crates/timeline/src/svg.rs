//! A run as an SVG picture, for a README or a slide.

use crate::model::Timeline;
use crate::picture::{Picture, ROW, RULER, RULES, finding, legend, letters, standing_alone, width};
use crate::text::filled;
use maud::{Markup, PreEscaped, html};

/// Around all.
const MARGIN: i32 = 12;
const HEADING: i32 = 24;
/// Of a level of what is within what.
const INDENT: i32 = 14;
/// A label is cut beyond that.
const WIDEST: usize = 28;
/// Of a line of the legend.
const KEY: i32 = 24;
/// Of a line of a note.
const LINE: i32 = 17;
/// A legend needs some room.
const NARROWEST: i32 = 560;

/// Returns the picture of a run. It follows the reader's system in light and dark.
pub fn picture(timeline: &Timeline, title: &str) -> String {
    let picture = Picture::of(timeline);
    let labels = labels(&picture);
    let wide = (labels + picture.width() + 2 * MARGIN).max(NARROWEST);
    let (notes, note_lines) = notes(timeline, &picture, wide - 2 * MARGIN);
    let (keys, key_lines) = keys(&picture, wide - 2 * MARGIN);
    let top = MARGIN + HEADING;
    let below = top + picture.height() + MARGIN;
    let high = below + note_lines * LINE + key_lines * KEY + MARGIN / 2;
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" class="tl-plot" role="img" width=(wide) height=(high)
            viewBox=(format!("0 0 {wide} {high}")) aria-label=(title) {
            style { (PreEscaped(standing_alone())) (PreEscaped(RULES)) }
            rect .tl-paper x="0.5" y="0.5" width=(wide - 1) height=(high - 1) rx="8" {}
            text .tl-heading x=(MARGIN) y=(MARGIN + 10) { (title) }
            g transform=(format!("translate({MARGIN} {top})")) {
                @for (first, rows) in picture.shaded() {
                    rect .tl-shade x="0" y=(RULER + first * ROW) width=(labels) height=(rows * ROW) {}
                }
                @for (row, it) in picture.rows().enumerate() { (label(&picture, row, it.depth)) }
            }
            g transform=(format!("translate({} {top})", MARGIN + labels)) { (picture.plot()) (picture.told()) }
            g transform=(format!("translate({MARGIN} {below})")) { (notes) }
            g transform=(format!("translate({MARGIN} {})", below + note_lines * LINE)) { (keys) }
        }
    };
    lines_of(&svg.into_string())
}

/// The width of the labels.
fn labels(picture: &Picture<'_>) -> i32 {
    let own = picture.rows().enumerate().map(|(row, it)| {
        let (name, place) = picture.label(row);
        let text = width(&cut(&name)).max(place.map_or(0, |place| width(&place)));
        INDENT * it.depth as i32 + text
    });
    own.max().unwrap_or_default() + 2 * MARGIN
}

/// `name`, and below it where it is made.
fn label(picture: &Picture<'_>, row: usize, depth: usize) -> Markup {
    let (name, place) = picture.label(row);
    let (x, y) = (6 + INDENT * depth as i32, RULER + row as i32 * ROW);
    html! {
        @if depth > 0 {
            path .tl-twig d=(format!("M{} {y}V{}h6", x - 9, y + ROW / 2)) {}
        }
        @match place {
            Some(place) => {
                text .tl-name x=(x) y=(y + 15) { (cut(&name)) }
                text x=(x) y=(y + 28) { (place) }
            }
            None => text .tl-name x=(x) y=(y + 21) { (cut(&name)) },
        }
    }
}

/// A long name with a sign that there is more.
fn cut(name: &str) -> String {
    let mut start: String = name.chars().take(WIDEST).collect();
    if start.len() < name.len() {
        start.push('…');
    }
    start
}

/// Returns what was found, and how it ended, in lines of at most `wide`, and how many lines that takes.
fn notes(timeline: &Timeline, picture: &Picture<'_>, wide: i32) -> (Markup, i32) {
    const INDENT: i32 = 32;
    let found = timeline.findings.iter().map(|finding| (true, finding.text.replace('`', "")));
    let notes = found.chain(picture.end().into_iter().map(|note| (false, note)));
    let mut line = 0;
    let mut placed = Vec::new();
    for (is_found, note) in notes {
        let lines = filled(&note, letters(wide - INDENT));
        placed.extend(
            lines
                .into_iter()
                .enumerate()
                .map(|(at, text)| (line + at as i32, is_found && at == 0, text)),
        );
        line = placed.len() as i32;
    }
    let notes = html! {
        @for (line, is_found, text) in placed {
            @if is_found {
                g transform=(format!("translate(0 {})", line * LINE)) { (finding()) }
            }
            text .tl-note x=(INDENT) y=(line * LINE + 12) { (text) }
        }
    };
    // A line of room below them.
    (notes, if line > 0 { line + 1 } else { 0 })
}

/// The legend in lines of at most `wide`, and how many lines that takes.
fn keys(picture: &Picture<'_>, wide: i32) -> (Markup, i32) {
    let (mut x, mut line) = (0, 0);
    let mut placed = Vec::new();
    for (sign, means) in legend(picture) {
        let own = 26 + 6 + width(means) + 16;
        if x > 0 && x + own > wide {
            (x, line) = (0, line + 1);
        }
        placed.push((x, line * KEY, sign, means));
        x += own;
    }
    let keys = html! {
        @for (x, y, sign, means) in placed {
            g transform=(format!("translate({x} {y})")) { (sign) text x="32" y="12" { (means) } }
        }
    };
    (keys, line + 1)
}

/// An element a line: a change of a picture can be read.
fn lines_of(svg: &str) -> String {
    svg.replace("><", ">\n<").replace(">\n</", "></") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Ending, Finding, FindingKind};

    #[test]
    fn a_picture_is_well_formed_whatever_is_named() {
        let mut timeline = Timeline::example();
        timeline.lanes[2].name = "<b>&\u{1b}".repeat(20);
        let svg = picture(&timeline, "<a> & b");
        let document = roxmltree::Document::parse(&svg).unwrap();
        let texts = || document.descendants().filter(|it| it.has_tag_name("text"));
        assert!(texts().any(|it| it.text() == Some("<a> & b")));
        let name = texts().find(|it| it.text().is_some_and(|it| it.starts_with("<b>"))).unwrap();
        assert!(name.text().unwrap().ends_with('…'), "a long name is cut");
    }

    #[test]
    fn what_was_found_and_how_it_ended_stands_below_the_picture() {
        let mut timeline = Timeline::example();
        let (high, plain) = (height(&timeline), picture(&timeline, ""));
        assert!(!plain.contains(NOTE), "{plain}");
        let text = "It took long, so long that it must be told in more than one line, ".repeat(3);
        let lane = timeline.lanes[1].id;
        let kind = FindingKind::LongPoll;
        timeline.findings.push(Finding { kind, lane, step: 2, text });
        timeline.ending = Ending::CutOff;
        let svg = picture(&timeline, "");
        let notes = svg.matches(NOTE).count() as i32;
        assert!(notes > 3 && svg.contains("There the recording was cut off."), "{svg}");
        assert_eq!(height(&timeline) - high, (notes + 1) * LINE);
    }

    const NOTE: &str = "<text class=\"tl-note\"";

    fn height(timeline: &Timeline) -> i32 {
        let svg = picture(timeline, "");
        let (_, rest) = svg.split_once(" height=\"").unwrap();
        rest.split('"').next().unwrap().parse().unwrap()
    }
}
