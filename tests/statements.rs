//! Promise: every statement of both documents has one row with a verdict and a proof, which names
//! the row in return.
//!
//! `/// Proves G-4.1-1, D-11-12.` stands above a test, `//! Proves D-12-4.` on the second line of a
//! case that must not compile, `<!-- Proves G-4.1-2. -->` above a printed block. Links and counts in
//! the READMEs are written anew by `STATEMENTS=overwrite cargo test --test statements`.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use support::{WORKSPACE, packages, read};
use tour::data::documents;

/// How many statements the inventory has of each section of the guide.
const GUIDE: [(&str, usize); 44] = [
    ("0", 2),
    ("1.1", 2),
    ("1.2", 9),
    ("1.3", 9),
    ("2.1", 4),
    ("2.2", 4),
    ("2.3", 6),
    ("2.4", 6),
    ("2.5", 6),
    ("3.1", 5),
    ("3.2", 3),
    ("3.3", 4),
    ("3.4", 5),
    ("3.5", 6),
    ("4.1", 5),
    ("4.2", 4),
    ("4.3", 4),
    ("4.4", 3),
    ("4.5", 6),
    ("5.1", 4),
    ("5.2", 3),
    ("5.3", 3),
    ("6.1", 2),
    ("6.2", 4),
    ("7.1", 3),
    ("7.2", 5),
    ("8.1", 9),
    ("8.2", 6),
    ("8.3", 6),
    ("9.1", 7),
    ("9.2", 3),
    ("9.3", 7),
    ("9.4", 4),
    ("10.1", 5),
    ("10.2", 2),
    ("10.3", 2),
    ("10.4", 4),
    ("Q1", 3),
    ("Q2", 4),
    ("Q3", 4),
    ("Q4", 5),
    ("Q5", 3),
    ("Q6", 5),
    ("まとめ", 6),
];
/// The same of each chapter of the deep dive, from 0, the TL;DR.
const DEEP_DIVE: [usize; 20] =
    [12, 12, 12, 10, 10, 5, 17, 6, 7, 11, 11, 11, 12, 9, 6, 5, 5, 3, 9, 8];

/// What a row and its proofs say of each other: the ids by the place of the proof, its file and,
/// for a test, its name.
type Proven = BTreeMap<(String, String), Vec<String>>;

#[test]
fn every_statement_of_the_inventory_has_one_row() {
    let guide = GUIDE.iter().flat_map(|(section, count)| {
        (1..=*count).map(move |number| format!("G-{section}-{number}"))
    });
    let deep_dive = DEEP_DIVE.iter().enumerate().flat_map(|(chapter, count)| {
        (1..=*count).map(move |number| format!("D-{chapter}-{number}"))
    });
    let (guide, deep_dive): (BTreeSet<_>, BTreeSet<_>) = (guide.collect(), deep_dive.collect());
    assert_eq!((guide.len(), deep_dive.len()), (202, 181));

    let statements = statements();
    for (document, expected) in [("guide", guide), ("deep dive", deep_dive)] {
        let ids = statements.iter().filter(|it| it.document == document).map(|it| &it.id);
        let rows: BTreeSet<_> = ids.clone().cloned().collect();
        let differs: Vec<_> = rows.symmetric_difference(&expected).collect();
        assert_eq!((differs, ids.count()), (Vec::<&String>::new(), expected.len()), "{document}");
    }
}

/// That every section is there, and has statements or says why not, is a test of the tour.
#[test]
fn every_row_stands_in_its_section() {
    for Statement { id, section, .. } in statements() {
        let (place, _) = id[2..].rsplit_once('-').unwrap();
        let (chapter, _) = section.split_once('.').unwrap_or((&section, ""));
        let is_there = match id.split_at(2) {
            ("G-", _) => place == section,
            _ if section == "TL;DR" => place == "0",
            _ => place == chapter,
        };
        assert!(is_there, "{id} in {section}");
    }
}

#[test]
fn every_proof_exists_and_runs_with_plain_cargo_test() {
    let (mut tests, mut ignored) = (BTreeSet::new(), BTreeSet::new());
    for path in rust_files() {
        for test in tests_of(&path) {
            let place = (relative(&path), test.name);
            if test.is_ignored {
                ignored.insert(place)
            } else {
                tests.insert(place)
            };
        }
    }
    for (place, ids) in ledger() {
        let (path, name) = &place;
        match name.as_str() {
            "console" => assert!(read(path).contains("\n```console\n"), "{ids:?}: {path}"),
            "case" => assert!(Path::new(WORKSPACE).join(path).is_file(), "{ids:?}: {path}"),
            _ => {
                assert!(!ignored.contains(&place), "{ids:?}: {name} of {path} is ignored");
                assert!(tests.contains(&place), "{ids:?}: no test {name} in {path}");
            }
        }
    }
}

