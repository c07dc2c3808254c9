//! The command line: what the user wishes.

use crate::map::Document;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::Error;
use clap::{Arg, ArgMatches, Command, value_parser};
use clap_complete::Shell;
use std::ffi::OsStr;
use std::path::PathBuf;

#[derive(Debug, PartialEq)]
pub enum Wish<'a> {
    Map,
    Run { document: &'a Document, sections: Vec<String> },
    Copy { snippet: String, destination: PathBuf },
    Completions { script: String },
}

/// What the arguments of this process ask for. Ends the process where clap does: on `--help`,
/// `--version` and on anything it does not understand, the last with exit code 2.
pub fn wish(map: &[Document]) -> Wish<'_> {
    understood(map, command(map).get_matches())
}

fn command(map: &[Document]) -> Command {
    Command::new("tour")
        .bin_name("cargo run --")
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .version(env!("CARGO_PKG_VERSION"))
        .after_help("Without a command: the map.")
        .disable_help_subcommand(true)
        .subcommands(map.iter().map(run_command))
        .subcommand(copy_command(map))
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

fn copy_command(map: &[Document]) -> Command {
    let sections = map.iter().flat_map(|document| &document.sections);
    let files = sections.flat_map(|section| section.files());
    Command::new("copy")
        .about("Makes a package of one snippet, ready for `cargo run`")
        .arg(
            Arg::new("snippet")
                .value_name("SNIPPET")
                .required(true)
                .hide_possible_values(true)
                .value_parser(Suggested::new(files.map(|file| file.name)))
                .help("The name of its file, or CRATE/FILE"),
        )
        .arg(
            Arg::new("destination")
                .value_name("DESTINATION")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("A folder that does not exist yet, or is empty"),
        )
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
        None if name == "copy" => Wish::Copy {
            snippet: given.remove_one("snippet").expect(REQUIRED),
            destination: given.remove_one("destination").expect(REQUIRED),
        },
        None => {
            let shell: Shell = given.remove_one("shell").expect(REQUIRED);
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut command(map), "tour", &mut script);
            Wish::Completions { script: String::from_utf8_lossy(&script).into_owned() }
        }
    }
}

/// Takes any string; the known ones only feed the completion scripts. What is wrong with a
/// string can be said better than clap would, with the near names in place of all of them.
#[derive(Clone)]
struct Suggested(Vec<&'static str>);

impl Suggested {
    /// Keeps the first of equal names: zsh would offer both.
    fn new(names: impl Iterator<Item = &'static str>) -> Self {
        let mut unique = Vec::new();
        names.for_each(|name| {
            if !unique.contains(&name) {
                unique.push(name);
            }
        });
        Self(unique)
    }
}

impl TypedValueParser for Suggested {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::documents;
    use clap::ValueEnum;

    fn parsed<'a>(map: &'a [Document], line: &str) -> Result<Wish<'a>, Error> {
        let matches = command(map).try_get_matches_from(line.split_whitespace())?;
        Ok(understood(map, matches))
    }

    #[test]
    fn the_command_line_is_consistent() {
        command(&documents()).debug_assert();
    }

    #[test]
    fn each_line_is_one_wish() {
        let map = documents();
        let run = |document, sections: &[&str]| Wish::Run {
            document,
            sections: sections.iter().map(ToString::to_string).collect(),
        };
        assert_eq!(parsed(&map, "tour").unwrap(), Wish::Map);
        assert_eq!(parsed(&map, "tour guide 4.1 Q2").unwrap(), run(&map[0], &["4.1", "Q2"]));
        assert_eq!(parsed(&map, "tour deep-dive 11").unwrap(), run(&map[1], &["11"]));
        let copy = Wish::Copy { snippet: "a/b".into(), destination: "../c".into() };
        assert_eq!(parsed(&map, "tour copy a/b ../c").unwrap(), copy);
    }

    #[test]
    fn an_unknown_command_names_the_near_one_and_ends_with_2() {
        let map = documents();
        let error = parsed(&map, "tour giude 4.1").unwrap_err();
        assert!(error.to_string().contains("'guide'"), "{error}");
        assert_eq!(error.exit_code(), 2);
    }

    #[test]
    fn every_shell_completes_sections_and_snippets() {
        let map = documents();
        for shell in Shell::value_variants() {
            let line = format!("tour completions {shell}");
            let Wish::Completions { script } = parsed(&map, &line).unwrap() else {
                panic!("{shell} has no script");
            };
            assert!(script.contains("deep-dive"), "{shell}");
            // The other generators leave out the values of positional arguments.
            if matches!(shell, Shell::Bash | Shell::Zsh) {
                assert!(script.contains("4.1") && script.contains("try_join"), "{shell}");
            }
        }
    }
}
