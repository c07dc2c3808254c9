//! The parts of the READMEs that are written.

use crate::header::header;
use crate::ledger::{self, anchor, cells, relative};
use crate::{files, places};
use std::path::Path;
use tour::Language;
use tour::data::{self, crates, documents};
use tour::data::{Crate, Document, Exercise, File, Section, Statement, Verdict};

/// Returns the claims of a section crate's files: one a row.
pub fn files(root: &Path, krate: &Crate) -> Result<String, String> {
    let mut table = head(["file", "document", "what it shows"]);
    for file in &krate.files {
        let path = file.source();
        let source = files::read(root, &path)?;
        let header = header(documents(), &source).map_err(|wrong| format!("{path}: {wrong}"))?;
        let link = format!("[`{0}`](src/{0}.rs)", file.name);
        table += &cells(&[
            &link,
            &places::of(file, Language::English),
            &claim(&header.claim, krate, file),
        ]);
    }
    Ok(table.trim_end().to_string())
}

/// The same in Japanese. In English where nobody has translated a claim.
pub fn files_ja(root: &Path, krate: &Crate) -> Result<String, String> {
    let mut table = head(["ファイル", "文書", "示すこと"]);
    for file in &krate.files {
        let path = file.source();
        let claim = match krate.claim_ja(file.name) {
            Some(claim) => claim.to_string(),
            None => {
                let source = files::read(root, &path)?;
                let header = header(documents(), &source);
                header.map_err(|wrong| format!("{path}: {wrong}"))?.claim
            }
        };
        let note = krate.note(file.name).map(|note| Language::Japanese.of(note));
        let run = format!("`cargo run -p {} -- {}`", file.krate, file.name);
        let claim = match (file.on_request, note) {
            (false, None) => claim,
            (false, Some(note)) => format!("{claim}({note})"),
            (true, None) => format!("{claim}(指定時のみ: {run})"),
            (true, Some(note)) => format!("{claim}(指定時のみ。{note})"),
        };
        let link = format!("[`{0}`](src/{0}.rs)", file.name);
        table += &cells(&[&link, &places::of(file, Language::Japanese), &claim]);
    }
    Ok(table.trim_end().to_string())
}

/// The claim, and what one must know before one runs the file.
fn claim(claim: &str, krate: &Crate, file: &File) -> String {
    let note = krate.note(file.name).map(|note| note.en);
    match (file.on_request, note) {
        (false, None) => claim.to_string(),
        (false, Some(note)) => format!("{claim} ({note})"),
        (true, None) => {
            format!("{claim} (on request: `cargo run -p {} -- {}`)", file.krate, file.name)
        }
        (true, Some(note)) => format!("{claim} (on request; {note})"),
    }
}

/// `guide [4.1](…), [4.2](…); deep dive [11.5](…)`: where the statements stand that the package at
/// `folder` proves. Empty if there are none.
pub fn statements(folder: &str, language: Language) -> String {
    let name = folder.rsplit('/').next();
    let proves = |it: &Statement| it.proofs.iter().any(|proof| proof.krate() == name);
    let link = |document: &Document, section: &Section| {
        let page = ledger::path(document, language);
        format!("[{}]({}#{})", section.id, relative(folder, &page), anchor(section))
    };
    let links = documents().iter().filter_map(|document| {
        let sections = document.ledger().filter(|section| section.statements.iter().any(proves));
        let links: Vec<_> = sections.map(|section| link(document, section)).collect();
        (!links.is_empty()).then(|| format!("{} {}", document.called(language), links.join(", ")))
    });
    let links: Vec<_> = links.collect();
    match links.is_empty() {
        true => String::new(),
        false => {
            let (english, japanese) = ("Statements proven here: ", "ここで裏づけている記述: ");
            let end = language.either(".", "");
            format!("{}{}{end}", language.either(english, japanese), links.join("; "))
        }
    }
}

/// `Exercises: …`: those of the sections that a section crate shows. Empty if there are none.
pub fn exercises(krate: &Crate, language: Language) -> String {
    let shows = |it: &&Exercise| it.section.files().iter().any(|file| krate.files.contains(file));
    let folder = format!("crates/sections/{}", krate.name);
    let links = data::exercises().iter().filter(shows).map(|exercise| {
        let Exercise { name, dir, .. } = exercise;
        let path = relative(&folder, &format!("crates/exercises/exercises/{dir}/{name}.rs"));
        format!("[`{name}`]({path})")
    });
    let links: Vec<_> = links.collect();
    match links.is_empty() {
        true => String::new(),
        false => match language {
            Language::English => format!("Exercises: {}.", links.join(", ")),
            Language::Japanese => format!("練習問題: {}", links.join(", ")),
        },
    }
}

