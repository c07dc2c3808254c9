//! `copy` on the command line.

use super::Source;
use super::snippet::Snippet;
use crate::failure::Failure;
use crate::map::{self, Document};
use crate::suggested::Suggested;
use crate::typed::folded;
use clap::{Arg, ArgAction, ArgMatches, Command, ValueHint, value_parser};
use std::path::{Path, PathBuf};
use tour::module_name::why_not;

/// A recipe or a snippet to copy, and the place for it.
#[derive(Debug, PartialEq)]
pub struct Order {
    pub name: String,
    pub destination: PathBuf,
    pub choices: Choices,
}

/// How a recipe is wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// The name of the module, if it is not the recipe's.
    pub rename: Option<String>,
    /// The root and the manifest are changed too.
    pub apply: bool,
    pub with_tests: bool,
}

const AFTER: &str = "\
A recipe goes into a package that there is, as a module, or into a new folder, \
as a library. What the package lacks for it is printed, and `--apply` adds it. A \
snippet is a program: it goes into a new folder.";

pub fn command(documents: &[Document]) -> Command {
    let flag = |name, help| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    Command::new("copy")
        .about("Copies a recipe into your package, or makes a package of a recipe or a snippet")
        .after_help(AFTER)
        .arg(
            Arg::new("name")
                .value_name("NAME")
                .required(true)
                .hide_possible_values(true)
                .value_parser(Suggested::new(names(documents)))
                .help("The name of a recipe or of a snippet: FILE or CRATE/FILE"),
        )
        .arg(
            Arg::new("folder")
                .value_name("FOLDER")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .value_hint(ValueHint::DirPath)
                .help("The folder of your package, or a folder that is new or empty"),
        )
        .arg(
            Arg::new("as")
                .long("as")
                .value_name("MODULE")
                .value_parser(module)
                .help("Another name for the module"),
        )
        .arg(flag("apply", "Also adds the `mod` line and, with `cargo add`, the dependencies"))
        .arg(flag("with-tests", "Keeps the recipe's tests"))
}

fn names(documents: &[Document]) -> impl Iterator<Item = &'static str> {
    let recipes = map::recipes().iter().map(|recipe| recipe.name);
    recipes.chain(Snippet::all(documents).into_iter().map(|snippet| snippet.name))
}

impl Order {
    /// Reads what the user gave `command`.
    pub fn given(matches: &mut ArgMatches) -> Self {
        const REQUIRED: &str = "clap has seen that it is there";
        Self {
            name: matches.remove_one("name").expect(REQUIRED),
            destination: matches.remove_one("folder").expect(REQUIRED),
            choices: Choices {
                rename: matches.remove_one("as"),
                apply: matches.get_flag("apply"),
                with_tests: matches.get_flag("with-tests"),
            },
        }
    }

    /// Copies it from `workspace`, and says what to do next.
    pub fn carry_out(&self, documents: &[Document], workspace: &Path) -> Result<String, Failure> {
        let source = Source::named(documents, map::recipes(), &self.name)?;
        source.copy(workspace, &self.destination, &self.choices)
    }
}

/// A name that every edition takes for a module in a file of its own.
fn module(typed: &str) -> Result<String, &'static str> {
    let name = folded(typed);
    match why_not(&name) {
        None => Ok(name),
        Some(why) => Err(why),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_has_a_name_that_rust_takes() {
        for (typed, name) in
            [("retry", "retry"), ("try_2", "try_2"), ("ｒｅｔｒｙ", "retry"), ("_a", "_a")]
        {
            assert_eq!(module(typed), Ok(name.to_string()));
        }
        for typed in
            ["", " ", "2nd", "my-retry", "Retry", "a/b", "../a", "再試行", "a b", "a\u{1b}"]
        {
            assert!(module(typed).unwrap_err().contains("retry_twice"), "{typed}");
        }
        for typed in ["match", "self", "gen", "main", "lib", "std", "_", "async"] {
            assert!(module(typed).unwrap_err().contains("something else"), "{typed}");
        }
        assert!(module(&"a".repeat(64)).is_ok());
        assert!(module(&"a".repeat(65)).unwrap_err().contains("64 letters"));
    }
}
