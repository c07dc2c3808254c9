//! Where the data and the workspace disagree: each with the file, and what to do.

use crate::header::header;
use crate::{files, pages, proofs, translations};
use std::collections::BTreeSet;
use std::fmt;
use std::path::Path;
use tour::data::{Crate, File, PROGRAM, Question, Section, crates, documents, questions, recipes};
use tour::near::near;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// From the root of the workspace.
    pub path: String,
    pub what: String,
    /// The remedy.
    pub then: String,
}

impl Problem {
    pub fn new(path: impl Into<String>, what: impl Into<String>, then: impl Into<String>) -> Self {
        Self { path: path.into(), what: what.into(), then: then.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}\n    {}", self.path, self.what, self.then)
    }
}

const CRATES: &str = "crates/tour/data/crates.toml";
const WRITE: &str = "`cargo tour dev write` writes it anew";

/// All that is missing or stale. The error is a file that cannot be read.
pub fn problems(root: &Path) -> Result<Vec<Problem>, String> {
    let mut problems = Vec::new();
    for krate in crates() {
        problems.extend(unlisted(root, krate)?);
        problems.extend(krate.files.iter().flat_map(|file| snippet(root, file)));
    }
    problems.extend(folders(root)?);
    problems.extend(scripts(root));
    problems.extend(quiz(root));
    problems.extend(recipe_files(root)?);
    problems.extend(proofs::problems(root)?);
    problems.extend(translations::missing(root)?);
    // A page that lacks its claim is told above.
    for page in pages(root) {
        match page {
            Ok(page) => problems.extend(page.first_difference().map(|(line, new)| {
                let what = format!("line {line} is stale: it would be {new:?}");
                Problem::new(page.path.clone(), what, WRITE)
            })),
            Err(wrong) => {
                let (path, what) = wrong.split_once(": ").unwrap_or((&wrong, "it is wrong"));
                if !problems.iter().any(|problem| problem.path == path && problem.what == what) {
                    problems.push(Problem::new(path, what, "repair it by hand"));
                }
            }
        }
    }
    problems.sort();
    problems.dedup();
    Ok(problems)
}

/// A file of the data: it is there, its header is right, its sections list it, and it is finished.
fn snippet(root: &Path, file: &File) -> Vec<Problem> {
    let path = file.source();
    let Ok(source) = files::read(root, &path) else {
        let then = format!("write it, or take {} out of {CRATES}", file.path());
        return vec![Problem::new(path, "there is no such file", then)];
    };
    let mut problems = Vec::new();
    let places: Vec<_> = file.places().collect();
    if places.is_empty() {
        let then = "add it to `files` of the section that it shows, in crates/tour/data";
        problems.push(Problem::new(&path, "no section lists it", then));
    }
    match header(documents(), &source) {
        Err(wrong) => {
            problems.push(Problem::new(
                &path,
                wrong,
                "the header says what the file shows, in one line",
            ));
        }
        Ok(header) => {
            for (document, section) in header.places {
                if !places.iter().any(|(_, other)| std::ptr::eq(*other, section)) {
                    let name = format!("{} {}", document.name, section.id);
                    let what = format!("its first line says {name}, which does not list it");
                    let then =
                        format!("add {} to `files` of {name} in crates/tour/data", file.path());
                    problems.push(Problem::new(&path, what, then));
                }
            }
        }
    }
    if source.contains("todo!(") {
        problems.push(Problem::new(&path, "it has a `todo!`", "write what it stands for"));
    }
    problems
}

/// The sources of a crate that the data does not have.
fn unlisted(root: &Path, krate: &Crate) -> Result<Vec<Problem>, String> {
    let folder = format!("crates/sections/{}/src", krate.name);
    let paths = files::below(root, &folder, ".rs")?;
    let mut listed = vec![format!("{folder}/main.rs")];
    for file in &krate.files {
        listed.push(file.source());
        // One that is missing is told of by `snippet`.
        let source = files::read(root, &file.source()).unwrap_or_default();
        listed.extend(tour::beside(&source).map(|name| format!("{folder}/{name}")));
    }
    let is_listed = |path: &String| listed.contains(path);
    let unlisted = paths.into_iter().filter(|path| !is_listed(path)).map(|path| {
        let then = format!("add it to `files` of {} in {CRATES}, or remove it", krate.name);
        Problem::new(path, "the data does not have it", then)
    });
    Ok(unlisted.collect())
}