#[test]
fn every_proof_names_its_statements_and_they_name_it() {
    let mut named = Proven::new();
    for path in rust_files() {
        for test in tests_of(&path).into_iter().filter(|test| !test.proves.is_empty()) {
            let place = (relative(&path), test.name);
            assert_eq!(named.insert(place.clone(), test.proves), None, "{place:?} is there twice");
        }
    }
    for path in files("tests/ui", ".fail.rs") {
        let text = read(&path);
        let ids = text.lines().skip(1).map_while(|line| line.strip_prefix("//! Proves "));
        let ids: Vec<_> = ids.flat_map(ids_in).collect();
        if !ids.is_empty() {
            named.insert((relative(&path), "case".to_string()), ids);
        }
    }
    for path in files("crates", "README.md") {
        let text = read(&path);
        for (block, _) in text.match_indices("\n```console\n") {
            let above = text[..block].lines().rev();
            let mut ids: Vec<_> = above
                .map_while(|line| line.strip_prefix("<!-- Proves ")?.strip_suffix(" -->"))
                .collect();
            ids.reverse();
            if !ids.is_empty() {
                let ids = ids.into_iter().flat_map(ids_in).collect();
                named.insert((relative(&path), "console".to_string()), ids);
            }
        }
    }
    let ledger = ledger();
    let places: BTreeSet<_> = named.keys().chain(ledger.keys()).collect();
    // The ledger's order is that of the comments too.
    let disagree = places.iter().filter(|place| named.get(**place) != ledger.get(**place));
    let disagree: Vec<_> = disagree
        .map(|place| format!("{place:?}: {:?}, ledger {:?}", named.get(*place), ledger.get(*place)))
        .collect();
    assert!(disagree.is_empty(), "comment and ledger disagree:\n{}", disagree.join("\n"));
}

#[test]
fn the_readme_of_every_crate_that_proves_statements_links_to_them() {
    let mut sections: BTreeMap<String, Vec<(String, String, String)>> = BTreeMap::new();
    for Statement { document, section, heading, proofs, .. } in statements() {
        for (path, _) in proofs {
            let path = path
                .strip_prefix("crates/sections/")
                .or_else(|| path.strip_prefix("crates/"))
                .or_else(|| path.strip_prefix("tests/ui/"));
            let Some((name, _)) = path.and_then(|path| path.split_once('/')) else {
                continue;
            };
            let (document, section, heading) = (document.clone(), section.clone(), heading.clone());
            let sections = sections.entry(name.to_string()).or_default();
            if sections.last().is_none_or(|last| (&last.0, &last.1) != (&document, &section)) {
                sections.push((document, section, heading));
            }
        }
    }
    for (name, sections) in sections {
        let folder =
            packages().into_iter().find(|folder| folder.ends_with(&name)).expect("a crate");
        let folder = relative(&folder);
        let up = if folder.starts_with("crates/sections/") { "../.." } else { ".." };
        let links = |document: &str| {
            let own = sections.iter().filter(|section| section.0 == document);
            let links = own.map(|(_, id, heading)| {
                let file = document.replace(' ', "-");
                let anchor = anchor(format!("{id} {heading}").trim());
                format!("[{id}]({up}/tour/statements/{file}.md#{anchor})")
            });
            let links: Vec<_> = links.collect();
            (!links.is_empty()).then(|| format!("{document} {}", links.join(", ")))
        };
        let both: Vec<_> = ["guide", "deep dive"].into_iter().filter_map(links).collect();
        let line = format!("Statements proven here: {}.", both.join("; "));
        has_paragraph(&format!("{folder}/README.md"), "Statements proven here: ", &line);
    }
}

#[test]
fn the_readme_counts_the_verdicts() {
    let statements = statements();
    let count = |verdict: Option<&str>, document: &str| {
        let own = statements.iter().filter(|it| it.document == document);
        own.filter(|it| verdict.is_none_or(|verdict| it.verdict == verdict)).count()
    };
    let mut table = "| verdict | guide | deep dive |\n| --- | --- | --- |\n".to_string();
    for verdict in ["true", "corrected", "outdated", "opinion", "unproven"] {
        let [guide, deep_dive] = ["guide", "deep dive"].map(|it| count(Some(verdict), it));
        table += &format!("| {verdict} | {guide} | {deep_dive} |\n");
    }
    let [guide, deep_dive] = ["guide", "deep dive"].map(|document| count(None, document));
    table += &format!("| all | {guide} | {deep_dive} |");
    has_paragraph("README.md", "| verdict |", &table);
}

