//! What this workspace promises, one file a promise. All are one program: it is compiled and linked once, and
//! the tests of one file run beside those of the others.
//!
//! `cargo test -p promises recipes` runs those of one file.

mod support;

mod ci;
mod command_line;
mod compile_errors;
mod compilers;
mod copy_into;
mod copyable;
mod differences;
mod documented_outputs;
mod elsewhere;
mod exercises;
mod flags;
mod japanese;
mod platforms;
mod quiz;
mod recipes;
mod release;
mod section_map;
mod signals;
mod statements;
mod timeline;
mod tiny_runtime;
mod written;
