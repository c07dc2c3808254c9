//! The command line: what the user wishes.

mod japanese;
mod language;

use crate::WORKSPACE;
use crate::completions;
use crate::copy;
use crate::find;
use crate::map::{self, Document, Section};
use crate::quiz;
use crate::run::by_number;
use crate::show;
use crate::statements::{self, Filter};
use crate::suggested::Suggested;
use crate::timeline;
use crate::typed::folded;
use crate::visible::shown;
use clap::error::{ContextKind, ContextValue, Error};
use clap::{Arg, ArgMatches, Command};
use clap_complete::Shell;
use std::ffi::OsString;
use std::path::PathBuf;
use tour::Language;

#[derive(Debug, PartialEq)]
pub enum Wish<'a> {
    /// The map, a line for each chapter.
    Chapters,
    /// The parts of the map that these words name.
    Sections(Vec<String>),
    Run {
        document: &'a Document,
        sections: Vec<String>,
    },
    /// A drawing of the tasks of a program.
    Timeline(timeline::Order),
    Copy(copy::Order),
    /// In any words.
    Find(String),
    /// A section that is a list.
    Page(&'a Section),
    /// The statements of the documents, and whether they hold.
    Statements {
        filter: Filter,
        json: bool,
    },
    /// These questions; without any, those that are open.
    Ask {
        questions: Vec<String>,
        /// The order of the answers; without it, any.
        seed: Option<u64>,
    },
    ListQuestions,
    ForgetAnswers,
    /// The package `dev`, with these words.
    Dev {
        words: Vec<OsString>,
    },
    Completions {
        script: String,
    },
}

/// Returns the wish that `arguments` have, without `--lang`. The error is clap's: `--help`, `--version`, or
/// something that it does not understand.
///
/// clap sees what is safe to print, since its errors repeat it. A name has no control letters, so
/// one that had some is as unknown with their escapes. The path is the user's own, to the byte.
pub fn wish(
    map: &[Document],
    language: Language,
    arguments: Vec<OsString>,
) -> Result<Wish<'_>, Error> {
    let words: Vec<String> = arguments.iter().map(shown).collect();
    let english = command(map);
    let command = match language {
        Language::English => english,
        Language::Japanese => japanese::translated(english),
    };
    let matches = command.try_get_matches_from(&words).map_err(without_hidden_values);
    let mut wish = understood(map, matches.map_err(|error| with_its_command(map, error))?);
    if let Wish::Dev { words } = &mut wish {
        words.extend(arguments.iter().skip(2).cloned());
    }
    if let Wish::Find(words) = &mut wish {
        let typed = arguments.iter().skip(2).map(|word| word.to_string_lossy().into_owned());
        *words = find::asked(typed.filter(|word| word != "--"));
    }
    match &mut wish {
        Wish::Copy(order) => as_typed(&mut order.destination, &words, &arguments),
        Wish::Timeline(order) => {
            order.files.each().for_each(|file| as_typed(file, &words, &arguments));
        }
        _ => {}
    }
    Ok(wish)
}

/// The path that clap has seen without what a terminal obeys.
fn as_typed(path: &mut PathBuf, words: &[String], arguments: &[OsString]) {
    if let Some(at) = words.iter().position(|word| path.as_os_str() == word.as_str()) {
        *path = PathBuf::from(&arguments[at]);
    }
}

/// clap lists all possible values where one is missing, also those that are only for the Tab key.
fn without_hidden_values(mut error: Error) -> Error {
    const MOST: usize = 10;
    if let Some(ContextValue::Strings(values)) = error.get(ContextKind::ValidValue)
        && values.len() > MOST
    {
        error.remove(ContextKind::ValidValue);
    }
    error
}

/// A word that is no command may be a recipe, a section, or one to search for.
fn with_its_command(map: &[Document], mut error: Error) -> Error {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else {
        return error;
    };
    let mut own = named(map, word);
    let is_known = !own.is_empty();
    own.extend(find::instead(word).filter(|_| !is_known));
    if !own.is_empty() {
        let mut tips = match error.remove(ContextKind::Suggested) {
            Some(ContextValue::StyledStrs(tips)) => tips,
            _ => Vec::new(),
        };
        // What is near does not count beside what it is.
        if is_known {
            tips.clear();
        }
        tips.extend(own.into_iter().map(Into::into));
        error.insert(ContextKind::Suggested, ContextValue::StyledStrs(tips));
    }
    error
}

