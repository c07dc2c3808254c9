//! The map: two Markdown tables, the single source of which section stands in which file.
//!
//! A row is `| section | heading | what one sees | crate | files |`. What runs names its files as
//! links, `[file](../../sections/crate/src/file.rs)`, each perhaps with ` (on request)` after it. What does
//! not has `–` for its crate and says `prose` in place of files. A chapter with subsections has its
//! heading alone. A script stands behind the files: `` `scripts/size` ``. What the tour shows itself
//! names its command last: `` `cargo run -- quiz` ``.

use crate::text::lf;

/// A document, as its table gives it.
#[derive(Debug, PartialEq)]
pub struct Document {
    /// What one types: `cargo run -- COMMAND 4.1`.
    pub command: &'static str,
    /// What it is called in a sentence.
    pub name: &'static str,
    pub title: &'static str,
    /// In the document's order.
    pub sections: Vec<Section>,
}

#[derive(Debug, PartialEq)]
pub struct Section {
    /// Its number, or its heading where the document gives none.
    pub id: &'static str,
    /// The document's own, byte for byte.
    pub heading: &'static str,
    /// Empty unless there are programs.
    pub what: &'static str,
    pub content: Content,
    /// With its arguments, in the folder of the workspace: `scripts/size`.
    pub script: Option<&'static str>,
    /// The command of the tour that shows it: `quiz`.
    pub command: Option<&'static str>,
}

#[derive(Debug, PartialEq)]
pub enum Content {
    /// Its subsections follow it.
    Chapter,
    /// In running order. Empty only if a script or a command of the tour shows the section.
    Programs(Vec<File>),
    /// There is nothing to run.
    Prose,
}

/// A snippet: `crates/sections/KRATE/src/NAME.rs`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct File {
    pub krate: &'static str,
    pub name: &'static str,
    /// It waits for the user, so it runs only when named.
    pub on_request: bool,
}

/// The guide and the deep dive.
pub fn documents() -> [Document; 2] {
    const PARSED: &str = "a test has parsed the map";
    [
        parse("guide", "guide", include_str!("../map/guide.md")).expect(PARSED),
        parse("deep-dive", "deep dive", include_str!("../map/deep-dive.md")).expect(PARSED),
    ]
}

impl Document {
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id.eq_ignore_ascii_case(id))
    }

    /// A section and, if it is a chapter, what belongs to it, in order.
    pub fn within<'a>(&'a self, section: &'a Section) -> impl Iterator<Item = &'a Section> {
        let belongs = move |other: &&Section| other.id == section.id || other.is_part_of(section);
        self.sections.iter().filter(belongs)
    }

    /// Something in it runs without being named.
    pub fn runs(&self, section: &Section) -> bool {
        let own = |part: &Section| part.files().iter().any(|file| !file.on_request);
        section.is_a_script()
            || self.within(section).any(|part| part.command.is_some() || own(part))
    }
}

impl Section {
    pub fn files(&self) -> &[File] {
        match &self.content {
            Content::Programs(files) => files,
            Content::Chapter | Content::Prose => &[],
        }
    }

    /// It has a script and nothing else. Any other script is on request: it measures, or takes what
    /// not everyone has.
    pub fn is_a_script(&self) -> bool {
        self.script.is_some() && self.command.is_none() && self.files().is_empty()
    }

    /// `4.1` is part of `4`, `Q1` of `FAQ`.
    fn is_part_of(&self, chapter: &Section) -> bool {
        let id = if self.id.starts_with('Q') { "FAQ." } else { self.id };
        id.strip_prefix(chapter.id).is_some_and(|rest| rest.starts_with('.'))
    }
}

fn parse(
    command: &'static str,
    name: &'static str,
    markdown: &'static str,
) -> Result<Document, String> {
    let mut lines = lf(markdown).lines();
    let title = lines.next().and_then(|line| line.strip_prefix("# ")).ok_or("no title")?;
    let rows = lines.skip_while(|line| !line.starts_with("|---")).skip(1);
    let sections = rows.map(row).collect::<Result<Vec<_>, _>>()?;
    let document = Document { command, name, title, sections };
    for section in &document.sections {
        let has_parts = document.sections.iter().any(|other| other.is_part_of(section));
        if has_parts != (section.content == Content::Chapter) {
            return Err(format!("{} has subsections or content, not both", section.id));
        }
    }
    Ok(document)
}

