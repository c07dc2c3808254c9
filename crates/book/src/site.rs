//! From pages to HTML, by mdBook.

use crate::recorded;
use mdbook_driver::MDBook;
use mdbook_driver::config::{BookConfig, Config};
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A page of the book, in Markdown.
#[derive(Debug)]
pub struct Page {
    /// Where it stands among the pages: `guide/4-1.md`.
    pub path: String,
    pub title: String,
    pub text: String,
    /// The pictures on it, by their place in the workspace.
    pub pictures: Vec<String>,
    /// How deep it stands in the table of contents.
    pub depth: usize,
}

/// The files that are added to mdBook's own theme.
const ADDED: [(&str, &str); 2] = [
    ("pages.css", include_str!("../theme/pages.css")),
    ("pages.js", include_str!("../theme/pages.js")),
];

/// The style and the script of all timelines.
const TIMELINE: [&str; 2] = ["timeline.css", "timeline.js"];

/// No page for what is missing: its links would begin at the root of the server, and the site may stand
/// below it.
const SETTINGS: &str = r#"
input-404 = ""
default-theme = "light"
preferred-dark-theme = "navy"
no-section-label = true
smart-punctuation = false
sidebar-header-nav = false
additional-css = ["pages.css", "timeline.css"]
additional-js = ["pages.js", "timeline.js"]
fold = { enable = true, level = 0 }
playground = { runnable = false, copyable = true }
print = { enable = false }
search = { limit-results = 20, use-boolean-and = true, boost-title = 3, heading-split-level = 0 }
"#;

/// Below the folder that [`build`] returns.
pub const SITE: &str = "html";

/// The site, in [`SITE`] of a folder that goes with the value. The error is mdBook's, with its causes.
pub fn build(workspace: &Path, pages: &[Page]) -> Result<TempDir, String> {
    let root = TempDir::new().map_err(|error| format!("a temporary folder: {error}"))?;
    write(root.path(), workspace, pages).map_err(|error| format!("the pages: {error}"))?;
    let book = MDBook::load_with_config(root.path(), config()?);
    book.and_then(|book| book.build()).map_err(|error| format!("mdBook: {error:#}"))?;
    Ok(root)
}

fn config() -> Result<Config, String> {
    let mut config = Config::default();
    config.book = BookConfig::default();
    config.book.title = Some("Async Rust, run and proven".into());
    config.book.language = Some("en".into());
    config.build.build_dir = SITE.into();
    config.build.create_missing = false;
    let settings: toml::Value =
        toml::from_str(SETTINGS).map_err(|error| format!("the settings: {error}"))?;
    config.set("output.html", settings).map_err(|error| format!("the settings: {error:#}"))?;
    Ok(config)
}

fn write(root: &Path, workspace: &Path, pages: &[Page]) -> std::io::Result<()> {
    for (name, text) in ADDED {
        fs::write(root.join(name), text)?;
    }
    for (name, text) in TIMELINE.iter().zip(recorded::shared(workspace)) {
        fs::write(root.join(name), text)?;
    }
    let mut summary = "# Summary\n\n".to_string();
    for Page { path, title, text, pictures, depth } in pages {
        for picture in pictures {
            let to = root.join("src").join(picture);
            fs::create_dir_all(to.parent().unwrap_or(root))?;
            fs::copy(workspace.join(picture), to)?;
        }
        let place = root.join("src").join(path);
        fs::create_dir_all(place.parent().unwrap_or(root))?;
        fs::write(place, text)?;
        let label = title.replace('[', r"\[").replace(']', r"\]");
        summary += &format!("{}- [{label}](<{path}>)\n", "  ".repeat(*depth));
    }
    fs::write(root.join("src/SUMMARY.md"), summary)
}
