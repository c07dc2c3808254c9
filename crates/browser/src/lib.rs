//! A browser without a screen, driven by its WebDriver, for the tests of pages.
//!
//! A new page takes one line in `tests/`: [`Browser::faults`] opens it in light and dark, narrow and
//! wide, and says what is wrong with it. What the page does is tested with the rest.

#![forbid(unsafe_code)]

mod driver;

use driver::Driver;
use serde_json::{Value, json};
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

/// Longer than anything here takes, even on a loaded machine.
const LIMIT: Duration = Duration::from_secs(30);

/// The screens that a page must suit: a small telephone, and a window.
pub const SCREENS: [(u32, u32); 2] = [(380, 800), (1280, 900)];

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Theme {
    Light,
    Dark,
}

/// The keys that have no letter, as WebDriver numbers them.
pub mod key {
    pub const END: char = '\u{e010}';
    pub const HOME: char = '\u{e011}';
    pub const LEFT: char = '\u{e012}';
    pub const UP: char = '\u{e013}';
    pub const RIGHT: char = '\u{e014}';
    pub const DOWN: char = '\u{e015}';
    pub const TAB: char = '\u{e004}';
}

/// A browser with one page.
pub struct Browser(Driver);

impl Browser {
    pub fn start() -> Self {
        Self(Driver::start())
    }

    /// Shows pages on this screen and in this theme from now on.
    pub fn screen(&self, (width, height): (u32, u32), theme: Theme) {
        let theme = if theme == Theme::Light { "light" } else { "dark" };
        let screen =
            json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.devtools("Emulation.setDeviceMetricsOverride", screen);
        let features = json!({ "features": [{ "name": "prefers-color-scheme", "value": theme }] });
        self.devtools("Emulation.setEmulatedMedia", features);
    }

    /// Opens a file.
    pub fn open(&self, page: &Path) {
        let page = page.canonicalize().unwrap_or_else(|it| panic!("{}: {it}", page.display()));
        self.0.tell("/url", json!({ "url": format!("file://{}", page.display()) }));
    }

    /// Returns what a function with this body returns in the page.
    pub fn ask(&self, body: &str) -> Value {
        self.0.tell("/execute/sync", json!({ "script": body, "args": [] }))
    }

    /// Waits until a function with this body returns true.
    pub fn wait_until(&self, body: &str) {
        let start = Instant::now();
        while self.ask(body) != json!(true) {
            assert!(start.elapsed() < LIMIT, "not in {LIMIT:?}: {body}");
            sleep(Duration::from_millis(20));
        }
    }

    /// Presses and releases a key, wherever the focus is.
    pub fn press(&self, key: char) {
        let key = |what: &str| json!({ "type": what, "value": key });
        let actions = json!([{
            "type": "key", "id": "keyboard", "actions": [key("keyDown"), key("keyUp")],
        }]);
        self.0.tell("/actions", json!({ "actions": actions }));
    }

    /// Clicks on the middle of the first element with this CSS selector.
    pub fn click(&self, selector: &str) {
        let found = self.0.tell("/element", json!({ "using": "css selector", "value": selector }));
        let ids: Vec<_> = found.as_object().into_iter().flat_map(|it| it.values()).collect();
        let id = ids[0].as_str().expect("an element has an id");
        self.0.tell(&format!("/element/{id}/click"), json!({}));
    }

    /// Returns what is wrong with a page on any screen and in any theme: an error in the console, or
    /// something that is wider than the screen.
    pub fn faults(&self, page: &Path) -> Vec<String> {
        let mut faults = Vec::new();
        for theme in [Theme::Light, Theme::Dark] {
            for screen in SCREENS {
                self.screen(screen, theme);
                self.open(page);
                let mut found = strings(&self.ask(include_str!("too_wide.js")));
                found.extend(self.console());
                faults.extend(found.iter().map(|it| format!("{theme:?}, {} px: {it}", screen.0)));
            }
        }
        faults
    }

    /// Returns what axe-core finds in the page, if it is serious or worse. `axe` is its file.
    pub fn barriers(&self, axe: &Path) -> Vec<String> {
        let source = std::fs::read_to_string(axe);
        self.ask(&source.unwrap_or_else(|error| panic!("{}: {error}", axe.display())));
        let run = json!({ "script": include_str!("barriers.js"), "args": [] });
        strings(&self.0.tell("/execute/async", run))
    }

    /// Returns the warnings and errors in the console since it was last asked.
    pub fn console(&self) -> Vec<String> {
        let lines = self.0.tell("/se/log", json!({ "type": "browser" }));
        let lines = lines.as_array().cloned().unwrap_or_default();
        lines.iter().map(|line| line["message"].to_string()).collect()
    }

    fn devtools(&self, command: &str, parameters: Value) {
        self.0.tell("/goog/cdp/execute", json!({ "cmd": command, "params": parameters }));
    }
}

/// The strings of an array.
fn strings(value: &Value) -> Vec<String> {
    let strings = value.as_array().unwrap_or_else(|| panic!("no array: {value}"));
    strings.iter().map(|one| one.as_str().unwrap_or_default().to_string()).collect()
}
