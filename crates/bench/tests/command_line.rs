//! That it starts, measures and says what it does not know. What it measures is not asserted: the
//! machine that runs tests does other things meanwhile.

use std::process::{Command, Output};

fn bench(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bench")).args(words).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_row_has_a_figure_of_each_contender() {
    let output = bench(&["--rounds", "1", "--only", "spawn-join"]);
    assert!(output.status.success(), "{output:?}");
    let table = text(&output.stdout);
    let row = table.lines().find(|line| line.starts_with("| spawn-join ")).expect(table);
    // The floor is none of them.
    assert_eq!(row.matches('–').count(), 1 + 2, "two ratios have a range: {row}");
    assert_eq!(row.matches(" / ").count(), 4, "{row}");
}

#[test]
fn what_is_at_rest_is_measured_in_processes_of_their_own() {
    let output = bench(&["--only", "idle-task"]);
    assert!(output.status.success(), "{output:?}");
    let table = text(&output.stdout);
    let bytes = table.lines().find(|line| line.starts_with("| idle-task, bytes ")).expect(table);
    let tiny = bytes.split('|').nth(5).unwrap().trim().parse::<usize>().unwrap();
    assert!((1..=512).contains(&tiny), "{bytes}");
}

#[test]
fn an_unknown_word_gets_an_error_that_lists_the_rows() {
    for words in [&["--only", "spawn-most"][..], &["--only"], &["spawn-join"], &["--rounds", "0"]] {
        let output = bench(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert_eq!(text(&output.stdout), "");
        assert!(text(&output.stderr).starts_with("error: "), "{output:?}");
    }
    let output = bench(&["--only", "spawn-most"]);
    let error = text(&output.stderr);
    assert!(error.contains("spawn-most") && error.contains("chained-spawn"), "{error}");
}
