//! Promise: whatever repeats the data is up to date, every file, proof and question of the data is
//! there, and every file and proof that is there stands in the data.
//!
//! `cargo tour dev check` says the same, `cargo tour dev write` writes what is stale.

use crate::support::WORKSPACE;
use std::path::Path;

#[test]
fn nothing_is_missing_or_stale() {
    let problems = dev::problems(Path::new(WORKSPACE)).unwrap();
    let problems: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert!(problems.is_empty(), "{}", problems.join("\n"));
}
