//! Reads what the README of a section says of its parts. Without a README, as in a copy of a part, nothing.

use std::fs;
use std::path::Path;

/// One row of the table of files, and what stands elsewhere about it.
#[derive(Debug, PartialEq)]
pub(super) struct About {
    pub part: String,
    /// `guide 4.2, deep dive 11.5`
    pub sections: String,
    /// The claim of the file, with its note at the end: `… (on request; hangs: …, then Ctrl+C)`.
    pub claim: String,
    /// Where the document is wrong: `4.2`.
    pub differs: Vec<String>,
}

/// Of all parts of the section in `folder`. `README.ja.md` has the claims in Japanese.
pub(super) fn about(folder: &Path, is_japanese: bool) -> Vec<About> {
    let read = |name: &str| {
        let readme = fs::read_to_string(folder.join(name)).unwrap_or_default();
        rows(&readme.replace("\r\n", "\n"))
    };
    let mut parts = read("README.md");
    let japanese = if is_japanese { read("README.ja.md") } else { Vec::new() };
    for About { part, sections, claim, .. } in japanese {
        if let Some(about) = parts.iter_mut().find(|about| about.part == part) {
            (about.sections, about.claim) = (sections, claim);
        }
    }
    parts
}

/// `guide 4.1 join と select`, for the first of the sections of a row.
pub(super) fn heading(folder: &Path, sections: &str) -> String {
    // Of `3.2–3.4` the first too.
    let first = sections.split([',', '–']).next().unwrap_or_default();
    let of = |document: &str, file: &str| {
        let id = first.strip_prefix(document)?.trim_start_matches(" FAQ").trim();
        let map = fs::read_to_string(folder.join("../../tour/map").join(file)).ok()?;
        let cells = map.lines().find_map(|line| line.strip_prefix(&format!("| {id} | ")))?;
        let heading = cells.split(" | ").next()?;
        (heading != id).then(|| format!("{first} {heading}"))
    };
    let files = [
        ("guide", "guide.md"),
        ("ガイド", "guide.md"),
        ("deep dive", "deep-dive.md"),
        ("Deep Dive", "deep-dive.md"),
    ];
    let found = files.into_iter().find_map(|(document, file)| of(document, file));
    found.unwrap_or_else(|| first.to_string())
}

fn rows(readme: &str) -> Vec<About> {
    let (_, differences) =
        readme.split_once("\n## Differences from the document").unwrap_or_default();
    let row = |line: &str| {
        let (part, rest) = line.strip_prefix("| [`")?.split_once("`](src/")?;
        let (_, cells) = rest.split_once(") | ")?;
        let (sections, claim) = cells.strip_suffix(" |")?.split_once(" | ")?;
        Some(About {
            part: part.to_string(),
            sections: sections.to_string(),
            claim: claim.replace("\\|", "|"),
            differs: differs(differences, part),
        })
    };
    readme.lines().filter_map(row).collect()
}

/// The sections at the start of those points that name a test of the part.
fn differs(differences: &str, part: &str) -> Vec<String> {
    let mut sections: Vec<String> = Vec::new();
    for point in differences.split("\n- ").skip(1) {
        let label = point.split(':').next().unwrap_or_default();
        let is_section = label.len() < 24 && label.contains(|it: char| it.is_ascii_digit());
        let is_its = point.contains(&format!("`{part}::"));
        if is_its
            && (is_section || label.contains("TL;DR"))
            && !sections.iter().any(|it| it == label)
        {
            sections.push(label.replace("Guide ", "guide ").replace("Deep dive", "deep dive"));
        }
    }
    sections
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "\
# things

| file | document | what it shows |
| --- | --- | --- |
| [`a`](src/a.rs) | guide 4.1, FAQ Q2 | It is `x \\| y`. |
| [`b`](src/b.rs) | deep dive 7.3 | It waits. (on request; then Ctrl+C) |

## Differences from the document

- 4.1: this is wrong (`a::it_is`),
  and that (`b::it_is_not`).
- Silent, and so no difference (`a::it_is_silent`).
- 4.1: and this (`a::it_is_too`).
- TL;DR: that (`b::it_waits`).
";

    #[test]
    fn a_row_is_a_part_with_its_claim_and_where_the_document_differs() {
        let about = |part: &str, sections: &str, claim: &str, differs: &[&str]| About {
            part: part.to_string(),
            sections: sections.to_string(),
            claim: claim.to_string(),
            differs: differs.iter().map(|section| section.to_string()).collect(),
        };
        let expected = [
            about("a", "guide 4.1, FAQ Q2", "It is `x | y`.", &["4.1"]),
            about("b", "deep dive 7.3", "It waits. (on request; then Ctrl+C)", &["4.1", "TL;DR"]),
        ];
        assert_eq!(rows(README), expected);
        assert_eq!(rows("# nothing\n"), []);
    }

    /// The files of this repository.
    #[test]
    fn a_heading_is_that_of_the_first_section() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sections/join-select");
        let heading = |sections| heading(&folder, sections);
        assert_eq!(
            heading("guide 4.2, deep dive 11.5"),
            "guide 4.2 エラーハンドリング付き並行処理"
        );
        assert_eq!(heading("deep dive 3.2–3.4"), "deep dive 3.2 メカニズム");
        assert_eq!(heading("guide まとめ"), "guide まとめ");
        assert_eq!(heading("guide 99.9"), "guide 99.9");
        assert_eq!(heading("ガイド 4.2"), "ガイド 4.2 エラーハンドリング付き並行処理");
        assert_eq!(heading("Deep Dive 3.2–3.4"), "Deep Dive 3.2 メカニズム");
    }

    #[test]
    fn a_claim_is_in_the_language_of_the_reader() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../sections/join-select");
        let one = |is_japanese| {
            let mut parts = about(&folder, is_japanese).into_iter();
            parts.find(|about| about.part == "try_join").unwrap()
        };
        let (english, japanese) = (one(false), one(true));
        assert_eq!(english.sections, "guide 4.2");
        assert_eq!(japanese.sections, "ガイド 4.2");
        assert!(english.claim.starts_with("`try_join!` returns at the first"), "{english:?}");
        assert!(japanese.claim.ends_with('。'), "{japanese:?}");
        assert_eq!(english.differs, japanese.differs);
    }
}
