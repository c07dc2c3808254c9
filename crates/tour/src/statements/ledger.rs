//! The ledger: what each document states, and what holds, as `statements/*.md` have it.
//!
//! Below `## SECTION HEADING` stands a table of statements, or one paragraph that says why there
//! are none. A row is `| id | verdict | it says | it holds | proof | since |`. The proofs are
//! links to a test, a case that must not compile, or a printed block; words if there is none.

use super::proof::Proof;
use crate::text::lf;

/// A document's ledger.
#[derive(Debug, PartialEq)]
pub struct Ledger {
    /// `guide` or `deep dive`.
    pub document: &'static str,
    /// In the document's order.
    pub sections: Vec<Section>,
}

#[derive(Debug, PartialEq)]
pub struct Section {
    /// As in the map; `0` is what stands before the first chapter.
    pub id: &'static str,
    /// Empty if the id is the heading.
    pub heading: &'static str,
    /// Why it has no statements. Empty if it has some.
    pub note: String,
    pub statements: Vec<Statement>,
}

#[derive(Debug, PartialEq)]
pub struct Statement {
    /// `G-4.1-1`, `D-6-3`.
    pub id: &'static str,
    pub verdict: Verdict,
    /// The document's statement in one sentence.
    pub says: String,
    /// What is true instead, or more precisely.
    pub holds: String,
    pub proofs: Vec<Proof>,
    /// Why there is no proof. Empty if there is one.
    pub reason: String,
    /// The version since which it holds, where known: `Tokio 1.51`.
    pub since: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    True,
    /// Never was as the document has it.
    Corrected,
    /// Was true once.
    Outdated,
    /// Nothing that a program could show.
    Opinion,
    /// A program could show it, but not here.
    Unproven,
}

impl Verdict {
    pub const ALL: [Self; 5] =
        [Self::True, Self::Corrected, Self::Outdated, Self::Opinion, Self::Unproven];

    pub fn name(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::Corrected => "corrected",
            Self::Outdated => "outdated",
            Self::Opinion => "opinion",
            Self::Unproven => "unproven",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }

    /// The document is not to be followed here.
    pub fn is_wrong(self) -> bool {
        matches!(self, Self::Corrected | Self::Outdated)
    }
}

/// Of the guide and the deep dive.
pub fn ledgers() -> [Ledger; 2] {
    const PARSED: &str = "a test has parsed the ledgers";
    [
        parse("guide", include_str!("../../statements/guide.md")).expect(PARSED),
        parse("deep dive", include_str!("../../statements/deep-dive.md")).expect(PARSED),
    ]
}

pub fn parse(document: &'static str, markdown: &'static str) -> Result<Ledger, String> {
    let sections = lf(markdown).split("\n## ").skip(1);
    Ok(Ledger { document, sections: sections.map(section).collect::<Result<_, _>>()? })
}

fn section(text: &'static str) -> Result<Section, String> {
    let (title, body) = text.split_once('\n').ok_or_else(|| format!("nothing below {text}"))?;
    let (id, heading) = title.split_once(' ').unwrap_or((title, ""));
    let is_row = |line: &&str| line.starts_with('|');
    let prose: Vec<_> = body.lines().filter(|line| !is_row(line) && !line.is_empty()).collect();
    // The first row is the header, the second the rule below it.
    let rows = body.lines().filter(is_row).skip(2);
    let statements = rows.map(row).collect::<Result<Vec<_>, _>>()?;
    let note = prose.join(" ");
    match note.is_empty() == statements.is_empty() {
        true => Err(format!("{id} has statements or a reason why not, one of the two")),
        false => Ok(Section { id, heading, note, statements }),
    }
}

fn row(line: &'static str) -> Result<Statement, String> {
    let wrong = |why: &str| format!("{why}: {line}");
    let cells = cells(line);
    let ["", id, verdict, says, holds, proof, since, ""] = cells[..] else {
        return Err(wrong("not six cells"));
    };
    let verdict = Verdict::named(verdict).ok_or_else(|| wrong("not a verdict"))?;
    let text = |cell: &str| cell.replace(r"\|", "|");
    let (proofs, reason) = match proof.starts_with('[') {
        true => (proof.split(", ").map(Proof::linked).collect(), String::new()),
        false => (Some(Vec::new()), text(proof)),
    };
    let proofs = proofs.ok_or_else(|| wrong("not a list of proofs"))?;
    if says.is_empty() || proof.is_empty() {
        return Err(wrong("a statement and a proof, or why there is none"));
    }
    if verdict != Verdict::True && holds.is_empty() {
        return Err(wrong("what holds, if it is not that"));
    }
    if proofs.is_empty() && !matches!(verdict, Verdict::Opinion | Verdict::Unproven) {
        return Err(wrong("no proof"));
    }
    Ok(Statement { id, verdict, says: text(says), holds: text(holds), proofs, reason, since })
}

