//! `cargo run -p book`: the workspace as a site, in `target/book`.

#![forbid(unsafe_code)]

use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};
use std::ffi::OsString;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use tour::data::{Crate, crates};
use tour::failure::{Failure, aside};
use tour::visible::shown;

/// The checkout this program was built from.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn main() -> ExitCode {
    // clap repeats what it does not understand, so it is shown what is safe to print.
    let checked = command().try_get_matches_from(std::env::args_os().map(shown));
    match checked.and_then(|_| command().try_get_matches()) {
        Ok(matches) => write(&matches).unwrap_or_else(Failure::report),
        Err(answer) if answer.use_stderr() => {
            aside(&answer.render().ansi().to_string());
            ExitCode::from(2)
        }
        Err(answer) => {
            say(&answer.render().ansi().to_string());
            ExitCode::SUCCESS
        }
    }
}

fn command() -> Command {
    Command::new("book")
        .bin_name("cargo run -p book --")
        .max_term_width(80)
        .about("Writes the workspace as a site: one page a section, a recipe, an exercise")
        .arg(
            Arg::new("output")
                .long("output")
                .value_name("FOLDER")
                .value_parser(clap::value_parser!(OsString))
                .help("A new or empty folder, or that of an earlier run [default: target/book]"),
        )
        .arg(
            Arg::new("timelines")
                .long("timelines")
                .value_name("CRATE")
                .num_args(0..)
                .value_parser(PossibleValuesParser::new(crates().iter().map(|krate| krate.name)))
                .hide_possible_values(true)
                .help(
                    "Runs the programs of these crates first, or all, to show what their tasks did",
                ),
        )
        .arg(
            Arg::new("open")
                .long("open")
                .action(ArgAction::SetTrue)
                .help("Opens the first page in your browser"),
        )
}

fn write(matches: &ArgMatches) -> Result<ExitCode, Failure> {
    tour::data::checked().map_err(Failure::wrong)?;
    let workspace = dunce::canonicalize(WORKSPACE)
        .map_err(|error| Failure::refused("the folder of the workspace", &error))?;
    if let Some(names) = matches.get_many::<String>("timelines") {
        let names: Vec<_> = names.collect();
        let chosen = |krate: &&Crate| names.is_empty() || names.iter().any(|it| *it == krate.name);
        let chosen: Vec<_> = crates().iter().filter(chosen).collect();
        book::record(&workspace, &chosen)?;
    }
    let output = matches.get_one::<OsString>("output").map(PathBuf::from);
    let output = output.unwrap_or_else(|| workspace.join("target/book"));
    book::write(&workspace, &output)?;
    let first = output.join("index.html");
    say(&format!("{}\n", shown(&first)));
    if matches.get_flag("open") {
        open(&first)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn open(page: &Path) -> Result<(), Failure> {
    opener::open(page)
        .map_err(|error| Failure::unable(format!("the browser does not open: {error}")))
}

/// If nobody reads it, there is nothing to say.
fn say(text: &str) {
    let _ = anstream::stdout().write_all(text.as_bytes());
}
