//! The statements of a document, as a page for the browser: `crates/tour/statements/*.md`.

use std::path::Path;
use tour::data::{Document, Proof, Section, Statement, Verdict};

/// The folder of the pages.
pub const FOLDER: &str = "crates/tour/statements";

/// The first line of a page that nobody edits.
pub const WRITTEN: &str =
    "<!-- Written by `cargo tour dev write` from crates/tour/data. Edit that. -->";

const HEAD: &str = "\
| id | verdict | it says | it holds | proof | since |
|---|---|---|---|---|---|
";

const HEAD_OF_UNSAID: &str = "\
| id | of what | it holds | proof | since |
|---|---|---|---|---|
";

pub fn page(document: &Document) -> String {
    let Document { command, name, title, .. } = document;
    let mut text = format!(
        "{WRITTEN}
# {title}

Each statement of the {name}, by the number of its section, in our words. \"It holds\" is what is true instead,
or more precisely. The proof fails if that is not so: a test, a program that must not compile (case), or the
output that a README shows (console). \"Since\" is the version from which on it holds, where one is known.
`cargo run -- statements` prints this with the commands, and [the map](../map/{command}.md) has the programs.

{}",
        super::readme::verdicts()
    );
    for section in document.ledger() {
        text += &format!("\n## {}\n\n", section.title());
        if section.statements.is_empty() {
            text += &format!("{}\n", section.note);
            continue;
        }
        let (unsaid, said): (Vec<_>, Vec<_>) =
            section.statements.iter().partition(|it| it.verdict == Verdict::Unsaid);
        if !said.is_empty() {
            text += HEAD;
            text.extend(said.into_iter().map(row));
        }
        if !unsaid.is_empty() {
            text += &format!("\nWhat the {name} does not say:\n\n");
            text += HEAD_OF_UNSAID;
            text.extend(unsaid.into_iter().map(row));
        }
    }
    text
}

fn row(statement: &Statement) -> String {
    let Statement { id, verdict, twins, says, holds, proofs, reason, since } = statement;
    let proofs: Vec<_> = proofs.iter().map(link).collect();
    let proof = if proofs.is_empty() { reason.to_string() } else { proofs.join(", ") };
    let holds = match twins[..] {
        [] => holds.to_string(),
        _ => format!("{holds} (The same as {}.)", twins.join(", ")).trim_start().to_string(),
    };
    match verdict {
        Verdict::Unsaid => cells(&[id, says, &holds, &proof, since]),
        _ => cells(&[id, verdict.name(), says, &holds, &proof, since]),
    }
}

/// A row of a Markdown table. A bar within a cell would end it.
pub fn cells(cells: &[&str]) -> String {
    let cell = |cell: &&str| match cell.is_empty() {
        true => " |".to_string(),
        false => format!(" {} |", cell.replace('|', r"\|")),
    };
    format!("|{}\n", cells.iter().map(cell).collect::<String>())
}

fn link(proof: &Proof) -> String {
    format!("[{}]({})", proof.name, relative(FOLDER, proof.path))
}

/// How a page in `folder` links to `path`.
pub fn relative(folder: &str, path: &str) -> String {
    let (folder, path) = (Path::new(folder), Path::new(path));
    let common = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(common).map(|_| "..".to_string());
    let down = path.components().skip(common);
    let down = down.map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// Where a section stands on its page, as GitHub makes it from the heading.
pub fn anchor(section: &Section) -> String {
    let heading = section.title().to_lowercase().replace(' ', "-");
    heading.chars().filter(|it| it.is_alphanumeric() || "-_".contains(*it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tour::data::documents;

    #[test]
    fn a_statement_is_a_row_with_links_to_its_proofs() {
        let page = page(&documents()[0]);
        let row = "| G-3.1-1 | does-not-compile | The snippet of `fetch_data` and its desugared form. | It \
                   compiles only in edition 2024, whose prelude has `Future`. | \
                   [case](../../../tests/ui/async-await/edition_2021.fail.rs) | Rust 1.85 |\n";
        assert!(page.contains(row), "{page}");
    }

    #[test]
    fn a_bar_within_a_cell_does_not_end_it() {
        assert_eq!(cells(&["a|b", "", "c"]), "| a\\|b | | c |\n");
    }

    #[test]
    fn a_link_goes_up_and_down() {
        assert_eq!(relative("crates/a/b", "crates/c/d.rs"), "../../c/d.rs");
        assert_eq!(relative("crates/a/b", "crates/a/b/c.md"), "c.md");
        assert_eq!(relative("crates/a", "tests/b.rs"), "../../tests/b.rs");
    }

    #[test]
    fn an_anchor_is_what_github_makes_of_the_heading() {
        let [guide, deep_dive] = documents();
        let of = |document: &Document, id| anchor(document.section(id).unwrap());
        assert_eq!(of(guide, "4.1"), "41-join-と-select");
        assert_eq!(of(guide, "まとめ"), "まとめ");
        assert_eq!(of(deep_dive, "TL;DR"), "tldr");
    }
}
