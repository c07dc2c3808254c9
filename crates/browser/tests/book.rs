//! The site of `cargo run -p book`, with what the tasks of one section did.

use browser::{Browser, SCREENS, Theme, key};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// One of each kind.
const PAGES: [&str; 7] = [
    "index.html",
    "problems.html",
    "guide.html",
    "guide/4-2.html",
    "recipes/retry.html",
    "exercises/async11.html",
    "crates/join-select.html",
];

/// Made once for all tests.
fn page(name: &str) -> PathBuf {
    static SITE: OnceLock<PathBuf> = OnceLock::new();
    let site = SITE.get_or_init(|| {
        let site = Path::new(env!("CARGO_TARGET_TMPDIR")).join("book");
        let mut cargo = Command::new(env!("CARGO"));
        cargo.args(["run", "--quiet", "--package", "book", "--", "--timelines", "join-select"]);
        let made = cargo.arg("--output").arg(&site).current_dir(WORKSPACE).output();
        let made = made.expect("cargo runs");
        assert!(made.status.success(), "{made:?}");
        site
    });
    site.join(name)
}

fn opened(name: &str) -> Browser {
    let browser = Browser::start();
    browser.screen(SCREENS[1], Theme::Light);
    browser.open(&page(name));
    browser
}

#[test]
fn the_pages_have_no_fault_on_any_screen_in_any_theme() {
    let browser = Browser::start();
    for name in PAGES {
        assert_eq!(browser.faults(&page(name)), [""; 0], "{name}");
    }
}

#[test]
fn the_themes_differ() {
    let browser = opened("guide/4-2.html");
    let mut grounds = Vec::new();
    for theme in [Theme::Light, Theme::Dark] {
        browser.screen(SCREENS[1], theme);
        browser.open(&page("guide/4-2.html"));
        grounds
            .push(browser.ask("return getComputedStyle(document.documentElement).backgroundColor"));
    }
    assert_ne!(grounds[0], grounds[1]);
}

#[test]
fn the_search_finds_a_name() {
    let browser = opened("index.html");
    browser.press('s');
    browser.wait_until("return document.activeElement.type === 'search'");
    for letter in "read_exact".chars() {
        browser.press(letter);
    }
    let found = "return [...document.querySelectorAll('#mdbook-searchresults a')]\
                 .some((it) => it.href.includes('/deep-dive/11-6.html'))";
    browser.wait_until(found);
}

/// The button of the first program.
#[test]
fn the_button_copies_the_program_to_the_byte() {
    let browser = opened("guide/4-2.html");
    browser.ask(
        "document.addEventListener('copy', () => {
             window.copied = document.activeElement.value ?? getSelection().toString();
         })",
    );
    // It is there while the mouse is over the program.
    browser.click("pre:has(> code.language-rust)");
    browser.click("pre:has(> code.language-rust) .clip-button");
    browser.wait_until("return window.copied !== undefined");
    let copied = browser.ask("return window.copied");
    let path = Path::new(WORKSPACE).join("crates/sections/join-select/src/try_join.rs");
    let source = std::fs::read_to_string(path).unwrap().replace("\r\n", "\n");
    let (program, _) = source.split_once("\n#[cfg(test)]\n").unwrap();
    assert_eq!(copied.as_str().unwrap().trim_end(), program.trim_end());
}

/// The arrows turn the pages of the book, unless the focus is in a timeline.
#[test]
fn the_keys_step_through_a_timeline_and_turn_no_page() {
    let browser = opened("guide/4-2.html");
    let place = "return document.querySelector('.tl-place').textContent";
    browser.ask("document.querySelector('.tl-slider').focus()");
    browser.press(key::RIGHT);
    assert!(browser.ask(place).as_str().unwrap().starts_with("2 / "));
    browser.press(key::HOME);
    assert!(browser.ask(place).as_str().unwrap().starts_with("1 / "));
    browser.ask("document.activeElement.blur()");
    browser.press(key::RIGHT);
    browser.wait_until("return location.pathname.endsWith('/guide/4-3.html')");
}

#[test]
fn each_lane_of_a_timeline_stands_beside_its_label() {
    let browser = opened("guide/4-2.html");
    let apart = browser.ask(
        "return [...document.querySelectorAll('.tl-view')].map((view) => {
             const lanes = view.querySelectorAll('.tl-lane');
             const plot = view.querySelector('.tl-plot').getBoundingClientRect();
             return plot.bottom - lanes[lanes.length - 1].getBoundingClientRect().bottom;
         })",
    );
    assert_eq!(apart, json!([0, 0]), "the second run is wider than the page");
}

/// And not those of the other programs of its crate.
#[test]
fn each_program_has_the_lines_that_it_prints() {
    let browser = opened("guide/4-2.html");
    let blocks = browser.ask(
        "return [...document.querySelectorAll('code.language-text')].map((it) => it.textContent)",
    );
    assert_eq!(blocks[0], "User#1, Profile#1\nエラー: no user has the id 0\n");
    assert_eq!(blocks.as_array().unwrap().len(), 2, "{blocks}");
}

/// axe-core is there if `scripts/browser` could install it.
#[test]
fn nobody_is_shut_out() {
    let axe = Path::new(WORKSPACE).join("target/browser/node_modules/axe-core/axe.min.js");
    let browser = Browser::start();
    for theme in [Theme::Light, Theme::Dark] {
        browser.screen(SCREENS[1], theme);
        for name in PAGES {
            browser.open(&page(name));
            assert_eq!(json!(browser.barriers(&axe)), json!([]), "{name}, {theme:?}");
        }
    }
}
