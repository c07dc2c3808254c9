//! The command line: what the user wishes.

use crate::copy;
use crate::map::{self, Document, Section};
use crate::statements::{self, Filter};
use crate::suggested::Suggested;
use crate::typed::folded;
use crate::visible::shown;
use clap::error::{ContextKind, ContextValue, Error};
use clap::{Arg, ArgAction, ArgGroup, ArgMatches, Command, value_parser};
use clap_complete::Shell;
use std::ffi::OsString;
use std::path::PathBuf;

#[derive(Debug, PartialEq)]
pub enum Wish<'a> {
    Map,
    Run {
        document: &'a Document,
        sections: Vec<String>,
    },
    Copy(copy::Order),
    /// A section that is a list.
    Page(&'a Section),
    /// What the documents state, and whether it is so.
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
    /// What the package `dev` does with these words.
    Dev {
        words: Vec<OsString>,
    },
    Completions {
        script: String,
    },
}

/// What the arguments of this process ask for. The error is clap's: `--help`, `--version`, or
/// something that it does not understand.
pub fn wish(map: &[Document]) -> Result<Wish<'_>, Error> {
    asked(map, std::env::args_os().collect())
}

/// clap sees what is safe to print, since its errors repeat it. A name has no control letters, so
/// one that had some is as unknown with their escapes. The path is the user's own, to the byte.
fn asked(map: &[Document], arguments: Vec<OsString>) -> Result<Wish<'_>, Error> {
    let words: Vec<String> = arguments.iter().map(shown).collect();
    let matches = command(map).try_get_matches_from(&words);
    let mut wish = understood(map, matches.map_err(without_hidden_values)?);
    if let Wish::Dev { words } = &mut wish {
        words.extend(arguments.iter().skip(2).cloned());
    }
    if let Wish::Copy(copy::Order { destination, .. }) = &mut wish
        && let Some(at) = words.iter().position(|word| destination.as_os_str() == word.as_str())
    {
        *destination = PathBuf::from(&arguments[at]);
    }
    Ok(wish)
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

fn command(map: &[Document]) -> Command {
    Command::new("tour")
        .bin_name("cargo run --")
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .version(env!("CARGO_PKG_VERSION"))
        .after_help("Without a command: the map.")
        .disable_help_subcommand(true)
        .subcommands(map.iter().map(run_command))
        .subcommand(copy::command(map))
        .subcommand(statements::command())
        .subcommand(quiz_command())
        .subcommand(Command::new("cheatsheet").about("Prints deep dive 18, with its programs"))
        .subcommand(Command::new("roadmap").about("Prints deep dive 17"))
        .subcommand(dev_command())
        .subcommand(
            Command::new("completions")
                .about("Prints the completion script of the command `tour` for a shell")
                .arg(
                    Arg::new("shell")
                        .value_name("SHELL")
                        .required(true)
                        .value_parser(value_parser!(Shell)),
                ),
        )
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
                .help("As the document numbers it; several run in the order given"),
        )
}

/// The package `dev` reads the words: here it would be built before the map is shown.
fn dev_command() -> Command {
    let words = Arg::new("words").value_name("COMMAND").num_args(0..);
    Command::new("dev")
        .about("Writes and checks what repeats the data, starts a snippet: `dev --help`")
        .disable_help_flag(true)
        .arg(words.trailing_var_arg(true).allow_hyphen_values(true))
}

fn quiz_command() -> Command {
    let flag = |name, help| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let ids = map::questions().iter().map(|question| question.id);
    Command::new("quiz")
        .about("Asks the questions of deep dive 19, and others, and keeps your progress")
        .arg(
            Arg::new("question")
                .value_name("QUESTION")
                .num_args(1..)
                .hide_possible_values(true)
                .value_parser(Suggested::new(ids))
                .help("As `--list` names it; without any, those you have not answered right"),
        )
        .arg(flag("list", "Lists the questions with your progress"))
        .arg(flag("reset", "Forgets your progress"))
        .arg(
            Arg::new("seed")
                .long("seed")
                .value_name("NUMBER")
                .conflicts_with_all(["list", "reset"])
                .value_parser(|typed: &str| folded(typed).parse::<u64>())
                .help("The order of the answers: the same for the same number, otherwise any"),
        )
        .group(ArgGroup::new("what").args(["question", "list", "reset"]))
}

