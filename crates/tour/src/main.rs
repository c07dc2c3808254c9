//! The front door: the map of both documents, each section by its number, each snippet as a package.

#![forbid(unsafe_code)]

mod map;
mod near;
mod failure;
mod show;
mod run;
mod copy;
mod destination;
mod cli;

use cli::Wish;
use failure::Failure;
use std::io::{ErrorKind, Write};
use std::path::Path;
use std::process::ExitCode;

/// The checkout this program was built from. Snippets are read there when they are copied.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn main() -> ExitCode {
    let map = map::documents();
    match fulfil(cli::wish(&map), &map) {
        Ok(code) => code,
        Err(failure) => failure.report(),
    }
}

fn fulfil(wish: Wish<'_>, map: &[map::Document]) -> Result<ExitCode, Failure> {
    match wish {
        Wish::Map => say(&show::whole(map, show::terminal_width())),
        Wish::Run { document, sections } => run::run(map, document, &sections),
        Wish::Copy { snippet, destination } => {
            let snippet = copy::Snippet::named(map, &snippet)?;
            say(&copy::copy(&snippet, Path::new(WORKSPACE), &destination)?)
        }
        Wish::Completions { script } => say(&script),
    }
}

/// Prints to stdout, with colours only if it is a terminal.
fn say(text: &str) -> Result<ExitCode, Failure> {
    let mut stdout = anstream::stdout();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        // A reader who has gone (`| head -1`) has what he wanted.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::refused("nobody takes the output", &error))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}