/// The one that begins with `start` is `expected`; `STATEMENTS=overwrite` makes it so.
fn has_paragraph(path: &str, start: &str, expected: &str) {
    let text = read(path);
    let mut paragraphs: Vec<_> = text.split("\n\n").collect();
    match paragraphs.iter().position(|it| it.starts_with(start)) {
        Some(place) => paragraphs[place] = expected,
        None => {
            let table = paragraphs.iter().position(|it| it.starts_with('|'));
            paragraphs.insert(table.expect("a table comes before it") + 1, expected);
        }
    }
    let wanted = paragraphs.join("\n\n");
    if text != wanted && std::env::var("STATEMENTS").is_ok_and(|it| it == "overwrite") {
        fs::write(Path::new(WORKSPACE).join(path), wanted).unwrap();
    } else {
        assert!(text == wanted, "{path} lacks\n{expected}");
    }
}

#[derive(Debug)]
struct Statement {
    id: String,
    document: String,
    section: String,
    heading: String,
    verdict: String,
    /// The path and the name of each.
    proofs: Vec<(String, String)>,
}

fn statements() -> Vec<Statement> {
    let mut statements = Vec::new();
    for document in documents() {
        for section in document.ledger() {
            let title = section.title();
            let heading = title.strip_prefix(section.id).unwrap().trim();
            for statement in &section.statements {
                let proofs = statement.proofs.iter();
                let proofs = proofs.map(|proof| (proof.path.to_string(), proof.name.to_string()));
                statements.push(Statement {
                    id: statement.id.to_string(),
                    document: document.name.to_string(),
                    section: section.id.to_string(),
                    heading: heading.to_string(),
                    verdict: statement.verdict.name().to_string(),
                    proofs: proofs.collect(),
                });
            }
        }
    }
    statements
}

fn ledger() -> Proven {
    let mut proven = Proven::new();
    for Statement { id, proofs, .. } in statements() {
        for place in proofs {
            proven.entry(place.clone()).or_default().push(id.clone());
        }
    }
    proven
}

struct Test {
    name: String,
    is_ignored: bool,
    proves: Vec<String>,
}

/// The functions with a `#[test]` or `#[tokio::test]`, and what stands between an empty line or the
/// end of another item and them.
fn tests_of(path: &Path) -> Vec<Test> {
    let text = read(path);
    let mut tests = Vec::new();
    let (mut is_test, mut is_ignored, mut proves) = (false, false, Vec::new());
    for line in text.lines().map(str::trim) {
        if let Some(ids) = line.strip_prefix("/// Proves ") {
            proves.extend(ids_in(ids));
        } else if line.starts_with("#[test]") || line.starts_with("#[tokio::test") {
            is_test = true;
        } else if line.starts_with("#[ignore") {
            is_ignored = true;
        } else if line.is_empty() || line == "}" || line.ends_with('{') {
            let name = line.split_once("fn ").and_then(|(_, rest)| rest.split_once('('));
            match (is_test, name) {
                (true, Some((name, _))) => {
                    let proves = std::mem::take(&mut proves);
                    tests.push(Test { name: name.to_string(), is_ignored, proves });
                }
                _ => assert!(proves.is_empty(), "{}: {proves:?} above no test", path.display()),
            }
            (is_test, is_ignored) = (false, false);
        }
    }
    tests
}

/// `G-4.1-1, D-11-12.`
fn ids_in(list: &str) -> Vec<String> {
    let list = list.strip_suffix('.').unwrap_or_else(|| panic!("{list:?} has no full stop"));
    list.split(", ").map(String::from).collect()
}

/// As GitHub makes it from a heading.
fn anchor(heading: &str) -> String {
    let heading = heading.to_lowercase().replace(' ', "-");
    heading.chars().filter(|it| it.is_alphanumeric() || "-_".contains(*it)).collect()
}

/// Where tests are.
fn rust_files() -> Vec<PathBuf> {
    let ui = Path::new(WORKSPACE).join("tests/ui");
    let all = [files("crates", ".rs"), files("tests", ".rs")].concat();
    all.into_iter().filter(|path| !path.starts_with(&ui)).collect()
}

/// Below `folder`, with a name that ends with `end`.
fn files(folder: &str, end: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(WORKSPACE).join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_str().unwrap().ends_with(end) {
                found.push(path);
            }
        }
    }
    found
}

fn relative(path: &Path) -> String {
    path.strip_prefix(WORKSPACE).unwrap().to_str().unwrap().replace('\\', "/")
}
