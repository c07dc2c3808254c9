//! The map is complete and true: every section of both documents has a row, every row names
//! files that exist, every file stands in a row, and the READMEs say the same.

mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use support::{Section, WORKSPACE, read, sections};
use tour::data::{Document, documents};

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

#[test]
fn every_file_of_a_row_exists_and_runs_as_the_row_says() {
    let parts: BTreeSet<_> = sections().iter().flat_map(parts).collect();
    for Place { document, section, file } in places() {
        assert!(parts.contains(&file), "{document} {section}: {file:?}");
        let path = format!("crates/sections/{}/src/{}.rs", file.section, file.name);
        assert!(Path::new(WORKSPACE).join(&path).is_file(), "{document} {section}: {path}");
    }
}

/// `scripts/size` behind the files of a row.
#[test]
fn every_script_of_a_row_exists_and_the_readme_has_it() {
    let readme = read(Path::new(WORKSPACE).join("README.md"));
    let sections = documents().iter().flat_map(|document| &document.sections);
    let scripts: Vec<_> = sections.filter_map(|section| section.script).collect();
    assert!(!scripts.is_empty());
    for script in scripts {
        let name = script.split(' ').next().unwrap();
        assert!(Path::new(WORKSPACE).join(name).is_file(), "{script}");
        assert!(readme.contains(&format!("| `{name}` |")), "{script}");
    }
}

#[test]
fn every_part_of_every_section_crate_stands_in_a_row() {
    let mapped: BTreeSet<_> = places().into_iter().map(|place| place.file).collect();
    same(&mapped, &sections().iter().flat_map(parts).collect());
}

/// A file that `section!` forgets would be in no row and run by nobody.
#[test]
fn every_source_file_of_a_section_crate_is_one_of_its_parts() {
    for section in sections() {
        let files = fs::read_dir(section.folder.join("src")).unwrap();
        let names = files.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let there: BTreeSet<_> = names.filter(|name| name != "main.rs").collect();
        let parts = section.all_parts().map(|part| format!("{part}.rs")).collect();
        assert_eq!(there, parts, "{}", section.name);
    }
}

/// `mod try_join; // guide 4.2, deep dive 11.5`
#[test]
fn every_module_names_the_sections_of_its_rows() {
    for Section { name: crate_name, folder, .. } in sections() {
        let main = read(folder.join("src/main.rs"));
        // Not a module written in place: it stands in for one on other systems.
        let is_file = |line: &&str| line.starts_with("mod ") && !line.ends_with('{');
        for line in main.lines().filter(is_file) {
            let (module, comment) = line.split_once("; // ").unwrap_or_else(|| panic!("{line}"));
            let is_here =
                |file: &File| file.section == crate_name && module == format!("mod {}", file.name);
            let rows = places().into_iter().filter(|place| is_here(&place.file));
            let rows: BTreeSet<_> = rows.map(|place| (place.document, place.section)).collect();
            assert_eq!(named_sections(comment), rows, "{crate_name}: {line}");
        }
    }
}

#[test]
fn the_crate_table_of_the_readme_agrees_with_the_map() {
    let readme = read(Path::new(WORKSPACE).join("README.md"));
    let mut told = BTreeSet::new();
    for row in rows(&readme).into_iter().filter(|row| row[0].starts_with("[`")) {
        let name = row[0].split('`').nth(1).unwrap().to_string();
        assert_eq!(row[0], format!("[`{name}`](crates/sections/{name})"));
        for (document, cell) in [("guide", &row[1]), ("deep dive", &row[2])] {
            let sections = cell.split(", ").flat_map(expanded);
            told.extend(sections.map(|section| (name.clone(), document, section)));
        }
    }
    let mapped: BTreeSet<_> = places()
        .into_iter()
        .map(|place| (place.file.section, place.document, place.section))
        .collect();
    same(&told, &mapped);
}