/// What the tour shows itself.
const COMMAND: &str = "cargo run -- ";

fn row(line: &'static str) -> Result<Section, String> {
    let wrong = |why: &str| format!("{why}: {line}");
    let cells: Vec<&str> = line.split('|').map(str::trim).collect();
    let ["", id, heading, what, crates, files, ""] = cells[..] else {
        return Err(wrong("not five cells"));
    };
    let (files, command) = without_last(files, COMMAND);
    let command = command.and_then(|command| command.strip_prefix(COMMAND));
    let (files, script) = script_last(files);
    let content = match (crates, files) {
        (_, "") if script.or(command).is_some() => Content::Programs(Vec::new()),
        ("", "") => Content::Chapter,
        ("–", "prose") => Content::Prose,
        _ => {
            let files = files.split(", ").map(file).collect::<Option<Vec<_>>>();
            Content::Programs(files.ok_or_else(|| wrong("not a list of files"))?)
        }
    };
    let section = Section { id, heading, what, content, script, command };
    if matches!(section.content, Content::Programs(_)) == what.is_empty() {
        return Err(wrong("one sees something exactly where there are programs"));
    }
    let mut named: Vec<&str> = section.files().iter().map(|file| file.krate).collect();
    named.dedup();
    let mut links: Vec<String> =
        named.iter().map(|name| format!("[{name}](../../sections/{name})")).collect();
    links.extend(script.map(|_| "[scripts](../../../scripts)".to_string()));
    links.extend(command.map(|_| "[tour](..)".to_string()));
    if !links.is_empty() && links.join(", ") != crates {
        return Err(wrong("the crates are not those of the files"));
    }
    Ok(section)
}

/// A list of files, and the script behind them.
pub fn script_last(list: &'static str) -> (&'static str, Option<&'static str>) {
    without_last(list, "scripts/")
}

/// A list without its last, and that last one, if it is code that begins with `start`.
fn without_last(list: &'static str, start: &str) -> (&'static str, Option<&'static str>) {
    match list.strip_suffix('`').and_then(|list| list.rsplit_once('`')) {
        Some((others, code)) if code.starts_with(start) => {
            (others.strip_suffix(", ").unwrap_or(others), Some(code))
        }
        _ => (list, None),
    }
}

