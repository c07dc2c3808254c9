//! The parts of a page. How it behaves is tested in a browser.

use super::*;
use crate::model::{Ending, Finding, FindingKind};

fn found_something() -> Timeline {
    let mut timeline = Timeline::example();
    let task = timeline.lanes.iter().find(|lane| lane.name == "task 1").unwrap().id;
    let step = timeline.of(task).nth(1).unwrap().0;
    let text = "It took <long>.".to_string();
    timeline.findings.push(Finding { kind: FindingKind::LongPoll, lane: task, step, text });
    timeline
}

#[test]
fn a_page_needs_nothing_else_and_is_small() {
    let page = page(&Timeline::example(), "An example");
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{page}");
    for elsewhere in ["http:", "https:", "src=", "href=", "@import", "url("] {
        assert!(!page.contains(elsewhere), "{elsewhere}");
    }
    assert!(page.len() < 30_000, "{}", page.len());
}

#[test]
fn a_name_is_never_markup() {
    let mut timeline = found_something();
    timeline.lanes[2].name = "<b>`fetch`</b>\u{1b}</script>".to_string();
    let page = page(&timeline, "<i>title</i>");
    for raw in ["<b>", "</b>", "<i>", "<long>", "\u{1b}"] {
        assert!(!page.contains(raw), "{raw}");
    }
    assert_eq!(page.matches("</script>").count(), 1);
    assert!(page.contains("&lt;b&gt;'fetch'&lt;/b&gt;\u{fffd}&lt;/script&gt;"));
}

#[test]
fn each_step_stands_in_the_list_once() {
    let timeline = Timeline::example();
    let fragment = fragment(&timeline, 100);
    let steps = Picture::of(&timeline).steps().count();
    assert_eq!(fragment.matches("<li data-from=").count(), steps);
    assert_eq!(fragment.matches("10 ms later").count(), 1);
    assert!(fragment.contains(&format!("max=\"{steps}\"")));
}

#[test]
fn a_fragment_has_the_first_steps_and_says_how_many_are_missing() {
    let timeline = Timeline::example();
    let all = Picture::of(&timeline).steps().count();
    let fragment = fragment(&timeline, 2);
    assert_eq!(fragment.matches("<li data-from=").count(), 2);
    assert!(fragment.contains(&format!("{} later steps are not drawn.", all - 2)), "{fragment}");
    assert!(fragment.contains("main") && !fragment.contains("fetch"), "no lane begins later");
    let edge = format!("<rect class=\"tl-bar\" x=\"{}\"", Picture::of_first(&timeline, 2).width());
    assert!(!fragment.contains(&edge), "a poll beyond it is no sign at its edge: {fragment}");
}

/// A page with others beside it keeps its own look, and its own use of the keys.
#[test]
fn a_fragment_touches_nothing_outside_of_it() {
    let fragment = fragment(&Timeline::example(), 100);
    let alone = "aria-label=\"Timeline\" data-alone";
    assert!(!fragment.contains(alone));
    assert!(page(&Timeline::example(), "").contains(alone));
    let style = [STYLE, RULES].concat();
    for rule in style.lines().filter(|line| line.contains('{') && !line.starts_with('@')) {
        let selectors = rule.split('{').next().unwrap_or_default();
        assert!(
            selectors.split(", ").all(|it| it.starts_with(".tl") || it.starts_with('[')),
            "{rule}"
        );
    }
}

#[test]
fn a_finding_leads_to_its_step() {
    let timeline = found_something();
    let page = page(&timeline, "");
    let step = Picture::of(&timeline).moment_of(timeline.findings[0].step).unwrap();
    let button = format!(
        "It took &lt;long&gt;. <button type=\"button\" data-step=\"{step}\">Step {}</button>",
        step + 1
    );
    assert!(page.contains(&button), "{page}");
    assert!(page.contains("tl-mark"));
}

#[test]
fn an_empty_run_says_so() {
    let mut timeline = Timeline::example();
    timeline.events.clear();
    let page = page(&timeline, "");
    assert!(page.contains("Nothing happened that Tokio reports"), "{page}");
    assert!(!page.contains("<script>"));
}

#[test]
fn what_is_missing_is_said() {
    let mut timeline = Timeline::example();
    timeline.events_dropped = 12_345;
    timeline.ending = Ending::CutOff;
    let page = page(&timeline, "");
    assert!(page.contains("12,345 later events are not recorded"), "{page}");
    assert!(page.contains("There the recording was cut off"), "{page}");
}
