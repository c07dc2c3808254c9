//! What a page is made of. How it behaves is tested in a browser.

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
fn each_step_stands_in_the_list_and_over_the_picture() {
    let timeline = Timeline::example();
    let fragment = fragment(&timeline);
    let steps = Picture::of(&timeline).steps().count();
    assert_eq!(fragment.matches("<li data-from=").count(), steps);
    assert_eq!(fragment.matches("<rect class=\"tl-moment\" data-step=").count(), steps);
    assert!(fragment.contains(&format!("max=\"{steps}\"")));
}

/// A page with others beside it keeps its own look, and its own use of the keys.
#[test]
fn a_fragment_touches_nothing_outside_of_it() {
    let fragment = fragment(&Timeline::example());
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