fn understood(map: &[Document], mut matches: ArgMatches) -> Wish<'_> {
    const REQUIRED: &str = "clap has seen that it is there";
    let Some((name, mut given)) = matches.remove_subcommand() else {
        return Wish::Map;
    };
    match map.iter().find(|document| document.command == name) {
        Some(document) => {
            let sections = given.remove_many("section").expect(REQUIRED).collect();
            Wish::Run { document, sections }
        }
        None if name == "copy" => Wish::Copy(copy::Order::given(&mut given)),
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
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command(map), "tour", &mut script);
            Wish::Completions { script: String::from_utf8_lossy(&script).into_owned() }
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
mod tests {
    use super::*;
    use crate::map::documents;

    fn parsed<'a>(map: &'a [Document], line: &str) -> Result<Wish<'a>, Error> {
        asked(map, line.split_ascii_whitespace().map(OsString::from).collect())
    }

    #[test]
    fn the_command_line_is_consistent() {
        command(documents()).debug_assert();
    }

    #[test]
    fn each_line_is_one_wish() {
        let map = documents();
        let run = |document, sections: &[&str]| Wish::Run {
            document,
            sections: sections.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(parsed(map, "tour").unwrap(), Wish::Map);
        assert_eq!(parsed(map, "tour guide 4.1 Q2").unwrap(), run(&map[0], &["4.1", "Q2"]));
        assert_eq!(parsed(map, "tour deep-dive 11").unwrap(), run(&map[1], &["11"]));
        let all = Wish::Statements { filter: Filter::default(), json: true };
        assert_eq!(parsed(map, "tour statements --json").unwrap(), all);
        let order = |choices| {
            Wish::Copy(copy::Order { name: "a/b".into(), destination: "../c".into(), choices })
        };
        let none = copy::Choices::default();
        assert_eq!(parsed(map, "tour copy a/b ../c").unwrap(), order(none));
        let all = copy::Choices { rename: Some("d".into()), apply: true, with_tests: true };
        let line = "tour copy a/b ../c --as d --apply --with-tests";
        assert_eq!(parsed(map, line).unwrap(), order(all));
        let dev = Wish::Dev { words: ["new", "a/b", "--help"].map(OsString::from).to_vec() };
        assert_eq!(parsed(map, "tour dev new a/b --help").unwrap(), dev);
        assert_eq!(parsed(map, "tour dev").unwrap(), Wish::Dev { words: Vec::new() });
    }

    #[test]
    fn the_quiz_asks_lists_or_forgets() {
        let map = documents();
        let wish = |line| parsed(map, line).unwrap();
        let ask = |ids: &[&str], seed| {
            let questions = ids.iter().map(|id| id.to_string()).collect();
            Wish::Ask { questions, seed }
        };
        assert_eq!(wish("tour quiz"), ask(&[], None));
        assert_eq!(wish("tour quiz Q4 lifo"), ask(&["Q4", "lifo"], None));
        assert_eq!(wish("tour quiz Q4 --seed 7"), ask(&["Q4"], Some(7)));
        assert_eq!(wish("tour quiz --list"), Wish::ListQuestions);
        assert_eq!(wish("tour quiz --reset"), Wish::ForgetAnswers);
        for line in ["--list --reset", "--list --seed 7", "--reset --seed 7", "--seed -1"] {
            let error = parsed(map, &format!("tour quiz {line}")).unwrap_err();
            assert_eq!(error.exit_code(), 2, "{line}");
        }
    }

    #[test]
    fn every_command_of_the_tour_that_the_map_names_exists() {
        let map = documents();
        let sections = map.iter().flat_map(|document| &document.sections);
        let commands: Vec<_> = sections.filter_map(|section| section.command).collect();
        assert_eq!(commands, ["roadmap", "cheatsheet", "quiz"]);
        for command in commands {
            parsed(map, &format!("tour {command}")).unwrap();
        }
    }
}