/// The commands that a recipe or a section by itself is short for.
fn named(map: &[Document], word: &str) -> Vec<String> {
    let word = folded(word);
    let recipe = map::recipes().iter().filter(|recipe| recipe.name == word);
    let recipe =
        recipe.map(|recipe| format!("`cargo run -- copy {} FOLDER` copies it", recipe.name));
    let sections = map.iter().filter_map(|it| Some((it, it.section(&word)?)));
    let sections = sections.filter(|(document, section)| document.runs(section));
    let sections = sections.map(|(it, section)| format!("`{}` runs it", by_number(it, section)));
    recipe.chain(sections).collect()
}

fn command(map: &[Document]) -> Command {
    Command::new("tour")
        .max_term_width(80)
        .bin_name("cargo run --")
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .version(env!("CARGO_PKG_VERSION"))
        .after_help(
            "Without a command: the map. `completions --help` explains completion by the Tab key.",
        )
        .disable_help_subcommand(true)
        .arg(language::option())
        .subcommands(map.iter().map(run_command))
        .subcommand(show::command(map))
        .subcommand(timeline::command(map))
        .subcommand(copy::command(map))
        .subcommand(find::command())
        .subcommand(statements::command())
        .subcommand(quiz::command())
        .subcommand(Command::new("cheatsheet").about("Prints deep dive 18, with its programs"))
        .subcommand(Command::new("roadmap").about("Prints deep dive 17"))
        .subcommand(dev_command())
        .subcommand(completions::command())
}

fn run_command(document: &Document) -> Command {
    let numbers = document.sections.iter().filter(|section| document.runs(section));
    Command::new(document.command)
        .about(format!("Runs sections of the {}: `4.1`, or a whole chapter: `4`", document.name))
        .arg(
            Arg::new("section")
                .value_name("SECTION")
                .required(true)
                .num_args(1..)
                .hide_possible_values(true)
                .value_parser(Suggested::new(numbers.map(|section| section.id)))
                .help("The number of a section in the document; several run in the order given"),
        )
}

/// The package `dev` reads the words: here it would be built before the map is shown.
fn dev_command() -> Command {
    let words = Arg::new("words").value_name("COMMAND").num_args(0..);
    Command::new("dev")
        .about("Checks the data, writes the pages that repeat it, starts a snippet: `dev --help`")
        .disable_help_flag(true)
        .arg(words.trailing_var_arg(true).allow_hyphen_values(true))
}

fn understood(map: &[Document], mut matches: ArgMatches) -> Wish<'_> {
    const REQUIRED: &str = "clap has seen that it is there";
    let Some((name, mut given)) = matches.remove_subcommand() else {
        return Wish::Chapters;
    };
    match map.iter().find(|document| document.command == name) {
        Some(document) => {
            let sections = given.remove_many("section").expect(REQUIRED).collect();
            Wish::Run { document, sections }
        }
        None if name == "timeline" => Wish::Timeline(timeline::Order::given(&mut given)),
        None if name == "copy" => Wish::Copy(copy::Order::given(&mut given)),
        None if name == "map" => match given.remove_many("part") {
            Some(parts) => Wish::Sections(parts.collect()),
            None => Wish::Chapters,
        },
        // As those of `dev`, the words are read as they were typed.
        None if name == "find" => Wish::Find(String::new()),
        None if name == "statements" => {
            let filter = Filter::given(&mut given);
            Wish::Statements { filter, json: given.get_flag("json") }
        }
        None if name == "quiz" && given.get_flag("list") => Wish::ListQuestions,
        None if name == "quiz" && given.get_flag("reset") => Wish::ForgetAnswers,
        None if name == "quiz" => {
            let questions = given.remove_many("question").into_iter().flatten().collect();
            Wish::Ask { questions, seed: given.remove_one("seed") }
        }
        None if name == "dev" => Wish::Dev { words: Vec::new() },
        None if name != "completions" => Wish::Page(shown_by(map, &name).expect("it is a page")),
        None => {
            let shell: Shell = given.remove_one("shell").expect(REQUIRED);
            // The same for somebody who is elsewhere.
            let workspace = dunce::canonicalize(WORKSPACE).unwrap_or_else(|_| WORKSPACE.into());
            Wish::Completions { script: completions::script(shell, command(map), &workspace) }
        }
    }
}

/// The section that a command of the tour shows.
fn shown_by<'a>(map: &'a [Document], command: &str) -> Option<&'a Section> {
    let mut sections = map.iter().flat_map(|document| &document.sections);
    sections.find(|section| section.command == Some(command))
}

#[cfg(test)]
mod manners;

#[cfg(test)]
mod tests;