#[test]
fn the_readme_of_every_section_crate_names_its_files() {
    for section in sections() {
        let table: String = rows(&section.readme()).concat().join("\n");
        for part in section.all_parts() {
            let link = format!("](src/{part}.rs)");
            assert!(table.contains(&link), "{}/README.md has no {link}", section.name);
        }
    }
}

/// Of long sets, a failure shows what only one of them has.
fn same<T: Ord + std::fmt::Debug>(left: &BTreeSet<T>, right: &BTreeSet<T>) {
    let only_left: Vec<_> = left.difference(right).collect();
    let only_right: Vec<_> = right.difference(left).collect();
    assert!(left == right, "only left: {only_left:#?}, only right: {only_right:#?}");
}

/// A file in a row of the map.
struct Place {
    document: &'static str,
    section: String,
    file: File,
}

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct File {
    /// The name of its crate.
    section: String,
    name: String,
    on_request: bool,
}

fn parts(section: &Section) -> Vec<File> {
    let file = |name: &String, on_request| File {
        section: section.name.clone(),
        name: name.clone(),
        on_request,
    };
    let own = section.parts.iter().map(|name| file(name, false));
    own.chain(section.on_request.iter().map(|name| file(name, true))).collect()
}

fn places() -> Vec<Place> {
    let mut places = Vec::new();
    for document in documents() {
        for section in &document.sections {
            for file in section.files() {
                let (crate_name, name) = (file.krate.to_string(), file.name.to_string());
                let file = File { section: crate_name, name, on_request: file.on_request };
                places.push(Place { document: document.name, section: section.id.into(), file });
            }
        }
    }
    places
}

fn ids(document: &Document) -> Vec<&str> {
    document.sections.iter().map(|section| section.id).collect()
}

/// The cells of every line that is a row of a Markdown table.
fn rows(markdown: &str) -> Vec<Vec<String>> {
    let inner = markdown.lines().filter_map(|line| line.strip_prefix('|')?.strip_suffix('|'));
    inner.map(|row| row.split('|').map(|cell| cell.trim().to_string()).collect()).collect()
}

fn numbers(chapters: &[(&str, usize)]) -> Vec<String> {
    let chapter = |(number, sections): &(&str, usize)| {
        let inner: Vec<_> = (1..=*sections).map(|section| format!("{number}.{section}")).collect();
        std::iter::once(number.to_string()).chain(inner)
    };
    chapters.iter().flat_map(chapter).collect()
}

/// `4.1–4.3` is `4.1`, `4.2`, `4.3`, `FAQ Q2` is `Q2`; a dash alone is nothing.
fn expanded(range: &str) -> Vec<String> {
    let range = range.strip_prefix("FAQ ").unwrap_or(range);
    match range.split_once('–') {
        None if range.is_empty() => Vec::new(),
        None => vec![range.to_string()],
        Some(("", "")) => Vec::new(),
        Some((first, last)) => {
            let split = |id: &str| {
                let digits = id.trim_end_matches(|letter: char| letter.is_ascii_digit()).len();
                let (before, number) = id.split_at(digits);
                (before.to_string(), number.parse::<usize>().unwrap())
            };
            let ((before, first), (again, last)) = (split(first), split(last));
            assert_eq!(before, again, "{range}");
            (first..=last).map(|number| format!("{before}{number}")).collect()
        }
    }
}

/// `guide 9.3, 9.4, FAQ Q2, deep dive 2.4` names four sections.
fn named_sections(comment: &str) -> BTreeSet<(&'static str, String)> {
    let mut document = "";
    let mut named = BTreeSet::new();
    for part in comment.split(", ") {
        let mut sections = part;
        for start in ["guide", "deep dive"] {
            if let Some(rest) = part.strip_prefix(start) {
                (document, sections) = (start, rest.trim_start());
            }
        }
        named.extend(expanded(sections).into_iter().map(|section| (document, section)));
    }
    named
}
