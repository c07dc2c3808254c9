use super::{Answer, Server};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// Where a snippet finds the internet.
const BASE_URL: &str = "BASE_URL";

/// Runs `section` with the variable `BASE_URL` naming a local server that answers as [`httpbin`].
///
/// The snippets take their address from that variable, with the document's own as the default.
/// `--url URL` on the command line, or the variable itself, names another one.
///
/// The variables of a running process cannot be changed safely, so this starts the program anew.
pub fn stand_in_for_the_internet(section: impl FnOnce() -> ExitCode) -> ExitCode {
    if std::env::var_os(BASE_URL).is_some() {
        return section();
    }
    match run_anew() {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

fn run_anew() -> Result<ExitCode, String> {
    let mut arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let mut server = None;
    let url = match arguments.iter().position(|argument| argument == "--url") {
        Some(at) => {
            arguments.remove(at);
            let missing = || "--url takes a URL, such as https://httpbin.org".to_string();
            let url = if at < arguments.len() {
                arguments.remove(at)
            } else {
                return Err(missing());
            };
            url.into_string().map_err(|_| missing())?
        }
        None => {
            let started = Server::by_path(httpbin).map_err(|e| format!("no local server: {e}"))?;
            server.insert(started).url("")
        }
    };
    let status = std::env::current_exe()
        .and_then(|program| {
            Command::new(program)
                .args(arguments)
                .env(BASE_URL, url)
                .status()
        })
        .map_err(|error| format!("the program cannot be started anew: {error}"))?;
    // A program that was killed has no code.
    Ok(ExitCode::from(
        status
            .code()
            .and_then(|code| u8::try_from(code).ok())
            .unwrap_or(1),
    ))
}

/// Answers as <https://httpbin.org> does, as far as the programs here ask.
///
/// - `/get`: 200 and 15 bytes
/// - `/status/CODE`: that status; 429 comes with `Retry-After: 7`
/// - `/delay/SECONDS`: 200 after that time, ten seconds at most
/// - `/stall`: 200 and a body that never ends, which httpbin lacks
/// - anything else: 404
pub fn httpbin(path: &str) -> Answer {
    let (kind, rest) = path
        .trim_start_matches('/')
        .split_once('/')
        .unwrap_or((&path[1..], ""));
    match (kind, rest.parse::<u16>()) {
        ("get", _) => Answer::ok("{\"url\": \"/get\"}"),
        ("stall", _) => Answer::ok("{").then_stall(),
        ("status", Ok(429)) => Answer::status(429).header("retry-after", "7"),
        ("status", Ok(code @ 200..=599)) => Answer::status(code),
        ("delay", Ok(seconds @ 0..=10)) => {
            Answer::ok("{}").after(Duration::from_secs(u64::from(seconds)))
        }
        _ => Answer::status(404),
    }
}