/// The table of the section crates.
pub fn sections(language: Language) -> String {
    let mut table = head(language.either(
        ["crate", "guide", "deep dive", "shows"],
        ["クレート", "ガイド", "Deep Dive", "内容"],
    ));
    for krate in crates() {
        let ids = |document: &Document| {
            let has =
                |section: &&Section| section.files().iter().any(|file| file.krate == krate.name);
            let own: Vec<_> =
                document.sections.iter().filter(has).map(|section| section.id).collect();
            if own.is_empty() { "–".to_string() } else { places::ranges(&own) }
        };
        let [guide, deep_dive] = documents();
        let page = language.either("", "/README.ja.md");
        let link = format!("[`{0}`](crates/sections/{0}{page})", krate.name);
        table += &cells(&[&link, &ids(guide), &ids(deep_dive), language.of(krate.shows)]);
    }
    table.trim_end().to_string()
}

/// The first two lines of a table.
pub fn head<const COLUMNS: usize>(names: [&str; COLUMNS]) -> String {
    format!("| {} |\n|{}\n", names.join(" | "), " --- |".repeat(COLUMNS))
}

/// How many statements there are.
pub fn count() -> String {
    documents().iter().flat_map(Document::said).count().to_string()
}

/// How many statements have which verdict.
pub fn verdicts(language: Language) -> String {
    let mut table = head(language.either(
        ["verdict", "guide", "deep dive", "what it means"],
        ["判定", "ガイド", "Deep Dive", "意味"],
    ));
    let row = |name: &str, means: &str, takes: &dyn Fn(&Statement) -> bool| {
        let count = |document: &Document| document.said().filter(|it| takes(it)).count();
        let [guide, deep_dive] = documents().each_ref().map(|it| count(it).to_string());
        cells(&[name, &guide, &deep_dive, means])
    };
    for verdict in Verdict::ALL {
        let (label, means) = (language.of(verdict.label()), language.of(verdict.means()));
        table += &row(label, means, &|statement| statement.verdict == verdict);
    }
    let all = language.either("all", "計");
    (table + &row(all, "", &|_| true)).trim_end().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use tempfile::TempDir;
    use tour::Text;

    #[test]
    fn a_file_is_a_row_with_its_claim_and_how_to_run_it() {
        let root = TempDir::new().unwrap();
        let file = |name, on_request| File { krate: "async-drop", name, on_request };
        let krate = Crate {
            name: "async-drop",
            shows: Text::new("things", "もの"),
            files: vec![file("close", false), file("lost_cleanup", true), file("other", true)],
            notes: vec![("other", Text::new("hangs", "止まらない"))],
            claims_ja: vec![("close", "`close` は | である。")],
        };
        fs::create_dir_all(root.path().join("crates/sections/async-drop/src")).unwrap();
        for file in &krate.files {
            let claim = format!("//! Guide 10.4 — `{}` is | that.\n", file.name);
            fs::write(root.path().join(file.source()), claim).unwrap();
        }
        let table = super::files(root.path(), &krate).unwrap();
        let rows: Vec<_> = table.lines().skip(2).collect();
        assert_eq!(rows, [
            r"| [`close`](src/close.rs) | guide 10.4 | `close` is \| that. |",
            r"| [`lost_cleanup`](src/lost_cleanup.rs) |  | `lost_cleanup` is \| that. (on request: `cargo run -p async-drop -- lost_cleanup`) |",
            r"| [`other`](src/other.rs) | | `other` is \| that. (on request; hangs) |",
        ].map(|row| row.replace("|  |", "| |")));
        fs::write(root.path().join(krate.files[0].source()), "//! No claim.\n").unwrap();
        let wrong = super::files(root.path(), &krate).unwrap_err();
        assert!(wrong.starts_with("crates/sections/async-drop/src/close.rs: its first"), "{wrong}");
    }

    #[test]
    fn the_statements_are_those_whose_proofs_are_in_the_package() {
        let english = |folder| statements(folder, Language::English);
        let line = english("crates/sections/async-drop");
        let first = "Statements proven here: guide [10.4](../../tour/statements/guide.md#104-";
        assert!(line.starts_with(first), "{line}");
        assert_eq!(english("crates/nowhere"), "");
        let tour = "Statements proven here: deep dive [17](statements/deep-dive.md#17-";
        assert!(english("crates/tour").starts_with(tour), "{}", english("crates/tour"));
        let line = statements("crates/sections/async-drop", Language::Japanese);
        let first = "ここで裏づけている記述: ガイド [10.4](../../tour/statements/guide.ja.md#104-";
        assert!(line.starts_with(first), "{line}");
    }

    #[test]
    fn every_statement_is_counted_under_its_verdict() {
        let table = verdicts(Language::English);
        let row = |start: &str| {
            let row = table.lines().find(|row| row.starts_with(start)).unwrap();
            let cells = row.split('|').filter_map(|cell| cell.trim().parse::<usize>().ok());
            cells.collect::<Vec<_>>()
        };
        let rows = Verdict::ALL.map(|verdict| row(&format!("| {} |", verdict.name())));
        let sums = [0, 1].map(|at| rows.iter().map(|row| row[at]).sum::<usize>());
        assert_eq!(row("| all |"), sums);
        assert_eq!(count(), (sums[0] + sums[1]).to_string());
    }
}
