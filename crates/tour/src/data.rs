//! The facts: which section stands in which file, what the documents state and whether it holds, the
//! quiz, the recipes.
//!
//! They are the TOML files below `data/`, one a chapter, with `crates.toml`, `quiz.toml`,
//! `problems.toml` and `words.toml`, and `crates/recipes/recipes.toml`. What a snippet claims stands
//! in its own first line instead; `claims.ja.toml` has it in Japanese.
//! All of it is part of the program, so it is there wherever the program runs.

mod check;
mod crates;
mod document;
mod exercise;
mod facts;
mod fields;
mod problem;
mod proof;
mod question;
mod recipe;
mod section;
mod source;
mod statement;
mod twins;
mod verdict;

pub use check::section;
pub use crates::Crate;
pub use document::Document;
pub use exercise::{Exercise, exercises};
pub use problem::{Group, Incident, Problem, Service, Words};
pub use problem::{groups, incidents, problems, services, words};
pub use proof::Proof;
pub use question::Question;
pub use recipe::{Recipe, recipes};
pub use section::{Content, File, Line, PROGRAM, Section};
pub use statement::Statement;
pub use verdict::Verdict;

use facts::Facts;
use source::Files;

#[derive(Debug, PartialEq)]
struct Data {
    documents: [Document; 2],
    crates: Vec<Crate>,
    questions: Vec<Question>,
}

static DATA: Facts<Data> = Facts::new(|| check::data(&source::files()));

/// Says which file is wrong, and how. Whatever uses the data checks it first.
pub fn checked() -> Result<(), &'static str> {
    DATA.checked()?;
    recipe::RECIPES.checked()?;
    problem::FOUND.checked()?;
    problem::KNOWN.checked()?;
    exercise::EXERCISES.checked()
}

/// The guide and the deep dive.
pub fn documents() -> &'static [Document; 2] {
    &DATA.get().documents
}

/// The section crates, in the order of the README.
pub fn crates() -> &'static [Crate] {
    &DATA.get().crates
}

/// The quiz, in its order.
pub fn questions() -> &'static [Question] {
    &DATA.get().questions
}

#[cfg(test)]
mod tests;
