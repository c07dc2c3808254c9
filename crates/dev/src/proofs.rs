//! The statements and the tests that prove them: each names the other.
//!
//! `/// Proves G-4.1-1, D-11-12.` stands above a test, `//! Proves D-12-4.` on the second line of a
//! case that must not compile, `<!-- Proves G-4.1-2. -->` above a printed block, `// Proves D-13-2.`
//! or `# Proves D-13-2.` on the second line of a program that `scripts/elsewhere` runs.

use crate::files;
use crate::problems::Problem;
use std::collections::BTreeMap;
use std::path::Path;
use tour::data::documents;

/// The ids that a row and its proofs say of each other, by the place of the proof: its file and its
/// name, in the order of the data.
type Proven = BTreeMap<(String, String), Vec<String>>;

pub fn problems(root: &Path) -> Result<Vec<Problem>, String> {
    let comments = Comments::read(root)?;
    Ok(compared(&stated(), &comments))
}

/// Returns what the data says.
fn stated() -> Proven {
    let mut proven = Proven::new();
    for statement in documents().iter().flat_map(|document| document.statements()) {
        for proof in &statement.proofs {
            let place = (proof.path.to_string(), proof.name.to_string());
            proven.entry(place).or_default().push(statement.id.to_string());
        }
    }
    proven
}

fn compared(stated: &Proven, comments: &Comments) -> Vec<Problem> {
    let mut problems = comments.problems.clone();
    let mut add = |(path, name): &(String, String), what: String, then: &str| {
        problems.push(Problem::new(path, format!("{name}: {what}"), then));
    };
    for (place, ids) in stated {
        let ids = ids.join(", ");
        match comments.all.get(place) {
            None => add(
                place,
                format!("there is none, the proof of {ids}"),
                "write it, or name another proof",
            ),
            Some(Kind::Ignored) => {
                add(place, format!("it is ignored, the proof of {ids}"), "let it run")
            }
            Some(Kind::Runs) => {}
        }
    }
    let named = &comments.named;
    for place in stated.keys().chain(named.keys().filter(|place| !stated.contains_key(place))) {
        let (row, comment) = (stated.get(place), named.get(place));
        if row != comment && comments.all.contains_key(place) {
            let text = |ids: Option<&Vec<String>>| match ids {
                Some(ids) => ids.join(", "),
                None => "nothing".to_string(),
            };
            let what =
                format!("it says that it proves {}, the data says {}", text(comment), text(row));
            add(
                place,
                what,
                "make its line `Proves …` and `proofs` in crates/tour/data agree, in the data's order",
            );
        }
    }
    problems
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Kind {
    Runs,
    Ignored,
}

/// The comments of the tests, the cases and the READMEs.
#[derive(Debug, Default, PartialEq)]
struct Comments {
    all: BTreeMap<(String, String), Kind>,
    named: Proven,
    problems: Vec<Problem>,
}

impl Comments {
    fn read(root: &Path) -> Result<Self, String> {
        let mut comments = Self::default();
        for path in
            [files::below(root, "crates", ".rs")?, files::below(root, "tests", ".rs")?].concat()
        {
            match path.starts_with("tests/ui/") {
                true if path.ends_with(".fail.rs") => {
                    comments.case(&path, &files::read(root, &path)?)
                }
                true => {}
                false => comments.tests(&path, &files::read(root, &path)?),
            }
        }
        for path in files::below(root, "crates", "README.md")? {
            comments.printed(&path, &files::read(root, &path)?);
        }
        for path in files::below(root, "crates/sections", "")? {
            if let Some(file) = elsewhere(&path) {
                comments.elsewhere(&path, file, &files::read(root, &path)?);
            }
        }
        Ok(comments)
    }

    fn add(&mut self, path: &str, name: &str, kind: Kind, ids: Vec<String>) {
        let place = (path.to_string(), name.to_string());
        if !ids.is_empty() && self.named.insert(place.clone(), ids).is_some() {
            self.problem(path, &format!("two are called {name}"), "rename one, it is a proof");
        }
        self.all.insert(place, kind);
    }

    fn problem(&mut self, path: &str, what: &str, then: &str) {
        self.problems.push(Problem::new(path, what, then));
    }

    /// The functions with a `#[test]` or `#[tokio::test]`, and what stands between an empty line or
    /// the end of another item and them.
    fn tests(&mut self, path: &str, source: &str) {
        let (mut is_test, mut kind, mut proves) = (false, Kind::Runs, Vec::new());
        for line in source.lines().map(str::trim) {
            if let Some(ids) = line.strip_prefix("/// Proves ").filter(|ids| is_id(ids)) {
                proves.extend(self.ids(path, ids));
            } else if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
                is_test = true;
                if line.contains("#[ignore") {
                    kind = Kind::Ignored;
                }
            } else if line.starts_with("#[ignore") {
                kind = Kind::Ignored;
            } else if line.is_empty() || line == "}" || line.ends_with('{') {
                let name = line.split_once("fn ").and_then(|(_, rest)| rest.split_once('('));
                let proves = std::mem::take(&mut proves);
                match (is_test, name) {
                    (true, Some((name, _))) => self.add(path, name, kind, proves),
                    _ if proves.is_empty() => {}
                    _ => {
                        let what = format!("`Proves {}.` stands above no test", proves.join(", "));
                        self.problem(path, &what, "move it to its test, or remove it");
                    }
                }
                (is_test, kind) = (false, Kind::Runs);
            }
        }
    }

    fn case(&mut self, path: &str, source: &str) {
        let lines = source.lines().skip(1).map_while(|line| line.strip_prefix("//! Proves "));
        let ids = lines.flat_map(|line| self.ids(path, line)).collect();
        self.add(path, "case", Kind::Runs, ids);
    }

    fn printed(&mut self, path: &str, readme: &str) {
        let mut ids = Vec::new();
        let blocks: Vec<_> = readme.match_indices("\n```console\n").map(|(at, _)| at).collect();
        for &block in &blocks {
            let above = readme[..block].lines().rev();
            let lines = above.map_while(|line| {
                line.strip_prefix("<!-- Proves ").and_then(|line| line.strip_suffix(" -->"))
            });
            let lines: Vec<_> = lines.collect();
            ids.extend(lines.into_iter().rev().flat_map(|line| self.ids(path, line)));
        }
        if !blocks.is_empty() {
            self.add(path, "console", Kind::Runs, ids);
        }
    }

    fn elsewhere(&mut self, path: &str, file: &str, source: &str) {
        let proves = source.lines().nth(1).and_then(|line| line.split_once(" Proves "));
        let ids = proves.map(|(_, ids)| self.ids(path, ids)).unwrap_or_default();
        self.add(path, file, Kind::Runs, ids);
    }

    /// `G-4.1-1, D-11-12.`
    fn ids(&mut self, path: &str, list: &str) -> Vec<String> {
        if !list.ends_with('.') {
            let what = format!("`Proves {list}` does not end with a full stop");
            self.problem(path, &what, "add it");
        }
        list.trim_end_matches('.').split(", ").map(String::from).collect()
    }
}

/// The name of a program in another language. What it needs lies in folders beside it.
fn elsewhere(path: &str) -> Option<&str> {
    let (_, file) = path.split_once("/elsewhere/")?;
    (!file.contains('/')).then_some(file)
}

/// It begins with the id of a statement.
fn is_id(text: &str) -> bool {
    text.starts_with("G-") || text.starts_with("D-")
}

#[cfg(test)]
mod tests;
