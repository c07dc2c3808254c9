//! Promise: the map has every section of both documents. That it is true of the files, and that the
//! READMEs say the same, is `written.rs`.

use crate::support::{WORKSPACE, read};
use std::path::Path;
use tour::data::{Document, PROGRAM, documents};

/// The chapters of the documents with the number of their sections, as the documents have them.
const GUIDE: [(&str, usize); 10] = [
    ("1", 3),
    ("2", 5),
    ("3", 5),
    ("4", 5),
    ("5", 3),
    ("6", 2),
    ("7", 2),
    ("8", 3),
    ("9", 4),
    ("10", 4),
];
const GUIDE_END: [&str; 10] =
    ["FAQ", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6", "まとめ", "次に読むべきガイド", "参考文献"];
const DEEP_DIVE: [(&str, usize); 19] = [
    ("1", 3),
    ("2", 4),
    ("3", 4),
    ("4", 5),
    ("5", 3),
    ("6", 6),
    ("7", 4),
    ("8", 0),
    ("9", 3),
    ("10", 5),
    ("11", 6),
    ("12", 5),
    ("13", 0),
    ("14", 0),
    ("15", 0),
    ("16", 3),
    ("17", 0),
    ("18", 0),
    ("19", 0),
];

/// Proves G-0-2.
#[test]
fn every_section_of_both_documents_has_its_row_in_order() {
    let mut guide = numbers(&GUIDE);
    guide.extend(GUIDE_END.map(String::from));
    assert_eq!(ids(&documents()[0]), guide);

    let mut deep_dive = numbers(&DEEP_DIVE);
    deep_dive.insert(0, "TL;DR".to_string());
    assert_eq!(ids(&documents()[1]), deep_dive);
}

/// `scripts/size` behind the files of a row.
#[test]
fn every_script_of_a_row_exists_and_the_readme_has_it() {
    let readme = read(Path::new(WORKSPACE).join("README.md"));
    let sections = documents().iter().flat_map(|document| &document.sections);
    let scripts: Vec<_> = sections.flat_map(|section| &section.scripts).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        // That its crate is there, is `written.rs`.
        if script.starts_with(PROGRAM) {
            continue;
        }
        let name = script.split(' ').next().unwrap();
        assert!(Path::new(WORKSPACE).join(name).is_file(), "{script}");
        assert!(readme.contains(&format!("| `{name}` |")), "{script}");
    }
}

fn ids(document: &Document) -> Vec<&str> {
    document.sections.iter().map(|section| section.id).collect()
}

fn numbers(chapters: &[(&str, usize)]) -> Vec<String> {
    let chapter = |(number, sections): &(&str, usize)| {
        let inner: Vec<_> = (1..=*sections).map(|section| format!("{number}.{section}")).collect();
        std::iter::once(number.to_string()).chain(inner)
    };
    chapters.iter().flat_map(chapter).collect()
}
