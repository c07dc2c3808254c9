//! The site as it is written: its links, its programs, its sizes. `scripts/browser` opens it.

use scraper::{Html, Selector};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Component, Path, PathBuf};
use std::sync::LazyLock;
use tempfile::TempDir;
use tour::data::{crates, documents, exercises, recipes};

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// The largest page, in bytes, without what the browser loads once for all pages.
const LARGEST: usize = 200_000;

struct Site {
    /// The folder goes with the tests.
    _folder: TempDir,
    /// By their paths below the folder.
    pages: BTreeMap<PathBuf, String>,
    files: Vec<PathBuf>,
}

static SITE: LazyLock<Site> = LazyLock::new(|| {
    let folder = TempDir::new().unwrap();
    let output = folder.path().join("book");
    book::write(Path::new(WORKSPACE), &output).unwrap();
    let mut files = Vec::new();
    let mut folders = vec![output.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    let read = |path: &PathBuf| (below(&output, path), fs::read_to_string(path).unwrap());
    let is_page = |path: &&PathBuf| path.extension().is_some_and(|it| it == "html");
    let pages = files.iter().filter(is_page).map(read).collect();
    let files = files.iter().map(|path| below(&output, path)).collect();
    Site { _folder: folder, pages, files }
});

fn below(folder: &Path, path: &Path) -> PathBuf {
    path.strip_prefix(folder).unwrap().to_path_buf()
}

fn selected<'a>(html: &'a Html, selector: &str, attribute: &str) -> Vec<&'a str> {
    let selector = Selector::parse(selector).unwrap();
    html.select(&selector).filter_map(|element| element.attr(attribute)).collect()
}

/// `../guide/4.html` on the page `crates/x.html`.
fn resolved(page: &Path, link: &str) -> PathBuf {
    let mut path = page.parent().unwrap().to_path_buf();
    for part in Path::new(link).components() {
        match part {
            Component::ParentDir => assert!(path.pop(), "{}: {link} leads out", page.display()),
            part => path.push(part),
        }
    }
    path
}

#[test]
fn every_link_leads_to_a_page_and_to_a_place_on_it() {
    let mut links = 0;
    let mut places = BTreeMap::new();
    let mut found = Vec::new();
    for (page, text) in &SITE.pages {
        let html = Html::parse_document(text);
        let ids = selected(&html, "[id]", "id").into_iter().map(str::to_string);
        places.insert(page, ids.collect::<Vec<_>>());
        let inner = selected(&html, "a[href]", "href").into_iter().filter(|it| !it.contains("://"));
        found.extend(inner.map(|link| (page, link.to_string())));
    }
    for (page, link) in &found {
        links += 1;
        let link = percent_encoding::percent_decode_str(link).decode_utf8().unwrap();
        let (path, place) = link.split_once('#').unwrap_or((&link, ""));
        let target = if path.is_empty() { page.to_path_buf() } else { resolved(page, path) };
        let there = places.get(&target);
        let there = there.unwrap_or_else(|| panic!("{}: {link} leads nowhere", page.display()));
        let is_there = place.is_empty() || there.iter().any(|id| id == place);
        assert!(is_there, "{}: {link}", page.display());
    }
    assert!(links > 2000, "only {links} links were found");
}

#[test]
fn nothing_comes_from_elsewhere() {
    for (page, text) in &SITE.pages {
        let html = Html::parse_document(text);
        for (selector, attribute) in
            [("script[src]", "src"), ("link[href]", "href"), ("img[src]", "src")]
        {
            for link in selected(&html, selector, attribute) {
                assert!(!link.contains("//"), "{}: {link}", page.display());
                let file = resolved(page, link);
                assert!(SITE.files.contains(&file), "{}: no {}", page.display(), file.display());
            }
        }
    }
}

#[test]
fn no_page_is_large() {
    for (page, text) in &SITE.pages {
        assert!(text.len() <= LARGEST, "{}: {} bytes", page.display(), text.len());
    }
}

/// What one copies is the file, to the byte, up to its tests.
#[test]
fn every_program_every_recipe_and_every_exercise_is_shown_as_it_is() {
    let code = Selector::parse("pre > code").unwrap();
    let shown: Vec<String> = SITE
        .pages
        .values()
        .flat_map(|text| {
            let html = Html::parse_document(text);
            html.select(&code).map(|code| code.text().collect::<String>()).collect::<Vec<_>>()
        })
        .collect();
    let files = crates().iter().flat_map(|krate| &krate.files);
    let placed = files.filter(|file| file.places().next().is_some()).map(|file| file.source());
    let recipes = recipes().iter().map(|it| format!("crates/recipes/src/{}.rs", it.name));
    let exercises = exercises()
        .iter()
        .map(|it| format!("crates/exercises/exercises/{}/{}.rs", it.dir, it.name));
    for path in placed.chain(recipes).chain(exercises) {
        let source = fs::read_to_string(Path::new(WORKSPACE).join(&path)).unwrap();
        let source = source.replace("\r\n", "\n");
        let program = match path.contains("/exercises/") {
            true => &source,
            false => source.split("\n#[cfg(test)]\n").next().unwrap(),
        };
        assert!(shown.iter().any(|it| it.trim_end() == program.trim_end()), "{path}");
    }
}

#[test]
fn every_section_has_a_page_with_its_number_and_its_heading() {
    let title = Selector::parse("main h1").unwrap();
    let titles: Vec<String> = SITE
        .pages
        .values()
        .filter_map(|text| {
            let html = Html::parse_document(text);
            html.select(&title).next().map(|title| title.text().collect())
        })
        .collect();
    for section in documents().iter().flat_map(|document| &document.sections) {
        assert!(titles.contains(&section.title()), "{}", section.title());
    }
}
