//! `timeline join-select try_join`: runs a program as it is, and draws what its tasks did.
//!
//! The program is built once more, with the feature `timeline` of `utils`: that records and draws.
//! Without it no program here has any of this, and the tour has none of it at all.

mod files;
mod limit;
mod target;

use crate::failure::Failure;
use crate::map::{self, Document};
use crate::run::{self, Package, cargo_run};
use crate::suggested::Suggested;
use clap::{Arg, ArgMatches, Command, ValueHint, value_parser};
use files::Files;
use limit::limit;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;
use tour::Language;
use tour::language::VARIABLE;

/// The programs to run, and how to draw them.
#[derive(Debug, PartialEq)]
pub struct Order {
    /// A crate and its parts, or a document and its sections.
    pub words: Vec<String>,
    pub files: Files,
    pub limit: Option<Duration>,
}

const AFTER: &str = "\
  timeline join-select try_join       a crate and a part; without one, all parts
  timeline guide 4.5 --html run.html  a section

Without a file the drawing is text and follows the output. Ctrl+C draws what has \
happened until then.";

pub fn command(map: &[Document]) -> Command {
    let crates = map::crates().iter().map(|krate| krate.name);
    let parts = map::crates().iter().flat_map(|krate| krate.files.iter().map(|file| file.name));
    let sections = map.iter().flat_map(|document| &document.sections).map(|section| section.id);
    let words = map.iter().map(|it| it.command).chain(crates).chain(parts).chain(sections);
    let file = |name: &'static str, help: &'static str| {
        Arg::new(name)
            .long(name)
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .value_hint(ValueHint::FilePath)
            .help(help)
    };
    Command::new("timeline")
        .about("Runs a program and draws its tasks: who polls, who waits, who wakes whom")
        .after_help(AFTER)
        .arg(
            Arg::new("words")
                .value_name("NAME")
                .required(true)
                .num_args(1..)
                .hide_possible_values(true)
                .value_parser(Suggested::new(words))
                .help("A crate and its parts, or `guide` or `deep-dive` and a section"),
        )
        .arg(file("html", "Writes a page on which you step through the run"))
        .arg(file("svg", "Writes a picture"))
        .arg(file("json", "Writes a trace that ui.perfetto.dev opens"))
        .arg(
            Arg::new("for")
                .long("for")
                .value_name("TIME")
                .value_parser(limit)
                .help("Cuts the run off: `5s`, `500ms`, `2m`"),
        )
}

impl Order {
    /// Reads what the user gave `command`.
    pub fn given(matches: &mut ArgMatches) -> Self {
        let words = matches.remove_many("words").expect("clap has seen that there is one");
        let mut file = |name| matches.remove_one(name);
        let files = Files { html: file("html"), svg: file("svg"), json: file("json") };
        Self { words: words.collect(), files, limit: matches.remove_one("for") }
    }

    /// Runs the programs. Their exit code is passed on.
    ///
    /// Every name is looked up, and every file tried, before the first is built.
    pub fn carry_out(self, map: &[Document], language: Language) -> Result<ExitCode, Failure> {
        let packages = target::packages(map, &self.words)?;
        if packages.len() > 1 && !self.files.is_empty() {
            return Err(several(&self.words, &packages));
        }
        let mut variables = self.files.checked()?;
        variables.push((VARIABLE, language.name().into()));
        let limit = self.limit.map(|limit| OsString::from(limit.as_millis().to_string()));
        variables.extend(limit.map(|limit| ("TIMELINE_FOR_MS", limit)));
        let commands = packages.iter().map(|it| cargo_run(it.krate, RECORDED, &it.own));
        run::all(&commands.collect::<Vec<_>>(), &variables)
    }
}

/// For cargo: what records is a feature of what every section crate depends on.
const RECORDED: &[&str] = &["--features", "utils/timeline"];

fn several(words: &[String], packages: &[Package]) -> Failure {
    let what = format!("{} has programs of {} crates", words.join(" "), packages.len());
    let failure = Failure::wrong(format!("{what}, and a file takes the drawing of one"));
    packages.iter().fold(failure, |failure, Package { krate, own, .. }| {
        failure.tip(format!("cargo run -- timeline {krate} {}", own.join(" ")))
    })
}
