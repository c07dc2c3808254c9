use super::{Answer, Server};
use crate::section::{Setting, with_option};
use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

/// Runs `section` with the variable `BASE_URL` naming a local server that answers as [`httpbin`].
///
/// The snippets take their address from that variable, with the document's own as the default.
/// `--url URL` on the command line, or the variable itself, names another one. No proxy is asked for
/// the local server, whatever the user's shell says of proxies.
pub fn stand_in_for_the_internet(section: impl FnOnce() -> ExitCode) -> ExitCode {
    let url = Setting {
        option: "--url",
        variable: "BASE_URL",
        allowed: "an address that begins with http:// or https://",
        is_allowed: |url| url.starts_with("http://") || url.starts_with("https://"),
        beside: no_proxy,
    };
    // Outlives the program that is started anew.
    let mut server = None;
    let start = || {
        let started = Server::by_path(httpbin).map_err(|e| format!("no local server: {e}"))?;
        Ok(Some(server.insert(started).url("")))
    };
    with_option(&url, start, section)
}

/// This machine beside what the user's shell asks for without a proxy.
///
/// In both spellings: reqwest reads the first that is set, and curl the second.
fn no_proxy() -> Vec<(&'static str, OsString)> {
    const HERE: &str = "127.0.0.1,localhost";
    let spellings = ["NO_PROXY", "no_proxy"];
    let users = |name| std::env::var_os(name).filter(|list| !list.is_empty());
    let list = |name| match users(name).or_else(|| spellings.into_iter().find_map(users)) {
        Some(mut list) => {
            list.push(",");
            list.push(HERE);
            list
        }
        None => HERE.into(),
    };
    spellings.map(|name| (name, list(name))).into()
}

/// Answers as <https://httpbin.org> does, as far as the programs here ask.
///
/// - `/get`: 200 and 15 bytes
/// - `/status/CODE`: that status; 429 comes with `Retry-After: 7`
/// - `/delay/SECONDS`: 200 after that time, ten seconds at most
/// - `/drip`: 200, one byte, and then nothing: that of httpbin comes to an end
/// - anything else: 404
pub fn httpbin(path: &str) -> Answer {
    let path = path.trim_start_matches('/');
    let (kind, rest) = path.split_once('/').unwrap_or((path, ""));
    match (kind, rest.parse::<u16>()) {
        ("get", _) => Answer::ok("{\"url\": \"/get\"}"),
        ("drip", _) => Answer::ok("*").then_stall(),
        ("status", Ok(429)) => Answer::status(429).header("retry-after", "7"),
        ("status", Ok(code @ 200..=599)) => Answer::status(code),
        ("delay", Ok(seconds @ 0..=10)) => {
            Answer::ok("{}").after(Duration::from_secs(u64::from(seconds)))
        }
        _ => Answer::status(404),
    }
}
