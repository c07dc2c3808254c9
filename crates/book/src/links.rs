//! Where a file of the workspace stands in the book.

use pulldown_cmark::{Event, Options, Parser, Tag};
use tour::data::{Document, File, Section, crates, documents, exercises, recipes};

/// The page of a section: `guide/4-1.md`.
pub fn section(document: &Document, section: &Section) -> String {
    let letter = |letter: char| if letter.is_alphanumeric() { letter } else { '-' };
    format!("{}/{}.md", document.command, section.id.chars().map(letter).collect::<String>())
}

/// The page on which a snippet stands.
pub fn snippet(file: File) -> String {
    match file.places().next() {
        Some((document, place)) => section(document, place),
        None => krate(file.krate),
    }
}

pub fn krate(name: &str) -> String {
    format!("crates/{name}.md")
}

pub fn recipe(name: &str) -> String {
    format!("recipes/{name}.md")
}

pub fn exercise(name: &str) -> String {
    format!("exercises/{name}.md")
}

/// How the page at `from` links to the page at `to`.
pub fn between(from: &str, to: &str) -> String {
    "../".repeat(from.matches('/').count()) + to
}

/// `markdown` of the file at `origin`, for the page at `page`. A link within the workspace leads to
/// the page about that file. If there is none, its text stays. A picture is named by its place in the
/// workspace, where the site has it too.
pub fn moved(markdown: &str, origin: &str, page: &str) -> String {
    let mut moved = String::new();
    let mut done = 0;
    let events = Parser::new_ext(markdown, Options::ENABLE_TABLES).into_offset_iter();
    for (event, range) in events {
        let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = &event else {
            continue;
        };
        let is_picture = matches!(event, Event::Start(Tag::Image { .. }));
        let text = markdown[range.clone()].trim_start_matches('!');
        let target = format!("]({dest_url})");
        let Some(label) = text.strip_suffix(&target).and_then(|text| text.strip_prefix('[')) else {
            continue; // an address of its own, such as <https://…>
        };
        if dest_url.contains("://") || dest_url.starts_with('#') || range.start < done {
            continue;
        }
        moved += &markdown[done..range.start];
        done = range.end;
        let path = resolved(origin, dest_url);
        match known(&path) {
            _ if is_picture => moved += &format!("![{label}]({})", between(page, &path)),
            Some(to) => moved += &format!("[{label}](<{}>)", between(page, &to)),
            None => moved += label,
        }
    }
    moved + &markdown[done..]
}

/// The pictures that a file at `origin` names, from the root of the workspace.
pub fn pictures(markdown: &str, origin: &str) -> Vec<String> {
    let named = Parser::new(markdown).filter_map(|event| match event {
        Event::Start(Tag::Image { dest_url, .. }) => Some(resolved(origin, &dest_url)),
        _ => None,
    });
    named.filter(|path| !path.contains("://")).collect()
}

/// Returns the path that a link in the file at `origin` names, from the root of the workspace.
fn resolved(origin: &str, link: &str) -> String {
    let link = link.split('#').next().unwrap_or_default();
    let mut parts: Vec<_> = origin.split('/').collect();
    parts.pop();
    for part in link.split('/') {
        match part {
            ".." => _ = parts.pop(),
            "." | "" => {}
            _ => parts.push(part),
        }
    }
    parts.join("/")
}

/// The page about a file or a folder of the workspace.
fn known(path: &str) -> Option<String> {
    let name = path.rsplit('/').next()?.trim_end_matches(".rs");
    let folder = path.trim_end_matches("/README.md");
    if let Some(rest) = folder.strip_prefix("crates/sections/") {
        let (krate, file) = rest.split_once("/src/").unwrap_or((rest, ""));
        let krate = crates().iter().find(|it| it.name == krate)?;
        let file = file.strip_suffix(".rs").and_then(|file| krate.file(file));
        return Some(file.map_or_else(|| self::krate(krate.name), snippet));
    }
    if path.starts_with("crates/recipes/src/") && recipes().iter().any(|it| it.name == name) {
        return Some(recipe(name));
    }
    if path.starts_with("crates/exercises/") && exercises().iter().any(|it| it.name == name) {
        return Some(exercise(name));
    }
    let ledger = |document: &&Document| {
        ["statements", "map"]
            .iter()
            .any(|kind| path == format!("crates/tour/{kind}/{}.md", document.command))
    };
    if let Some(document) = documents().iter().find(ledger) {
        return Some(format!("{}.md", document.command));
    }
    let page = match folder {
        "README.md" | "" => "index.md",
        "README.ja.md" => "ja.md",
        "crates/recipes" => "recipes.md",
        "crates/exercises" => "exercises.md",
        "crates/tiny-runtime" => "tiny-runtime.md",
        "CONTRIBUTING.md" => "contributing.md",
        _ => return None,
    };
    Some(page.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_leads_to_the_page_about_the_file() {
        let readme = "crates/sections/join-select/README.md";
        for (link, page) in [
            ("[`a`](src/try_join.rs)", "[`a`](<../guide/4-2.md>)"),
            ("[4.1](../../tour/statements/guide.md#41-x)", "[4.1](<../guide.md>)"),
            ("[b](../../recipes/src/retry.rs)", "[b](<../recipes/retry.md>)"),
            ("[ja](../../../README.ja.md)", "[ja](<../ja.md>)"),
            ("[c](../../../tests/signals.rs)", "c"),
            ("[d](https://example.org)", "[d](https://example.org)"),
            ("![e](timeline.svg)", "![e](../crates/sections/join-select/timeline.svg)"),
        ] {
            assert_eq!(moved(link, readme, "crates/join-select.md"), page);
        }
        assert_eq!(
            pictures("![e](timeline.svg)", readme),
            ["crates/sections/join-select/timeline.svg"]
        );
        let row = "| [`x`](crates/sections/pinning) | [y](crates/tiny-runtime) |";
        let text = format!("| a | b |\n| --- | --- |\n{row}\n");
        let moved = moved(&text, "README.md", "index.md");
        assert!(
            moved.ends_with("| [`x`](<crates/pinning.md>) | [y](<tiny-runtime.md>) |\n"),
            "{moved}"
        );
    }
}
