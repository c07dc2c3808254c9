//! The page of `cargo run -- timeline`, of a program as it is.

use browser::{Browser, SCREENS, Theme, key};
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// Made once for all tests.
fn page() -> &'static Path {
    static PAGE: OnceLock<PathBuf> = OnceLock::new();
    PAGE.get_or_init(|| page_of("join-select", "join_and_select"))
}

fn page_of(krate: &str, part: &str) -> PathBuf {
    let page = Path::new(env!("CARGO_TARGET_TMPDIR")).join(part).with_extension("html");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["run", "--quiet", "--", "timeline", krate, part, "--html"]).arg(&page);
    let made = cargo.current_dir(WORKSPACE).output().expect("cargo runs");
    assert!(made.status.success(), "{made:?}");
    page
}

fn opened() -> Browser {
    let browser = Browser::start();
    browser.screen(SCREENS[1], Theme::Light);
    browser.open(page());
    browser
}

/// `3 / 25`
fn place(browser: &Browser) -> (usize, usize) {
    let place = browser.ask("return document.querySelector('.tl-place').textContent");
    let (step, all) = place.as_str().unwrap().split_once(" / ").unwrap();
    (step.parse().unwrap(), all.parse().unwrap())
}

#[test]
fn the_page_has_no_fault_on_any_screen_in_any_theme() {
    let browser = Browser::start();
    assert_eq!(browser.faults(page()), [""; 0]);
}

#[test]
fn the_page_follows_the_theme_of_the_system() {
    let browser = opened();
    let mut grounds = Vec::new();
    for theme in [Theme::Light, Theme::Dark] {
        browser.screen(SCREENS[1], theme);
        let look = "const style = getComputedStyle(document.body); return style.backgroundColor";
        grounds.push(browser.ask(look));
    }
    assert_eq!(grounds, ["rgb(255, 255, 255)", "rgb(15, 20, 26)"]);
}

#[test]
fn the_keys_step_through_the_run_from_anywhere() {
    let browser = opened();
    let (first, all) = place(&browser);
    assert!(first == 1 && all > 8, "{first} / {all}");
    for (key, step) in [
        (key::RIGHT, 2),
        (key::RIGHT, 3),
        (key::LEFT, 2),
        (key::END, all),
        (key::RIGHT, all),
        (key::HOME, 1),
        (key::LEFT, 1),
    ] {
        browser.press(key);
        assert_eq!(place(&browser), (step, all), "{key:?}");
    }
}

/// The panel, the list, the slider and the picture show the same step.
#[test]
fn all_parts_of_the_page_show_the_same_step() {
    let browser = opened();
    browser.press(key::RIGHT);
    let shown = browser.ask(
        "const find = (it) => document.querySelector(it);
             const current = find('[aria-current]');
             const step = current.closest('li');
             return [
                 find('.tl-now').textContent === current.querySelector('.tl-text').textContent,
                 find('.tl-slider').value,
                 find('.tl-slider').ariaValueText.startsWith('step 2: '),
                 find('.tl-cursor').getAttribute('x') === step.dataset.from,
                 current.tabIndex,
                 document.querySelectorAll('[aria-current]').length,
             ]",
    );
    assert_eq!(shown, json!([true, "2", true, true, 0, 1]));
    // A thread that has to wait for its processor has more steps: a pause begins a new one.
    let now = browser.ask("return document.querySelector('.tl-now').textContent");
    assert!(now.as_str().unwrap().starts_with("main is polled for the first time."), "{now}");
    let all = browser.ask("return document.body.textContent");
    let told = "waits for Sleep 100 ms at src/join_and_select.rs:27, ";
    assert!(all.as_str().unwrap().contains(told), "{all}");
}

#[test]
fn a_lane_has_the_state_of_the_step() {
    let browser = opened();
    let states =
        "return [...document.querySelectorAll('.tl-lane .tl-state')].map((it) => it.textContent)";
    let before = browser.ask(states);
    assert_eq!(before[0], "new");
    assert!(before.as_array().unwrap()[1..].iter().all(|it| it == "–"), "{before}");
    browser.press(key::END);
    let after = browser.ask(states);
    assert_eq!(after[0], "ready");
    // `select!` took the first of its three timers, which the lines of `join!` had made before.
    let mut timers: Vec<_> = after.as_array().unwrap()[1..].iter().map(|it| it.as_str()).collect();
    timers.sort();
    assert_eq!(timers, [Some("cancelled"), Some("cancelled"), Some("gone")]);
}