/// The section crates that only the workspace has, or only the data.
fn folders(root: &Path) -> Result<Vec<Problem>, String> {
    let manifests = files::below(root, "crates/sections", "Cargo.toml")?;
    let name = |path: &String| path.split('/').nth(2).map(String::from);
    let there: BTreeSet<_> = manifests.iter().filter_map(name).collect();
    let listed: BTreeSet<_> = crates().iter().map(|krate| krate.name.to_string()).collect();
    let problem = |name: &String| match there.contains(name) {
        true => {
            let path = format!("crates/sections/{name}");
            Problem::new(path, "the data does not have it", format!("add it to {CRATES}"))
        }
        false => {
            let near = near(name, there.iter().map(String::as_str)).join(" or ");
            let what = format!("there is no crate {name} {near}");
            Problem::new(
                CRATES,
                what.trim_end(),
                "add its folder to crates/sections, or remove it here",
            )
        }
    };
    Ok(there.symmetric_difference(&listed).map(problem).collect())
}

/// The scripts that a section names.
fn scripts(root: &Path) -> Vec<Problem> {
    let sections = documents().iter().flat_map(|document| &document.sections);
    let scripts =
        sections.flat_map(|section| section.scripts.iter().map(move |script| (section, *script)));
    let missing = scripts.filter(|(_, script)| {
        let file = match script.strip_prefix(PROGRAM) {
            Some(words) => format!("crates/sections/{}/Cargo.toml", first_word(words)),
            None => first_word(script).to_string(),
        };
        !root.join(file).is_file()
    });
    let problem = |(section, script): (&Section, &str)| {
        let what = format!("section {} names it, and there is no such file", section.id);
        Problem::new(script, what, "write it, or name another one in crates/tour/data")
    };
    missing.map(problem).collect()
}

fn first_word(text: &str) -> &str {
    text.split(' ').next().unwrap_or_default()
}

/// The tests that answer the questions of the quiz, and the lines that they show.
fn quiz(root: &Path) -> Vec<Problem> {
    questions().iter().flat_map(|question| answer(root, question)).collect()
}

fn answer(root: &Path, question: &Question) -> Vec<Problem> {
    let Question { id, program, test, prints, .. } = question;
    let mut problems = Vec::new();
    let source = files::read(root, &program.source()).unwrap_or_default();
    if !source.contains(&format!("fn {test}()")) {
        let what = format!("it has no test {test}, the proof of question {id}");
        let then = "add it, or name another `proof` in quiz.toml";
        problems.push(Problem::new(program.source(), what, then));
    }
    if program.on_request {
        let what = format!("question {id} is about it, and it runs only when named");
        problems.push(Problem::new(program.source(), what, "name another `proof` in quiz.toml"));
    }
    let readme = format!("crates/sections/{}/README.md", program.krate);
    let text = files::read(root, &readme).unwrap_or_default();
    let run = format!("```console\n$ cargo run -p {}\n", program.krate);
    let block = text.split_once(&run).and_then(|(_, rest)| rest.split_once("\n```"));
    // In this order, perhaps with others between them.
    let mut shown = block.unwrap_or_default().0.lines();
    if let Some(line) = prints.lines().find(|line| !shown.any(|it| it == *line)) {
        let what = format!("question {id} shows {line:?}, which the program does not print there");
        problems.push(Problem::new(readme, what, "change `prints` in quiz.toml"));
    }
    problems
}

/// The recipes that only their table has, or only their folder.
fn recipe_files(root: &Path) -> Result<Vec<Problem>, String> {
    let path = |name: &str| format!("crates/recipes/src/{name}.rs");
    let there: BTreeSet<_> = files::below(root, "crates/recipes/src", ".rs")?.into_iter().collect();
    let listed: BTreeSet<_> = recipes().iter().map(|recipe| path(recipe.name)).collect();
    let differ = there.symmetric_difference(&listed).filter(|it| **it != path("lib"));
    let problem = |path: &String| match there.contains(path) {
        true => Problem::new(path, "recipes.toml does not have it", "add a table for it there"),
        false => {
            Problem::new(path, "there is no such file", "write it, or remove it from recipes.toml")
        }
    };
    Ok(differ.map(problem).collect())
}

#[cfg(test)]
mod tests;
