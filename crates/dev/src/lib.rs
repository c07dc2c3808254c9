//! Writes the pages that repeat the facts of `tour::data` anew, and says what is missing.
//!
//! A fact stands in one place: in the data, or in the first line of a snippet. [`pages`] makes all
//! that repeats one, [`problems`] says where the data and the workspace disagree, and
//! [`snippet`] starts a snippet.

#![forbid(unsafe_code)]

mod by_problem;
mod files;
mod header;
mod ledger;
mod map;
mod marks;
mod modules;
mod pages;
mod places;
mod problems;
mod proofs;
mod readme;
mod section_ja;
pub mod snippet;
mod translations;

pub use files::{read, replace};
pub use pages::{Page, pages};
pub use problems::{Problem, problems};
