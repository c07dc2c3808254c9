//! `find` as people type it, in a shell.

use std::process::{Command, Output};

fn tour(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_tour")).args(words).env("TOUR_LANG", "en").output().unwrap()
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

#[test]
fn words_need_no_quotes_and_the_answer_is_a_screen() {
    let plain = tour(&["find", "limit", "concurrency"]);
    let quoted = tour(&["find", "limit concurrency"]);
    assert!(plain.status.success(), "{plain:?}");
    assert_eq!(plain, quoted);
    let found = text(plain.stdout);
    let first = "recipe     Work on the items of a stream, a limited number at a time\n           \
                 cargo run -- copy limit_concurrency FOLDER\n";
    assert!(found.starts_with(first), "{found}");
    assert!((4..24).contains(&found.lines().count()), "{found}");
}

#[test]
fn what_a_screen_has_no_room_for_is_counted_on_stderr() {
    let output = tour(&["find", "deadlock"]);
    let shown = text(output.stdout).lines().count() / 2;
    let said = text(output.stderr);
    let all = said.strip_prefix(&format!("the best {shown} of "));
    let (all, _) = all.and_then(|it| it.split_once(':')).expect(&said);
    assert!(all.parse::<usize>().unwrap() > shown, "{said}");
    assert_eq!(text(tour(&["find", "debounce"]).stderr), "");
}

#[test]
fn a_misspelt_word_is_said_on_stderr() {
    let output = tour(&["find", "semafore"]);
    assert_eq!(text(output.stderr), "semaphore for semafore\n");
    assert!(output.status.success() && !output.stdout.is_empty());
}

#[test]
fn nothing_found_is_an_error() {
    for words in [&["find", "xyzzyplugh"][..], &["find", "\x1b[31m"], &["find", "!?"]] {
        let output = tour(words);
        let said = text(output.stderr);
        assert_eq!((output.status.code(), output.stdout), (Some(2), vec![]), "{words:?}: {said}");
        assert!(said.starts_with("error: nothing is found for "), "{said}");
        assert!(!said.contains('\x1b'), "{said:?}");
    }
    assert_eq!(tour(&["find"]).status.code(), Some(2));
}

/// Whatever it is given to.
#[test]
fn an_unknown_word_points_to_the_search() {
    let search = |words| format!("`cargo run -- find {words}` searches for it\n");
    for (words, word) in [
        (&["semaphore"][..], "semaphore"),
        (&["giude"], "giude"),
        (&["guide", "deadlock"], "deadlock"),
        (&["deep-dive", "rate limit"], "'rate limit'"),
        (&["copy", "semaphore", "app"], "semaphore"),
        (&["quiz", "deadlock"], "deadlock"),
        (&["statements", "--id", "deadlock"], "deadlock"),
        (&["statements", "--section", "select"], "select"),
    ] {
        let output = tour(words);
        let said = text(output.stderr);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert!(said.contains(&search(word)), "{words:?}: {said}");
    }
    // A number is looked up, not searched for.
    assert!(!text(tour(&["guide", "4.11"]).stderr).contains("searches"));
}
