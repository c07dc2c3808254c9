//! A snippet becomes a package, a recipe a module of the user's own.

mod answer;
mod change;
mod command;
mod graph;
mod into;
mod locked;
mod mod_line;
mod module;
mod needs;
mod recipe;
mod snippet;
mod target;
mod tested;
mod version;

pub use command::{Choices, Order, command};

use crate::failure::Failure;
use crate::find::or_find;
use crate::map::{Document, Recipe};
use crate::visible::shown;
use recipe::Delivery;
use snippet::Snippet;
use std::fs;
use std::path::Path;
use tour::module_name::means_something;

/// A program that needs it names it in its header.
const FLAG_OF_THE_WORKSPACE: &str = "--cfg tokio_unstable";

/// A recipe or a snippet.
#[derive(Clone, Debug, PartialEq)]
enum Source<'a> {
    Recipe(&'a Recipe),
    Snippet(Snippet),
}

impl<'a> Source<'a> {
    /// The recipe `NAME`, or else the snippet `FILE` or `CRATE/FILE`.
    fn named(map: &[Document], recipes: &'a [Recipe], name: &str) -> Result<Self, Failure> {
        let recipe = name.strip_prefix("recipes/").unwrap_or(name);
        if let Some(recipe) = recipes.iter().find(|one| one.name == recipe) {
            return Ok(Self::Recipe(recipe));
        }
        let all = Snippet::all(map);
        let meant: Vec<&Snippet> =
            all.iter().filter(|one| one.name == name || one.path == name).collect();
        match meant[..] {
            [one] => Ok(Self::Snippet(one.clone())),
            [] => Err(unknown(&all, recipes, name)),
            _ => {
                let paths: Vec<&str> = meant.iter().map(|one| one.path.as_str()).collect();
                let failure = Failure::wrong(format!("{name} is in {} crates", paths.len()));
                Err(failure.tip(format!("say {}", paths.join(" or "))))
            }
        }
    }

    /// Copies it from `workspace`, and says what to do next.
    fn copy(
        &self,
        workspace: &Path,
        destination: &Path,
        choices: &Choices,
    ) -> Result<String, Failure> {
        match self {
            Self::Recipe(recipe) => {
                Delivery::new(recipe, workspace, destination, choices)?.copy(workspace)
            }
            Self::Snippet(snippet) if *choices == Choices::default() => {
                snippet.copy(workspace, destination)
            }
            Self::Snippet(snippet) => {
                let message =
                    format!("{} is a program, which goes into a new package", snippet.path);
                Err(Failure::wrong(message).tip("--apply, --as and --with-tests are for recipes"))
            }
        }
    }
}

fn unknown(all: &[Snippet], recipes: &[Recipe], name: &str) -> Failure {
    let failure = Failure::wrong(format!("there is no recipe and no snippet {name}"));
    let own: Vec<_> = all.iter().filter(|one| one.krate == name).map(|one| one.name).collect();
    if !own.is_empty() {
        return failure.tip(format!("of this crate: {}", own.join(", ")));
    }
    let called =
        |one: &Snippet| if name.contains('/') { one.path.clone() } else { one.name.into() };
    let snippets = all.iter().map(called);
    let known: Vec<String> =
        recipes.iter().map(|one| one.name.to_string()).chain(snippets).collect();
    let known = known.iter().map(String::as_str);
    or_find(failure.did_you_mean(name, known, "`cargo run -- map guide` lists the files"), name)
}

/// The package gets lines that end with `\n`, whatever this checkout has.
fn read(path: &Path) -> Result<String, Failure> {
    let text = fs::read_to_string(path);
    let text = text.map_err(|error| Failure::refused(shown(path), &error))?;
    Ok(text.replace("\r\n", "\n"))
}

/// The file up to its `#[cfg(test)]`, with one newline at its end.
fn without_tests(source: &str) -> String {
    let program: Vec<&str> = source.lines().take_while(|line| *line != "#[cfg(test)]").collect();
    format!("{}\n", program.join("\n").trim_end())
}

