//! Promise: `.ci/run` counts what it has checked, and nothing else.

#![cfg(unix)] // the counting is bash

use crate::support::WORKSPACE;
use std::process::{Command, Output};

/// The steps, then the last line.
fn counted(steps: &str) -> Output {
    let script = format!("set -uo pipefail\n. .ci/step.sh\n{steps}\nclosing\n");
    Command::new("bash").args(["-c", &script]).current_dir(WORKSPACE).output().unwrap()
}

fn assert_counted(steps: &str, last_line: &str, success: bool) {
    let output = counted(steps);
    let printed = String::from_utf8(output.stdout).unwrap();
    assert_eq!(printed.lines().last(), Some(last_line), "{steps}: {printed}");
    assert_eq!(output.status.success(), success, "{steps}");
}

#[test]
fn a_step_is_a_check_and_a_cargo_test_as_many_as_its_tests() {
    assert_counted("step true", "1 passed, 0 failed", true);
    assert_counted("step true; step false", "1 passed, 1 failed", false);
    let tests = "test result: ok. 5 passed; 0 failed; 0 ignored\n";
    let failed = "test result: FAILED. 3 passed; 2 failed; 0 ignored\n";
    assert_counted(&format!("step printf '{tests}{tests}'"), "10 passed, 0 failed", true);
    let both = format!("it() {{ printf '{tests}{failed}'; false; }}; step it");
    assert_counted(&both, "8 passed, 2 failed", false);
}

#[test]
fn a_cargo_test_that_does_not_build_has_failed() {
    let tests = "test result: ok. 5 passed; 0 failed; 0 ignored\n";
    let built_half = format!("it() {{ printf '{tests}'; return 101; }}; step it");
    assert_counted(&built_half, "5 passed, 1 failed", false);
}

#[test]
fn what_is_skipped_has_not_passed() {
    let skip = "step echo '!!! SKIPPED: there is no Miri here'";
    assert_counted(skip, "0 passed, 0 failed, 1 skipped", true);
    assert_counted(&format!("step true; {skip}; {skip}"), "1 passed, 0 failed, 2 skipped", true);
    // Part of a step.
    let part = r"step printf '!!! SKIPPED: no wine\ntest result: ok. 2 passed; 0 failed;\n'";
    assert_counted(part, "2 passed, 0 failed, 1 skipped", true);
    let failed = "it() { echo '!!! SKIPPED: no wine'; false; }; step it";
    assert_counted(failed, "0 passed, 1 failed, 1 skipped", false);
}

/// Each can only end when the other has begun.
#[test]
fn steps_beside_each_other_run_at_once_and_are_told_and_counted_one_by_one() {
    let home = tempfile::TempDir::new().unwrap();
    let folder = home.path().display();
    let steps = format!(
        "meet() {{ touch {folder}/$1; until [ -e {folder}/$2 ]; do sleep 0.05; ((SECONDS < 60)) || return 1; done; }}\n\
         one() {{ meet one two && echo 'test result: ok. 2 passed; 0 failed'; }}\n\
         two() {{ meet two one && echo '!!! SKIPPED: no wine'; false; }}\n\
         beside one two",
    );
    let output = counted(&steps);
    let printed = String::from_utf8(output.stdout).unwrap();
    let expected = "--- one\ntest result: ok. 2 passed; 0 failed\n\
                    --- one took 0 s: 2 passed, 0 failed, 0 skipped\n\
                    --- two\n!!! SKIPPED: no wine\n\
                    --- two took 0 s: 0 passed, 1 failed, 1 skipped\n\
                    2 passed, 1 failed, 1 skipped\n";
    // However long it took.
    let printed = printed.split_inclusive('\n').map(|line| match line.split_once(" took ") {
        Some((step, rest)) => format!("{step} took 0{}", &rest[rest.find(" s: ").unwrap()..]),
        None => line.to_string(),
    });
    assert_eq!(printed.collect::<String>(), expected);
    assert!(!output.status.success());
}
