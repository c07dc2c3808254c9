//! The command line, as its reader meets it. One program, so that the tests run beside each other:
//! `cargo test -p tour quiz` runs those of one file.

mod packages;

mod completions;
mod copy;
mod copy_into;
mod copy_refused;
mod find;
mod language;
mod manners;
mod names;
mod quiz;
mod roadmap;
mod screen;