/// What stands between the bars; `\|` is none.
fn cells(line: &'static str) -> Vec<&'static str> {
    let mut cells = Vec::new();
    let mut start = 0;
    for (at, _) in line.match_indices('|') {
        if !line[..at].ends_with('\\') {
            cells.push(line[start..at].trim());
            start = at + 1;
        }
    }
    cells.push(line[start..].trim());
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::{Content, documents};
    use crate::text::tests::crlf;

    const LEDGER: &str = r"# Title

What the columns are.

## 1 one

Its sections have them.

## 1.1 first

| id | verdict | it says | it holds | proof | since |
|---|---|---|---|---|---|
| G-1.1-1 | true | `a \| b` | | [it_is](../../a/src/x.rs), [console](../../a/README.md) | Rust 1.85 |
| G-1.1-2 | opinion | Best. | A matter of taste. | – | |
";

    #[test]
    fn both_ledgers_parse() {
        let [guide, deep_dive] = ledgers();
        let count =
            |ledger: &Ledger| ledger.sections.iter().map(|it| it.statements.len()).sum::<usize>();
        assert_eq!((count(&guide), count(&deep_dive)), (202, 181));
    }

    #[test]
    fn a_checkout_of_windows_gives_the_same_ledgers() {
        let guide = lf(include_str!("../../statements/guide.md"));
        let deep_dive = lf(include_str!("../../statements/deep-dive.md"));
        for ledger in [guide, deep_dive] {
            assert_eq!(parse("t", crlf(ledger)), parse("t", ledger));
        }
    }

    #[test]
    fn the_sections_are_those_of_the_map_in_its_order() {
        for (ledger, document) in ledgers().iter().zip(documents()) {
            let titles = ledger.sections.iter().filter(|section| section.id != "0");
            let titles: Vec<_> = titles.map(|section| (section.id, section.heading)).collect();
            // A chapter may leave all to its sections.
            let is_there = |id| ledger.sections.iter().any(|section| section.id == id);
            let rows = document.sections.iter();
            let rows = rows.filter(|row| row.content != Content::Chapter || is_there(row.id));
            let rows = rows.map(|row| match row.id == row.heading {
                true => (row.id, ""),
                false => (row.id, row.heading),
            });
            assert_eq!(titles, rows.collect::<Vec<_>>(), "{}", document.name);
        }
    }

    #[test]
    fn a_section_has_its_statements_or_says_why_not() {
        let ledger = parse("guide", LEDGER).unwrap();
        let [one, first] = &ledger.sections[..] else { panic!("not two") };
        assert_eq!((one.id, one.heading, &*one.note), ("1", "one", "Its sections have them."));
        assert_eq!((first.id, &*first.note), ("1.1", ""));
        let [proven, best] = &first.statements[..] else { panic!("not two") };
        assert_eq!(
            (proven.id, proven.verdict, proven.since),
            ("G-1.1-1", Verdict::True, "Rust 1.85")
        );
        assert_eq!((&*proven.says, &*proven.holds, proven.proofs.len()), ("`a | b`", "", 2));
        assert_eq!((best.verdict, &*best.reason), (Verdict::Opinion, "–"));
    }

    #[test]
    fn a_ledger_that_contradicts_itself_is_refused() {
        let refused = |from: &str, to: &str| {
            assert!(LEDGER.contains(from));
            parse("guide", LEDGER.replace(from, to).leak()).err().unwrap()
        };
        assert!(refused("Its sections have them.", "").contains("or a reason why not"));
        assert!(refused("## 1.1 first\n", "## 1.1 first\n\nWords.\n").contains("one of the two"));
        assert!(refused(r"a \| b", "a | b").contains("not six cells"));
        assert!(refused("| true |", "| right |").contains("not a verdict"));
        assert!(refused("a/src/x.rs", "a/x.rs").contains("not a list of proofs"));
        assert!(refused("| true |", "| corrected |").contains("what holds"));
        assert!(refused("| opinion |", "| outdated |").contains("no proof"));
        assert!(refused("| – |", "| |").contains("or why there is none"));
    }
}
