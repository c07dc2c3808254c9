//! Promise: a drawing fits a narrow terminal and a long run.

#![cfg(tokio_unstable)] // without the flag Tokio reports nothing

use std::time::Duration;
use timeline::Drawing;
use timeline::model::{Ending, Timeline};
use tokio::time::{interval, sleep};

/// Returns the drawing of eight tasks, each with a timer of its own.
fn eight_tasks() -> Drawing {
    timeline::draw(async {
        let tasks = (1..=8).map(|millis| tokio::spawn(sleep(Duration::from_millis(millis))));
        for task in tasks.collect::<Vec<_>>() {
            task.await.unwrap();
        }
    })
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in [60, 80, 120] {
        let text = eight_tasks().width(width).to_string();
        for line in text.lines() {
            assert!(line.chars().count() <= width, "{width}: {line}");
        }
    }
}

#[test]
fn what_has_no_room_loses_its_lane_and_keeps_its_words() {
    let (narrow, wide) =
        (eight_tasks().width(50).to_string(), eight_tasks().width(150).to_string());
    assert!(wide.contains('◷') && !narrow.contains('◷'), "{narrow}");
    let words = |text: &str| {
        let words = text.split_whitespace().filter(|word| word.is_ascii());
        words.map(str::to_string).collect::<Vec<_>>().join(" ")
    };
    for sentence in ["Sleep 8 ms wakes task 8", "waits for Sleep 1 ms"] {
        assert!(words(&narrow).contains(sentence) && words(&wide).contains(sentence), "{narrow}");
    }
}

/// Beside eight lanes each one more is a line more.
#[test]
fn the_place_of_many_tasks_of_one_line_stands_there_once() {
    let text = eight_tasks().to_string();
    let (spawned, _) = text.split_once("main → Pending").unwrap();
    assert!(spawned.contains("main spawns task 8\n"), "{text}");
    assert_eq!(spawned.matches("(text.rs:").count(), 2, "of main and of its tasks: {text}");
}

#[test]
fn what_happens_again_and_again_is_drawn_once() {
    let ticks = |count| {
        timeline::draw(async move {
            let mut interval = interval(Duration::from_millis(5));
            for _ in 0..count {
                interval.tick().await;
            }
        })
    };
    let (some, many) = (ticks(100).to_string(), ticks(1000).to_string());
    assert_eq!(some.lines().count(), many.lines().count());
    assert!(some.contains("… and the same 98 times more"), "{some}");
    assert!(many.contains("… and the same 998 times more"), "{many}");
}

#[test]
fn a_very_long_drawing_loses_its_middle() {
    let text = timeline::draw(async {
        for millis in 1..=300 {
            sleep(Duration::from_millis(millis)).await;
        }
    })
    .to_string();
    assert!(text.contains("Sleep 1 ms wakes main") && text.contains("Sleep 300 ms wakes main"));
    assert!(text.contains("lines are left out here"), "{text}");
    assert!(text.lines().count() < 300);
}

fn two_timers() -> String {
    let drawing = timeline::draw(async {
        tokio::select! {
            biased;
            () = sleep(Duration::from_millis(5)) => {}
            () = sleep(Duration::from_millis(7)) => {}
        }
    });
    drawing.to_string()
}

/// The branch has no name, so its timer stands for it.
#[test]
fn the_timer_of_the_branch_that_loses_is_dropped_at_its_step() {
    let text = two_timers();
    let last = text.lines().last().unwrap().trim();
    assert_eq!(last, "●━━━━━×   main is polled, drops Sleep 7 ms, unfinished → Ready");
}

#[test]
fn a_timer_that_was_asked_and_dropped_in_one_poll_is_not_waited_for() {
    let text = timeline::draw(async {
        let nap = |millis| sleep(Duration::from_millis(millis));
        tokio::select! {
            biased;
            () = nap(7) => {}
            () = async {} => {}
        }
        nap(1).await;
    });
    let text = text.to_string();
    assert!(text.contains("main drops Sleep 7 ms"), "{text}");
    assert!(text.contains("→ Pending, waits for Sleep 1 ms"), "{text}");
}

#[test]
fn timers_that_look_the_same_are_counted() {
    let text = timeline::draw(async {
        let nap = || sleep(Duration::from_millis(7));
        tokio::join!(nap(), nap(), nap());
    });
    let text = text.to_string();
    assert!(text.contains("waits for 3 × Sleep 7 ms"), "{text}");
}

#[test]
fn a_place_that_begins_a_line_stands_below_the_words() {
    let text = two_timers();
    let column = |word: &str| {
        let line = text.lines().find(|line| line.split_whitespace().any(|it| it == word)).unwrap();
        line.chars().position(|letter| letter.is_ascii_alphabetic() || letter == '(')
    };
    let place =
        text.lines().find_map(|line| line.split(' ').next_back()?.strip_prefix("(text.rs:"));
    let place = format!("(text.rs:{}", place.unwrap());
    assert_eq!(column(&place), column("waits"), "{text}");
}

#[test]
fn colours_change_nothing_else() {
    let drawing = eight_tasks();
    let colored = drawing.clone().colored().to_string();
    assert_ne!(colored, drawing.to_string());
    assert_eq!(anstream::adapter::strip_str(&colored).to_string(), drawing.to_string());
}

#[test]
fn the_legend_has_the_signs_that_are_there() {
    let text = timeline::draw(sleepless()).with_legend().to_string();
    assert!(text.ends_with("\n\n● Ready\n"), "{text}");
    let text = eight_tasks().with_legend().to_string();
    assert!(text.contains("┊ waits") && !text.contains("panics"), "{text}");
}

async fn sleepless() {}

#[test]
fn a_panic_is_drawn_once() {
    let text = timeline::draw(async {
        let task = tokio::spawn(async { std::panic::resume_unwind(Box::new(())) });
        let ended: Result<(), _> = task.await;
        ended.unwrap_err();
    })
    .to_string();
    assert!(text.contains("◀━━‼   task 1 is polled and panics, wakes main"), "{text}");
    assert!(!text.contains("dropped"), "{text}");
}

#[test]
fn a_long_recording_says_what_is_missing_and_how_it_ended() {
    let timeline = Timeline { events_dropped: 7, ending: Ending::CutOff, ..Timeline::example() };
    let text = Drawing::new(timeline).to_string();
    assert!(
        text.contains(
            "Cut off after 10 ms.\nThe buffer was full: 7 reports are missing at the end."
        )
    );
}

#[test]
fn one_thread_has_no_lane() {
    assert!(!eight_tasks().to_string().contains("threads"));
}

#[test]
fn a_name_stays_on_its_row_and_tells_a_terminal_nothing() {
    let text = timeline::draw(async {
        let nap = Duration::from_millis(1);
        tokio::join!(timeline::named("a\x1b[31m\nb", sleep(nap)), sleep(nap));
    });
    let text = text.to_string();
    assert!(text.contains("a\\u{1b}[31m\\nb") && !text.contains('\x1b'), "{text}");
}
