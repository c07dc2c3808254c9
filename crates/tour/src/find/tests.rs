//! Whether people are shown what they must be, for what they really type.

mod asked;
mod service;

use super::*;
use std::sync::LazyLock;
use unicode_width::UnicodeWidthStr;

const SCREEN: Screen = Screen::PIPE;

fn found(words: &str, screen: Screen) -> Result<String, Failure> {
    static INDEX: LazyLock<Index> = LazyLock::new(|| {
        Index::of(map::documents(), Path::new(crate::WORKSPACE), Language::English)
    });
    let found = INDEX.find(words, screen)?;
    Ok(anstream::adapter::strip_str(&found).to_string())
}

/// The commands that are found, best first.
fn commands(words: &str) -> Vec<String> {
    let text = found(words, SCREEN).unwrap_or_else(|failure| panic!("{words}: {failure:?}"));
    // Each second line is a command.
    let lines = text.lines().skip(1).step_by(2).map(str::trim);
    lines.map(|line| line.strip_prefix("cargo run ").unwrap_or(line).into()).collect()
}

#[test]
fn what_people_type_finds_what_they_need_among_the_first_three() {
    assert_among(3, asked::AMONG_THREE);
}

#[test]
fn what_people_report_finds_its_program_first() {
    assert_among(1, asked::FIRST);
}

#[test]
fn what_people_type_in_their_own_words_finds_what_they_need_first() {
    assert_among(1, asked::TYPED);
}

#[test]
fn a_symptom_leads_to_the_incident_that_has_it() {
    for (words, incident) in asked::INCIDENTS {
        let found = commands(words);
        assert!(found.contains(&format!("-p incidents -- start {incident}")), "{words}: {found:?}");
    }
}

/// The README prints them, so the incidents themselves do.
#[test]
fn every_incident_is_found_by_the_first_line_of_its_report() {
    let readme = Path::new(crate::WORKSPACE).join("crates/sections/incidents/README.md");
    let readme = std::fs::read_to_string(readme).unwrap().replace("\r\n", "\n");
    let (_, list) = readme.split_once("\n$ cargo run -p incidents -- start\n").unwrap();
    let (list, _) = list.split_once("\n\n$ ").unwrap();
    let (_, list) = list.rsplit_once("\n\n").unwrap();
    let row = |line: &str| {
        line.trim().split_once("  ").map(|(name, rest)| format!("{name}: {}", rest.trim()))
    };
    let shown: Vec<_> = list.lines().filter_map(row).collect();
    let known = map::incidents().iter().map(|it| format!("{}: {}", it.name, it.problem.en));
    assert_eq!(shown, known.collect::<Vec<_>>());
}

