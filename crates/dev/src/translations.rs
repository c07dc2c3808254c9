//! Finds the texts of the data that are in English only.

use crate::{Problem, files};
use std::path::Path;
use toml_edit::{DocumentMut, Item, TableLike};
use tour::data::crates;

const CLAIMS: &str = "crates/tour/data/claims.ja.toml";
const RECIPES: &str = "crates/recipes/recipes.toml";

/// The fields that a reader is shown. `notes` is a table of such.
const SHOWN: [&str; 6] = ["says", "holds", "shows", "note", "truth", "problem"];

/// Each text without its Japanese, and each statement without the words by which one finds it.
pub fn missing(root: &Path) -> Result<Vec<Problem>, String> {
    let mut problems = Vec::new();
    let data = files::below(root, "crates/tour/data", ".toml")?;
    for path in data.iter().map(String::as_str).chain([RECIPES]) {
        let text = files::read(root, path)?;
        let file: DocumentMut = text.parse().map_err(|error| format!("{path}: {error}"))?;
        below(file.as_table(), path, &mut problems);
    }
    for krate in crates() {
        for file in krate.files.iter().filter(|file| krate.claim_ja(file.name).is_none()) {
            let what = format!("it has no claim of {}", file.path());
            let then = format!(
                "add `{} = \"…\"` to [{}]: the first line in Japanese",
                file.name, krate.name
            );
            problems.push(Problem::new(CLAIMS, what, then));
        }
    }
    Ok(problems)
}

/// Adds a problem for each text that is missing in `table` and the tables in it.
fn below(table: &dyn TableLike, path: &str, problems: &mut Vec<Problem>) {
    // What has an id beside its name is called by the id: the name is for readers.
    let name = table.contains_key("id").then_some("name");
    let shown = SHOWN.into_iter().chain(name);
    let texts = shown.map(|name| (name, table.get(name), japanese(table, name)));
    let notes = table.get("notes").and_then(Item::as_table_like);
    let notes = notes.into_iter().flat_map(TableLike::iter).map(|(name, note)| {
        let japanese = table.get("ja").and_then(Item::as_table_like);
        let notes = japanese.and_then(|it| it.get("notes")).and_then(Item::as_table_like);
        (name, Some(note), notes.and_then(|it| it.get(name)))
    });
    for (name, english, japanese) in texts.chain(notes) {
        let text =
            |item: Option<&Item>| item.and_then(Item::as_str).unwrap_or_default().to_string();
        let english = text(english);
        if !english.is_empty() && !is_code(&english) && text(japanese).is_empty() {
            let what = format!("{} has no Japanese for `{name}`", named(table));
            problems.push(Problem::new(
                path,
                what,
                format!("add `ja.{name} = \"…\"` to its table"),
            ));
        }
    }
    let is_statement = table.contains_key("verdict");
    let is_unsaid = table.get("verdict").and_then(Item::as_str) == Some("unsaid");
    if is_statement && !is_unsaid && !table.contains_key("at") {
        let what = format!("{} does not say where it stands", named(table));
        let then = "add `at = \"…\"`: two to six words of the document";
        problems.push(Problem::new(path, what, then));
    }
    for (_, item) in table.iter().filter(|(name, _)| *name != "ja") {
        if let Some(tables) = item.as_array_of_tables() {
            tables.iter().for_each(|table| below(table, path, problems));
        }
    }
}

fn japanese<'a>(table: &'a dyn TableLike, name: &str) -> Option<&'a Item> {
    table.get("ja")?.as_table_like()?.get(name)
}

/// A command or another name is the same in every language.
fn is_code(text: &str) -> bool {
    let inner = text.strip_prefix('`').and_then(|rest| rest.strip_suffix('`'));
    inner.is_some_and(|inner| !inner.contains('`'))
}

/// Returns the name of a table: its id, its name or what it says.
fn named(table: &dyn TableLike) -> String {
    let names = ["id", "name", "problem", "text"];
    let name = names.into_iter().find_map(|name| table.get(name)?.as_str());
    name.unwrap_or("a table").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATA: &str = r#"
[[section]]
id = "1.1"
shows = "a thing"
ja.shows = "もの"

[[section.statement]]
id = "G-1.1-1"
verdict = "true"
at = "箇所"
says = "It is so."
holds = "`x`"
ja.says = "そのとおり。"

[[section.line]]
text = "二"
truth = "Two."
ja.truth = "二。"

[[group]]
id = "ends"
name = "Ends"
ja.name = "終わり"

[[crate]]
name = "a"
notes = { x = "hangs", y = "`cargo run`" }
ja.notes = { x = "止まらない" }
"#;

    fn found(from: &str, to: &str) -> Vec<String> {
        assert!(DATA.contains(from), "{from}");
        let file: DocumentMut = DATA.replacen(from, to, 1).parse().unwrap();
        let mut problems = Vec::new();
        below(file.as_table(), "a.toml", &mut problems);
        problems.iter().map(|problem| problem.what.clone()).collect()
    }

    #[test]
    fn what_is_in_both_languages_is_no_problem() {
        assert_eq!(found("", ""), Vec::<String>::new());
        assert_eq!(
            found("verdict = \"true\"\nat = \"箇所\"", "verdict = \"unsaid\""),
            Vec::<String>::new()
        );
    }

    #[test]
    fn what_is_in_english_only_is_told_with_its_table() {
        for (from, what) in [
            ("ja.shows = \"もの\"", "1.1 has no Japanese for `shows`"),
            ("ja.says = \"そのとおり。\"", "G-1.1-1 has no Japanese for `says`"),
            ("at = \"箇所\"", "G-1.1-1 does not say where it stands"),
            ("ja.name = \"終わり\"", "ends has no Japanese for `name`"),
            ("ja.truth = \"二。\"", "二 has no Japanese for `truth`"),
            ("ja.notes = { x = \"止まらない\" }", "a has no Japanese for `x`"),
        ] {
            assert_eq!(found(from, ""), [what]);
        }
    }
}