/// `[file](../../sections/crate/src/file.rs)`, perhaps followed by ` (on request)`.
pub fn file(text: &'static str) -> Option<File> {
    let (link, on_request) = match text.strip_suffix(" (on request)") {
        Some(link) => (link, true),
        None => (text, false),
    };
    let (name, target) =
        link.strip_prefix('[')?.strip_suffix(')')?.split_once("](../../sections/")?;
    let (krate, path) = target.split_once("/src/")?;
    (path.strip_suffix(".rs")? == name).then_some(File { krate, name, on_request })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::crlf;

    const TABLE: &str = "\
# Title

| section | heading | what one sees | crate | files |
|---|---|---|---|---|
| 1 | one | | | |
| 1.1 | first | a thing | [a](../../sections/a), [b](../../sections/b) | [x](../../sections/a/src/x.rs), [y](../../sections/b/src/y.rs) (on request) |
| 1.2 | second | | – | prose |
| 2 | two | | – | prose |
| 3 | three | a thing | [a](../../sections/a), [tour](..) | [x](../../sections/a/src/x.rs), `cargo run -- quiz` |
| 4 | four | a thing | [tour](..) | `cargo run -- quiz` |
| 5 | five | a thing | [scripts](../../../scripts) | `scripts/size all` |
| 6 | six | a thing | [a](../../sections/a), [scripts](../../../scripts) | [x](../../sections/a/src/x.rs), `scripts/size` |
";

    #[test]
    fn both_tables_parse_to_every_section_of_their_documents() {
        let [guide, deep_dive] = documents();
        assert_eq!((guide.sections.len(), deep_dive.sections.len()), (56, 71));
    }

    #[test]
    fn a_checkout_of_windows_gives_the_same_map() {
        let tables = [include_str!("../map/guide.md"), include_str!("../map/deep-dive.md")];
        for table in tables {
            assert_eq!(parse("t", "t", crlf(table)), parse("t", "t", table));
        }
    }

    #[test]
    fn what_one_sees_fits_60_columns() {
        for section in documents().iter().flat_map(|document| &document.sections) {
            assert!(section.what.chars().count() <= 60, "{}", section.what);
        }
    }

    #[test]
    fn a_row_names_its_files_and_who_waits_for_the_user() {
        let document = parse("t", "t", TABLE).unwrap();
        assert_eq!(document.title, "Title");
        let contents: Vec<_> = document.sections.iter().map(|section| &section.content).collect();
        let contents = &contents[..3];
        let x = File { krate: "a", name: "x", on_request: false };
        let y = File { krate: "b", name: "y", on_request: true };
        let programs = Content::Programs(vec![x, y]);
        assert_eq!(contents, [&Content::Chapter, &programs, &Content::Prose]);
    }

    #[test]
    fn a_row_names_a_command_of_the_tour_beside_its_files_or_alone() {
        let document = parse("t", "t", TABLE).unwrap();
        let row = |id| {
            let section = document.section(id).unwrap();
            (section.command, section.files().len(), document.runs(section))
        };
        assert_eq!(row("1.1"), (None, 2, true));
        assert_eq!(row("3"), (Some("quiz"), 1, true));
        assert_eq!(row("4"), (Some("quiz"), 0, true));
    }

    #[test]
    fn a_script_runs_where_it_is_all_there_is() {
        let document = parse("t", "t", TABLE).unwrap();
        let row = |id| {
            let section = document.section(id).unwrap();
            (section.script, section.files().len(), section.is_a_script(), document.runs(section))
        };
        assert_eq!(row("5"), (Some("scripts/size all"), 0, true, true));
        assert_eq!(row("6"), (Some("scripts/size"), 1, false, true));
        assert_eq!(row("4"), (None, 0, false, true));
    }

    #[test]
    fn a_chapter_is_its_sections_in_order() {
        let document = parse("t", "t", TABLE).unwrap();
        let chapter = document.section("1").unwrap();
        let ids: Vec<_> = document.within(chapter).map(|section| section.id).collect();
        assert_eq!(ids, ["1", "1.1", "1.2"]);

        let [guide, _] = documents();
        let questions = guide.within(guide.section("faq").unwrap()).map(|section| section.id);
        assert_eq!(questions.collect::<Vec<_>>(), ["FAQ", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6"]);
        // Not 10.1, 10.2, …
        assert_eq!(guide.within(guide.section("1").unwrap()).count(), 4);
    }

    #[test]
    fn a_table_that_contradicts_itself_is_refused() {
        let refused = |from: &str, to: &str| {
            assert!(TABLE.contains(from));
            let table = TABLE.replace(from, to).leak();
            parse("t", "t", table).err().unwrap()
        };
        assert!(refused("| prose |", "| soon |").contains("not a list of files"));
        assert!(refused("[a](../../sections/a), ", "").contains("not those of the files"));
        assert!(refused("a thing", "").contains("one sees something"));
        assert!(refused("| second ", "").contains("not five cells"));
        assert!(refused("| 1 | one | | | |", "| 1 | one | | – | prose |").contains("not both"));
        assert!(refused("a/src/x.rs", "a/src/z.rs").contains("not a list of files"));
        assert!(refused(", [tour](..)", "").contains("not those of the files"));
        assert!(refused("| [tour](..)", "| –").contains("not those of the files"));
        assert!(refused("`cargo run -- quiz`", "`cargo test`").contains("not a list of files"));
        assert!(refused(", [scripts](../../../scripts)", "").contains("not those of the files"));
        assert!(refused("`scripts/size all`", "`script`").contains("not a list of files"));
    }
}
