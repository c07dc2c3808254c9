//! The example that measures: it measures, within its bounds, and the layers cost no multiple.

use crate::support::process::Process;
use std::path::PathBuf;
use std::process::Command;

/// Cargo builds the examples with the tests, beside their folder.
fn example() -> PathBuf {
    let test = std::env::current_exe().expect("a running test has a file");
    let target = test.ancestors().nth(2).expect("deps and its parent");
    target.join("examples").join("load")
}

#[tokio::test]
async fn layers_leave_most_of_the_throughput() {
    let mut load = Process::spawn(Command::new(example()).arg("64")).expect("cargo has built it");
    assert_eq!(load.ended().await, Some(0), "{}", load.err());
    let text = load.out();
    let rows: Vec<Vec<&str>> = text
        .lines()
        .filter(|line| line.starts_with("| `"))
        .map(|line| line.split('|').map(str::trim).collect())
        .collect();
    let what: Vec<(&str, &str)> = rows.iter().map(|row| (row[1], row[2])).collect();
    let expected = [
        ("`GET /links/1`", "none"),
        ("`GET /links/1`", "all"),
        ("`POST /links`", "none"),
        ("`POST /links`", "all"),
    ];
    assert_eq!(what, expected, "{text}");
    for row in rows {
        let number = |column: usize| row[column].parse::<f64>().expect("it is a number");
        assert!(number(3) > 0.0 && number(5) >= number(4), "{text}");
        // In a debug build, on a loaded machine: it catches a layer that waits or locks.
        assert!(number(6) > 0.1, "{text}");
    }
}

#[tokio::test]
async fn what_is_no_number_of_requests_is_refused() {
    for arguments in [&["0"][..], &["many"], &["1", "2"], &["-1"], &["1000001"]] {
        let mut load =
            Process::spawn(Command::new(example()).args(arguments)).expect("it is built");
        assert_eq!(load.ended().await, Some(2), "{arguments:?}");
        assert!(load.err().contains("from 1 to 1000000"), "{}", load.err());
        assert_eq!(load.out(), "");
    }
}