fn assert_among(first: usize, table: &[(&str, &str)]) {
    let mut wrong = String::new();
    for &(words, expected) in table {
        let is_one = |command: &String| {
            expected.split('|').any(|name| match name.split_once('/') {
                Some((krate, file)) => *command == format!("-p {krate} -- {file}"),
                None => *command == format!("-- copy {name} FOLDER"),
            })
        };
        let found: Vec<_> = commands(words).into_iter().take(first).collect();
        if !found.iter().any(is_one) {
            wrong += &format!("{words}: {found:?}, not {expected}\n");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// A user who pastes the symptom runs the first answer.
#[test]
fn a_symptom_finds_the_program_that_shows_it_first() {
    for (symptom, program) in [
        ("file is empty", "io-driver -- unflushed"),
        ("futurelock", "cancellation -- futurelock"),
        ("select hangs", "cancellation -- futurelock"),
        ("select precondition", "join-select -- guarded_expression"),
        ("recursive read", "anti-patterns -- two_reads"),
        ("buffered deadlock", "async-streams -- buffered"),
        ("connection closed before message completed", "error-handling -- closed_connection"),
        ("stdin", "blocking-work -- stdin"),
        ("set_nonblocking", "io-driver -- blocking_socket"),
        ("EADDRINUSE", "graceful-shutdown -- socket_file"),
        ("client disconnect", "cancellation -- client_leaves"),
        ("dispatch task is gone", "async-await -- two_runtimes"),
        ("hangs until Enter", "blocking-work -- stdin"),
        ("interval fires too often", "timer-wheel -- missed_ticks"),
    ] {
        assert_eq!(commands(symptom)[0], format!("-p {program}"), "{symptom}");
    }
}

#[test]
fn sections_and_statements_are_found_by_their_own_words() {
    for (words, command) in [
        ("ライフタイム", "-- guide 3.4"),
        ("グレースフルシャットダウン", "-- guide 10.1"),
        ("work-stealing", "-- deep-dive 6.4"),
        ("G-4.4-3", "-- statements --id G-4.4-3"),
        ("Ｄ－６－３", "-- statements --id D-6-3"),
    ] {
        let found = commands(words);
        assert!(found.iter().take(3).any(|it| it == command), "{words}: {found:?}");
    }
}

#[test]
fn the_order_and_the_form_of_the_words_do_not_matter_much() {
    let best = |words| commands(words).swap_remove(0);
    for words in ["retries with backoff", "backoff retrying", "RETRY, BACKOFF!", "how do I retry"] {
        assert_eq!(best(words), "-- copy retry FOLDER", "{words}");
    }
    assert_eq!(best("join set"), best("JoinSet"));
}

#[test]
fn the_same_question_has_the_same_answer() {
    let answers: Vec<_> = (0..3).map(|_| commands("semafore deadlok")).collect();
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:?}");
}

#[test]
fn it_fits_the_screen_that_there_is() {
    for (width, height) in
        [(80, None), (80, Some(24)), (40, Some(10)), (100, Some(60)), (20, Some(1))]
    {
        let screen = Screen { width, height, ..SCREEN };
        let text = found("task", screen).unwrap();
        let lines = text.lines().count();
        assert!(lines <= usize::max(height.unwrap_or(24) - 1, 2), "{lines} of {height:?}");
        let texts = text.lines().step_by(2).map(UnicodeWidthStr::width);
        assert!(texts.max().unwrap() <= width, "{width}: {text}");
    }
}

#[test]
fn nothing_is_an_error() {
    let nothing = |words| format!("{:?}", found(words, SCREEN).unwrap_err());
    assert!(nothing("xyzzyplugh").contains("code: 2"));
    assert!(nothing("xyzzyplugh").contains("nothing is found for xyzzyplugh"));
    assert!(nothing("!!!").contains("nothing is found"));
}

/// Without a checkout, as after `cargo install`, a snippet is found by its name.
#[test]
fn without_the_sources_names_are_found() {
    let index = Index::of(map::documents(), Path::new("/nowhere"), Language::English);
    let found = index.find("lifo_slot", SCREEN).unwrap();
    assert!(found.contains("cargo run -p scheduler -- lifo_slot"), "{found}");
}

#[test]
fn an_escape_is_no_word() {
    let asked = |words: &[&str]| asked(words.iter().map(ToString::to_string));
    assert_eq!(asked(&["\x1b[1m\x1b[31mretry\x1b[0m\n", "back\x07off"]), "retry  backoff");
    assert_eq!(asked(&["\x1b[31m", "\u{1b}"]), "");
    assert!(format!("{:?}", found("", SCREEN).unwrap_err()).contains("has no words"));
}

/// The same answer as that to its beginning: nobody waits for the rest.
#[test]
fn of_a_whole_log_the_beginning_counts() {
    let beginning = "retry ".repeat(question::MOST);
    let log = beginning.clone() + &"semaphore deadlock ".repeat(10_000);
    assert_eq!(commands(&log), commands(&beginning));
    assert_ne!(commands(&log), commands(&log.replace("retry ", "")));
    let nothing = format!("{:?}", found(&"xyzzyplugh ".repeat(20_000), SCREEN).unwrap_err());
    assert!(nothing.len() < 400, "{}", nothing.len());
}

/// The language of the question does not matter.
#[test]
fn a_reader_of_japanese_is_answered_in_japanese() {
    let screen = Screen { language: Language::Japanese, ..SCREEN };
    let index = Index::of(map::documents(), Path::new(crate::WORKSPACE), Language::Japanese);
    let retry = map::recipes().iter().find(|recipe| recipe.name == "retry").unwrap();
    let expected =
        format!("レシピ  {}\n        cargo run -- copy retry FOLDER\n", cut(retry.problem.ja, 72));
    for words in ["retry", "リトライ"] {
        let text = index.find(words, screen).unwrap();
        let text = anstream::adapter::strip_str(&text).to_string();
        assert!(text.contains(&expected), "{text}");
        assert!(text.lines().step_by(2).all(|line| line.width() <= 80), "{text}");
    }
}
