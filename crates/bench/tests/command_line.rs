//! That it starts, measures and says what it does not know. What it measures is not asserted: the
//! machine that runs tests does other things meanwhile.

use serde_json::json;
use std::fs;
use std::process::{Command, Output};
use tempfile::TempDir;

fn bench(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bench")).args(words).output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn a_row_has_a_figure_of_each_contender() {
    let output = bench(&["--rounds", "1", "--rows", "spawn-join"]);
    assert!(output.status.success(), "{output:?}");
    let table = text(&output.stdout);
    let row = table.lines().find(|line| line.starts_with("| spawn-join ")).expect(table);
    // The floor is none of them.
    assert_eq!(row.matches('–').count(), 1 + 2, "two ratios have a range: {row}");
    assert_eq!(row.matches(" / ").count(), 5, "{row}");
}

#[test]
fn what_is_at_rest_is_measured_in_processes_of_their_own() {
    let output = bench(&["--rows", "idle-task"]);
    assert!(output.status.success(), "{output:?}");
    let table = text(&output.stdout);
    let bytes = table.lines().find(|line| line.starts_with("| idle-task, bytes ")).expect(table);
    let tiny = bytes.split('|').nth(5).unwrap().trim().parse::<usize>().unwrap();
    assert!((1..=512).contains(&tiny), "{bytes}");
}

#[test]
fn an_unknown_word_gets_an_error_that_names_what_is_near_or_all() {
    for (words, names) in [
        (&["--rows", "spawn-mani"][..], "near it: spawn-many,"),
        (&["--rows", "spawn-join,zzz"], "chained-spawn"),
        (&["--rows"], "wants a value"),
        (&["--row", "ring"], "--rows"),
        (&["spawn-join"], "--contender"),
        (&["--rounds", "0"], "a number from 1"),
        (&["--contender", "tokyo"], "tokio"),
        (&["--from", "there/is/none"], "there/is/none"),
    ] {
        let output = bench(words);
        assert_eq!(output.status.code(), Some(2), "{words:?}");
        assert_eq!(text(&output.stdout), "");
        let error = text(&output.stderr);
        assert!(error.starts_with("error: ") && error.contains(names), "{error}");
    }
}

#[cfg(unix)] // elsewhere there is no `ulimit`
#[test]
fn a_row_that_wants_more_files_than_the_system_allows_is_left_out_and_says_so() {
    let bench = format!("ulimit -n 5000; exec {} --rows echo-10000", env!("CARGO_BIN_EXE_bench"));
    let output = Command::new("sh").args(["-c", &bench]).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let table = text(&output.stdout);
    assert!(
        table.contains("| echo-10000 wants 11000 open files, and `ulimit -Hn` is 5000"),
        "{table}"
    );
}

/// What a run keeps, if each of these rows has this ratio to Tokio with this allocator.
fn kept(folder: &TempDir, allocator: usize, rows: &[(&str, f64)]) -> String {
    let row = |(name, ratio): &(&str, f64)| {
        let cell = |column: &str, ratio: f64| {
            let spread = json!({ "first": ratio, "median": ratio, "third": ratio });
            let time = 100.0 * ratio;
            json!({ "column": column, "time": time, "cpu": time, "ratio": spread, "cpu_ratio": spread })
        };
        let cells = [cell("tiny", 1.0), cell("tokio", *ratio), cell("smol", 2.0 * ratio)];
        json!({ "row": name, "unit": "", "cells": cells })
    };
    let rows: Vec<_> = rows.iter().map(row).collect();
    let path = folder.path().join(format!("{allocator}.json"));
    fs::write(&path, json!({ "allocator": allocator, "rows": rows }).to_string()).unwrap();
    path.to_str().unwrap().into()
}

#[test]
fn the_check_names_each_row_that_is_below_what_is_promised_and_ends_with_1() {
    let folder = TempDir::new().unwrap();
    // What is promised of `mutex` is 1, less a tenth.
    for (ratio, code) in [(0.91, 0), (0.89, 1)] {
        let path = kept(&folder, 1, &[("mutex", ratio), ("spawn-join", 9.0)]);
        let output = bench(&["--from", &path, "--check"]);
        assert_eq!(output.status.code(), Some(code), "{output:?}");
        let error = text(&output.stderr);
        assert_eq!(error.contains("mutex with mimalloc"), code == 1, "{error}");
        assert!(!error.contains("spawn-join"), "{error}");
    }
}

#[test]
fn figures_are_written_between_the_marks_and_rows_that_were_not_measured_stay() {
    let folder = TempDir::new().unwrap();
    let figures = [0, 1].map(|allocator| {
        kept(&folder, allocator, &[("notify-tasks", 1.5 + allocator as f64), ("ring", 3.0)])
    });
    let readme = folder.path().join("README.md");
    let marks = "above\n<!-- figures: scripts/bench --write -->\n| `notify-tasks` | old |\n| `watch` | old |\n\
                 <!-- /figures -->\nbelow\n";
    fs::write(&readme, marks).unwrap();
    let write = ["--from", &figures[0], "--from", &figures[1], "--write", readme.to_str().unwrap()];
    let output = bench(&[&write[..], &["--rows", "notify-tasks,ring"]].concat());
    assert!(output.status.success(), "{output:?}");
    let written = fs::read_to_string(&readme).unwrap();
    assert!(written.starts_with("above\n") && written.ends_with("below\n"), "{written}");
    let line =
        "| `notify-tasks` | a task wakes all 200 | 1.50 | 2.50 | 1.50 | 3.00 smol | 1 − 10 % |";
    assert!(written.contains(line), "{written}");
    assert!(
        written.contains("| `watch` | old |") && !written.contains("| `notify-tasks` | old |"),
        "{written}"
    );
    assert!(written.contains(" again: `notify-tasks`, `ring`."), "{written}");

    // One without marks is left as it is.
    fs::write(&readme, "above\n").unwrap();
    let output = bench(&write);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert_eq!(fs::read_to_string(&readme).unwrap(), "above\n");
}

#[test]
fn the_readme_of_tiny_runtime_has_each_row_once_in_their_order() {
    let readme = include_str!("../../tiny-runtime/README.md");
    let (_, figures) = readme.split_once("<!-- figures: scripts/bench --write -->").unwrap();
    let (figures, _) = figures.split_once("<!-- /figures -->").unwrap();
    let rows = figures.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next());
    let mut rows: Vec<_> = rows.collect();
    rows.dedup(); // what is at rest has two lines
    let help = bench(&["--help"]);
    let all = text(&help.stdout).lines().find_map(|line| line.strip_prefix("Rows: ")).unwrap();
    assert_eq!(rows.join(", "), all);
}
