//! Promise: a drawing is the same each time, to the letter.
//!
//! `SNAPSHOTS=overwrite cargo test -p timeline --test drawings` draws them anew. Look at the difference.

#![cfg(tokio_unstable)] // without the flag Tokio reports nothing

use snapbox::{Data, assert_data_eq};
use std::path::Path;

mod drawings {
    pub mod join;
    pub mod select;
    pub mod channel;
    pub mod mutex;
    pub mod lost_wake_up;
    pub mod hog;
    pub mod cancelled_branch;
    pub mod five_steps;
    pub mod futurelock;
}

fn check(name: &str, drawing: fn() -> timeline::Drawing) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/drawings/{name}.txt"));
    assert_data_eq!(drawing().to_string(), Data::read_from(&path, None).raw());
    assert_eq!(drawing(), drawing());
}

#[test]
fn a_branch_of_join_is_polled_again_though_nothing_has_woken_it() {
    check("join", drawings::join::drawing);
}

#[test]
fn the_branch_that_loses_is_dropped_in_the_poll_in_which_the_other_wins() {
    check("select", drawings::select::drawing);
}

#[test]
fn a_full_channel_makes_its_two_sides_wake_each_other() {
    check("channel", drawings::channel::drawing);
}

#[test]
fn a_lock_is_handed_over() {
    check("mutex", drawings::mutex::drawing);
}

#[test]
fn the_task_whose_waker_was_lost_waits_on() {
    check("lost_wake_up", drawings::lost_wake_up::drawing);
}

#[test]
fn a_hog_is_pointed_out() {
    check("hog", drawings::hog::drawing);
}

#[test]
fn a_timeout_drops_a_branch_with_its_lock() {
    check("cancelled_branch", drawings::cancelled_branch::drawing);
}

#[test]
fn a_hand_made_future_takes_the_five_steps_of_guide_2_4() {
    check("five_steps", drawings::five_steps::drawing);
}

#[test]
fn a_branch_that_nobody_polls_has_the_lock() {
    check("futurelock", drawings::futurelock::drawing);
}

#[test]
fn the_readme_shows_what_is_drawn() {
    let readme =
        std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/README.md")).unwrap();
    let readme = readme.replace("\r\n", "\n");
    for drawing in [drawings::join::drawing(), drawings::futurelock::drawing()] {
        assert!(readme.contains(&format!("```text\n{drawing}```")), "{drawing:?}");
    }
}