#[test]
fn a_click_on_the_picture_or_on_the_list_goes_there() {
    let browser = opened();
    browser.click(".tl-moment[data-step='4']");
    assert_eq!(place(&browser).0, 5);
    browser.click(".tl-steps button[data-step='1']");
    assert_eq!(place(&browser).0, 2);
    browser.click("[data-move='last']");
    let (step, all) = place(&browser);
    assert_eq!(step, all);
}

#[test]
fn the_space_bar_plays_and_stops() {
    let browser = opened();
    browser.press(' ');
    browser.wait_until("return document.querySelector('.tl-slider').value > 2");
    browser.press(' ');
    let playing = "return document.querySelector('.tl-play').ariaLabel";
    assert_eq!(browser.ask(playing), "Play");
    browser.press(key::END);
    browser.press(' ');
    assert_eq!(place(&browser).0, 1, "from the end it plays anew");
    assert_eq!(browser.ask(playing), "Pause");
}

#[test]
fn up_and_down_stay_on_a_lane() {
    let browser = opened();
    let lane = "return document.querySelector('[aria-current]').closest('li').dataset.lane";
    browser.press(key::END);
    let (last, own) = (place(&browser).0, browser.ask(lane));
    browser.press(key::UP);
    let before = place(&browser).0;
    assert!(before < last, "{before} is not before {last}");
    assert_eq!(browser.ask(lane), own);
    browser.press(key::DOWN);
    assert_eq!(place(&browser).0, last);
}

/// A poll in which a thread sleeps for 20 ms is one that deserves a look.
#[test]
fn a_finding_leads_to_its_step() {
    let page = page_of("anti-patterns", "blocking");
    let browser = Browser::start();
    assert_eq!(browser.faults(&page), [""; 0]);
    let button = ".tl-found button";
    let step = browser.ask(&format!("return document.querySelector('{button}').textContent"));
    browser.click(button);
    let place = place(&browser).0;
    assert!(place > 1);
    assert_eq!(step, format!("Step {place}"));
    // What has not happened yet is dimmed.
    let dimmed = browser.ask(
        "const [cursor, ahead] = ['.tl-cursor', '.tl-ahead'].map((it) => document.querySelector(it).getBBox());
         return ahead.width > 0 && ahead.x === cursor.x + cursor.width",
    );
    assert_eq!(dimmed, true);
}

/// As the book has it: two runs on a page of its own look, which has its own use of the keys.
#[test]
fn two_runs_on_a_page_do_not_touch_each_other_and_follow_its_theme() {
    let alone = std::fs::read_to_string(page()).unwrap();
    let (start, end) = (alone.find("<section").unwrap(), alone.find("</section>").unwrap());
    let run = alone[start..end].replacen(" data-alone", "", 1) + "</section>";
    let both = format!(
        "<!DOCTYPE html><html style='color-scheme: dark'><body><p>A book.</p>{run}{run}
         <script>document.addEventListener('keydown', () => document.title += '!')</script>"
    );
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join("two.html");
    std::fs::write(&path, both).unwrap();
    let browser = Browser::start();
    browser.screen(SCREENS[1], Theme::Light);
    browser.open(&path);

    let places =
        "return [...document.querySelectorAll('.tl-place')].map((it) => it.textContent[0])";
    browser.press(key::RIGHT);
    assert_eq!(browser.ask(places), json!(["1", "1"]), "no run has the focus");
    browser.ask("document.querySelectorAll('.tl-view')[1].focus()");
    browser.press(key::RIGHT);
    assert_eq!(browser.ask(places), json!(["1", "2"]));
    assert_eq!(browser.ask("return document.title"), "!", "the page got the first key alone");
    let ground = "return getComputedStyle(document.querySelector('.tl-view')).backgroundColor";
    assert_eq!(browser.ask(ground), "rgb(15, 20, 26)");
}

/// axe-core is there if `scripts/browser` could install it.
#[test]
fn nobody_is_shut_out() {
    let axe = Path::new(WORKSPACE).join("target/browser/node_modules/axe-core/axe.min.js");
    let browser = opened();
    for theme in [Theme::Light, Theme::Dark] {
        browser.screen(SCREENS[0], theme);
        browser.open(page());
        assert_eq!(browser.barriers(&axe), [""; 0], "{theme:?}");
    }
}