/// The folder's name as Cargo allows it: ASCII letters, digits, `-` and `_`, no digit first, and
/// none of the folders Cargo makes beside the program. As a crate it is no keyword and, as
/// `is_taken` says, none of its own dependencies.
fn package_name(folder: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let allowed = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    let words = folder.split(|letter| !allowed(letter)).filter(|word| !word.is_empty());
    let name = words.collect::<Vec<_>>().join("-");
    let is_other = |krate: &str| means_something(krate) || is_taken(krate);
    match name.as_str() {
        "" => "app".to_string(),
        "build" | "deps" | "examples" | "incremental" => format!("{name}-app"),
        _ if name.starts_with(|first: char| first.is_ascii_digit()) => format!("app-{name}"),
        _ if is_other(&name.replace('-', "_")) => format!("{name}-app"),
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::{Content, File, Section};

    fn map(files: &[(&'static str, &'static str)]) -> [Document; 1] {
        let file = |&(krate, name)| File { krate, name, on_request: false };
        let content = Content::Programs(files.iter().map(file).collect());
        let sections = vec![Section { id: "1", content, ..Section::default() }];
        [Document { command: "t", name: "t", name_ja: "t", title: "t", before: None, sections }]
    }

    fn path(map: &[Document], name: &str) -> String {
        match Source::named(map, &[], name).unwrap() {
            Source::Snippet(snippet) => snippet.path,
            Source::Recipe(recipe) => panic!("{recipe:?}"),
        }
    }

    #[test]
    fn a_name_in_two_crates_lists_both() {
        let map = map(&[("a", "same"), ("b", "same"), ("b", "other")]);
        let failure = Source::named(&map, &[], "same").unwrap_err();
        assert_eq!(failure, Failure::wrong("same is in 2 crates").tip("say a/same or b/same"));
        assert_eq!(path(&map, "b/same"), "b/same");
        assert_eq!(path(&map, "other"), "b/other");
    }

    #[test]
    fn a_file_in_two_rows_is_one_snippet() {
        assert_eq!(path(&map(&[("a", "same"), ("a", "same")]), "same"), "a/same");
    }

    #[test]
    fn a_recipe_comes_before_a_snippet_that_has_its_name() {
        let map = map(&[("a", "retry")]);
        let recipes = [Recipe {
            name: "retry",
            problem: tour::Text::new("p", "ぴ"),
            words: vec![],
            sections: vec![],
            needs: Default::default(),
            tests: Default::default(),
            rust: "1.85",
        }];
        let is_recipe =
            |name| matches!(Source::named(&map, &recipes, name).unwrap(), Source::Recipe(_));
        assert!(is_recipe("retry") && is_recipe("recipes/retry") && !is_recipe("a/retry"));
    }

    #[test]
    fn an_unknown_name_is_answered_in_its_own_form() {
        let map = map(&[("a", "delay")]);
        let tip = |name: &str| format!("{:?}", Source::named(&map, &[], name).unwrap_err());
        assert!(tip("dealy").contains("did you mean delay?"));
        assert!(tip("a").contains("of this crate: delay"));
        assert!(tip("a/dealy").contains("did you mean a/delay?"));
        // No path leads out of the map.
        assert!(tip("a/../a/src/delay").contains("lists the files"));
        assert!(tip("recipes/../lib").contains("lists the files"));
    }

    #[test]
    fn tests_and_what_follows_them_are_left_out() {
        let program = "fn main() {}\n";
        assert_eq!(without_tests(&format!("{program}\n#[cfg(test)]\nmod tests {{}}\n")), program);
        assert_eq!(without_tests(program), program);
        // Only at the start of a line: an item within the program belongs to it.
        let inner = "mod a {\n    #[cfg(test)]\n    fn b() {}\n}\n";
        assert_eq!(without_tests(inner), inner);
    }

    #[test]
    fn any_folder_name_becomes_one_that_cargo_takes() {
        for (folder, name) in [
            ("my-app", "my-app"),
            ("my app (2)", "my-app-2"),
            ("2048", "app-2048"),
            ("試す", "app"),
            ("serde試す", "serde"),
            ("tokio試す", "tokio-app"),
            ("tokio-util", "tokio-util-app"),
            ("Tokio", "Tokio"),
            ("fn", "fn-app"),
            ("std", "std-app"),
            ("build", "build-app"),
            (".hidden", "hidden"),
            ("_x", "_x"),
        ] {
            assert_eq!(package_name(folder, |name| name == "tokio" || name == "tokio_util"), name);
        }
    }
}
