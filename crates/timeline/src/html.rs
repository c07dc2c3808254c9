//! A run as a page on which one steps through it, moment by moment.

use crate::model::Timeline;
use crate::picture::{Picture, RULER, RULES, Step, count, finding, following, legend, rich};
use crate::text::time;
use maud::{DOCTYPE, Markup, PreEscaped, html};

const PLAYER: &str = include_str!("html/player.js");
const STYLE: &str = include_str!("html/player.css");
const PAGE: &str = include_str!("html/page.css");

/// Returns a page that needs no other file. It follows the reader's system in light and dark.
pub fn page(timeline: &Timeline, title: &str) -> String {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                style { (PreEscaped(PAGE)) }
            }
            body { main { h1 { (title) } (player(timeline, &Picture::of(timeline), true)) } }
        }
    };
    page.into_string()
}

/// Returns the part of a page on which one steps through the first `most` steps of a run, for a page that has
/// others beside it. It follows the `color-scheme` of that page, and takes keys while the focus is in it.
pub fn fragment(timeline: &Timeline, most: usize) -> String {
    player(timeline, &Picture::of_first(timeline, most), false).into_string()
}

fn player(timeline: &Timeline, picture: &Picture<'_>, alone: bool) -> Markup {
    let steps: Vec<_> = picture.steps().collect();
    html! {
        section .tl aria-label="Timeline" data-alone[alone] {
            style { (PreEscaped(following())) (PreEscaped(RULES)) (PreEscaped(STYLE)) }
            p .tl-about { (about(timeline, steps.len())) }
            @for sentence in picture.end() { p { (sentence) } }
            @if steps.is_empty() {
                p { "Nothing happened that Tokio reports." }
            } @else {
                (found(timeline, picture))
                (view(picture))
                (moves(steps.len()))
                p .tl-now aria-live="polite" {}
                div .tl-columns {
                    div { h3 { "Steps" } (list(&steps)) }
                    div { h3 { "Signs" } (signs(picture)) (keys()) }
                }
                script { (PreEscaped(PLAYER)) }
            }
        }
    }
}

/// How long it took.
fn about(timeline: &Timeline, steps: usize) -> String {
    match steps {
        1 => format!("1 step in {}.", time(timeline.end)),
        _ => format!("{} steps in {}.", count(steps as u64), time(timeline.end)),
    }
}

fn found(timeline: &Timeline, picture: &Picture<'_>) -> Markup {
    html! {
        @if !timeline.findings.is_empty() {
            div .tl-found role="note" {
                strong {
                    svg .tl-plot width="26" height="16" viewBox="0 0 26 16" aria-hidden="true" { (finding()) }
                    "Look here"
                }
                ul {
                    @for found in &timeline.findings {
                        li {
                            (rich(&found.text)) " "
                            @if let Some(step) = picture.moment_of(found.step) {
                                button type="button" data-step=(step) { "Step " (step + 1) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn view(picture: &Picture<'_>) -> Markup {
    let (width, height) = (picture.width(), picture.height());
    let shaded = picture.shaded();
    let is_odd = |row: usize| {
        shaded.iter().any(|(first, rows)| (*first..first + rows).contains(&(row as i32)))
    };
    html! {
        div .tl-view tabindex="0" role="group" aria-label="The run" {
            div .tl-lanes {
                div .tl-corner {}
                @for (row, it) in picture.rows().enumerate() {
                    @let (name, place) = picture.label(row);
                    div .tl-lane.tl-odd[is_odd(row)] style=(format!("--depth:{}", it.depth))
                        title=[place.map(|place| format!("{name} at {place}"))] {
                        span .tl-name { (name) }
                        span .tl-state {}
                    }
                }
            }
            svg .tl-plot role="img" aria-label="The run as a picture; the list of steps says the same"
                width=(width) height=(height) viewBox=(format!("0 0 {width} {height}")) {
                (picture.plot())
                rect .tl-ahead y=(RULER) height=(height - RULER) {}
                rect .tl-cursor y="0" height=(height) {}
            }
        }
    }
}

fn moves(steps: usize) -> Markup {
    let button = |class: &str, name: &str, does: &str, paths: &[&str]| {
        html! {
            button type="button" class=[(!class.is_empty()).then_some(class)] data-move=(name) aria-label=(does) title=(does) {
                @for path in paths { svg viewBox="0 0 16 16" aria-hidden="true" { path d=(path) {} } }
            }
        }
    };
    html! {
        div .tl-moves role="group" aria-label="Step through the run" {
            (button("", "first", "First step", &["M3 3v10M13 3L6 8l7 5z"]))
            (button("tl-step", "back", "Step back", &["M10 3L5 8l5 5"]))
            (button("tl-play", "play", "Play", &["M4 2v12l9-6z", "M4 3h2v10H4zM10 3h2v10h-2z"]))
            (button("tl-step", "on", "Next step", &["M6 3l5 5-5 5"]))
            (button("", "last", "Last step", &["M13 3v10M3 3l7 5-7 5z"]))
            span .tl-place {}
            input .tl-slider type="range" min="1" max=(steps) value="1" aria-label="Step";
        }
    }
}

/// A browser without scripts shows this list. The script makes a button of each step.
fn list(steps: &[Step<'_>]) -> Markup {
    html! {
        ol .tl-steps data-column=[steps.first().map(|step| step.to - step.from)] {
            @for step in steps {
                @let states: Vec<_> =
                    step.told.states.iter().map(|(row, state)| format!("{row}:{state}")).collect();
                @let states = (!states.is_empty()).then(|| states.join(" "));
                li data-from=(step.from) data-lane=[step.row] data-states=[states] { (rich(&step.told.text)) }
            }
        }
    }
}

fn signs(picture: &Picture<'_>) -> Markup {
    html! {
        ul .tl-legend {
            @for (sign, means) in legend(picture) {
                li {
                    svg .tl-plot width="26" height="16" viewBox="0 0 26 16" aria-hidden="true" { (sign) }
                    (means)
                }
            }
        }
    }
}

fn keys() -> Markup {
    html! {
        p .tl-keys {
            kbd { "←" } " " kbd { "→" } " step, " kbd { "↑" } " " kbd { "↓" } " step of the same lane, "
            kbd { "Home" } " " kbd { "End" } " first and last, " kbd { "Space" } " plays. Or click."
        }
    }
}

#[cfg(test)]
mod tests;
