//! Promise: the pictures in the READMEs show what the programs of `drawings` do.
//!
//! `scripts/pictures` draws them anew. Look at the difference, and at the pictures.

#![cfg(tokio_unstable)] // RUSTFLAGS replaces the flag of the workspace, and nothing is reported then

use snapbox::{Data, assert_data_eq};
use std::path::{Path, PathBuf};
use timeline::Drawing;

mod drawings {
    pub mod cancelled_branch;
    pub mod channel;
    pub mod five_steps;
    pub mod hog;
    pub mod join;
    pub mod lost_wake_up;
    pub mod select;
}

/// A folder, a title, and what is drawn.
type Picture = (&'static str, &'static str, fn() -> Drawing);

const PICTURES: [Picture; 7] = [
    (
        "crates/timeline",
        "select!: the branch that is ready first wins, the other one is dropped",
        drawings::select::drawing,
    ),
    (
        "crates/sections/join-select",
        "join!: one task polls two futures, and sleeps until the slower one is ready",
        drawings::join::drawing,
    ),
    (
        "crates/sections/channels",
        "A full channel: the sender waits, and the two sides wake each other",
        drawings::channel::drawing,
    ),
    (
        "crates/sections/wakers",
        "The five steps: poll, Pending, wake, poll again, Ready",
        drawings::five_steps::drawing,
    ),
    (
        "crates/sections/custom-futures",
        "A lost wake-up: two tasks wait in a place for one waker",
        drawings::lost_wake_up::drawing,
    ),
    (
        "crates/sections/cancellation",
        "A timeout drops a future in the middle of its work, with the lock that it has",
        drawings::cancelled_branch::drawing,
    ),
    (
        "crates/sections/anti-patterns",
        "A blocking call: a task that was woken long ago waits for the thread",
        drawings::hog::drawing,
    ),
];

#[test]
fn each_picture_is_that_of_its_program() {
    for (folder, title, drawing) in PICTURES {
        let picture = timeline::svg::picture(&drawing().timeline, title);
        let path = root().join(folder).join("timeline.svg");
        assert_data_eq!(picture, Data::read_from(&path, None).raw());
    }
}

/// Beside what it shows, and with words for those who do not see it.
#[test]
fn each_picture_stands_in_a_readme() {
    for (folder, title, _) in PICTURES {
        let [readme, picture] = match folder {
            // What one sees first.
            "crates/timeline" => ["README.md", "crates/timeline/timeline.svg"].map(String::from),
            _ => [format!("{folder}/README.md"), "timeline.svg".to_string()],
        };
        let text = std::fs::read_to_string(root().join(&readme)).unwrap();
        let line = format!("\n![{title}]({picture})\n");
        assert!(text.replace("\r\n", "\n").contains(&line), "{readme} lacks the line {line}");
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}
