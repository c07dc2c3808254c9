//! One program on every runtime that the documents name, measured on this machine.
//!
//! `cargo run -p runtime-comparison -- measure` prints the tables. [`program`] is the program, [`runtime`] is what a
//! runtime has to offer it, and each file in `contender` is one runtime.

#![forbid(unsafe_code)]

mod command;
mod contender;
mod once;
mod process;
mod program;
mod rounds;
mod runtime;
mod table;
mod weight;

pub use command::{beside, command};
pub use contender::{ALL, Contender, How};
pub use rounds::{Report, report};
pub use weight::crates;
