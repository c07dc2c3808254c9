//! The command line of a section crate: all its parts in order, or the named ones.

mod about;
#[cfg(feature = "timeline")]
mod drawn;
mod setting;
mod words;

pub use setting::{Setting, with_option};
pub use words::near;

use about::about;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use words::{announced, listed, unknown, usage};

/// One file of a section: a complete program with its own `main`.
pub struct Part {
    pub name: &'static str,
    pub main: fn() -> ExitCode,
    /// Runs only when named, since it waits for the user (a server, for example).
    pub on_request: bool,
}

/// The `main` of a section crate: `section!(first, second; on request: server)`.
///
/// Each name is a module with a `pub fn main()`. Without arguments the program runs the parts
/// before the semicolon in order and stops at the first that fails; with arguments it runs the
/// parts they name. Evaluates to the [`ExitCode`].
#[macro_export]
macro_rules! section {
    ($($part:ident),+ $(; on request: $($asked:ident),+)? $(,)?) => {
        $crate::section::run(env!("CARGO_PKG_NAME"), env!("CARGO_MANIFEST_DIR"), &[
            $($crate::section!(@part $part, false),)+
            $($($crate::section!(@part $asked, true),)+)?
        ])
    };
    (@part $part:ident, $on_request:literal) => {
        $crate::section::Part {
            name: stringify!($part),
            main: || ::std::process::Termination::report($part::main()),
            on_request: $on_request,
        }
    };
}

/// Runs the parts, for [`section!`], with the folder of the section: its README says what they show.
///
/// On a terminal, stderr says before each part which one speaks, and where the document is wrong: in
/// Japanese, if the locale or the tour asks for it.
///
/// Exit codes: 0, or what the first failing part reports; 2 if an argument names no part, before
/// anything has run.
pub fn run(section: &str, folder: &str, parts: &[Part]) -> ExitCode {
    end_quietly_on_closed_stdout();
    let folder = Path::new(folder);
    let is_japanese = is_japanese(|name| std::env::var(name).ok());
    let usage = || usage(section, parts, &about(folder, is_japanese), is_japanese);

    let mut chosen = Vec::new();
    for argument in std::env::args_os().skip(1) {
        match argument.to_str() {
            Some("-h" | "--help") => {
                print!("{}", usage());
                return ExitCode::SUCCESS;
            }
            Some("--list") => {
                parts.iter().for_each(|part| println!("{}", listed(part)));
                return ExitCode::SUCCESS;
            }
            name => match parts.iter().find(|part| Some(part.name) == name) {
                Some(part) => chosen.push(part),
                None => {
                    aside(&format!("{}\n{}", unknown(section, parts, &argument), usage()));
                    aside("\nOther words: cargo run -- find \"...\"\n");
                    return ExitCode::from(2);
                }
            },
        }
    }
    if chosen.is_empty() {
        chosen.extend(parts.iter().filter(|part| !part.on_request));
    }
    let in_order = || in_order(&chosen, folder, is_japanese);
    #[cfg(feature = "timeline")]
    let in_order = || {
        let names: Vec<_> = chosen.iter().map(|part| part.name).collect();
        drawn::recorded(format!("{section} {}", names.join(" ")), in_order)
    };
    in_order()
}

/// Runs the parts, and stops at the first that fails.
fn in_order(parts: &[&Part], folder: &Path, is_japanese: bool) -> ExitCode {
    let speaker = std::io::stderr().is_terminal().then(|| about(folder, is_japanese));
    for part in parts {
        if let Some(about) = &speaker {
            aside(&announced(part.name, folder, about, is_japanese));
        }
        let code = (part.main)();
        if code != ExitCode::SUCCESS {
            return code;
        }
    }
    ExitCode::SUCCESS
}

/// Ends the process when its reader has gone (`| head -1`), where `println!` would panic.
///
/// Any other failure to print, such as a full disk, becomes a message and exit code 1; one on
/// stderr has nowhere to say so.
pub fn end_quietly_on_closed_stdout() {
    let other_panics = std::panic::take_hook();
    // `println!` formats its message, so the payload is a `String`.
    std::panic::set_hook(Box::new(move |info| match info.payload().downcast_ref::<String>() {
        Some(text) if text.starts_with("failed printing to stdout") => {
            if text.contains("Broken pipe") || text.contains("pipe is being closed") {
                std::process::exit(0);
            }
            aside(&format!("error: {text}\n"));
            std::process::exit(1);
        }
        Some(text) if text.starts_with("failed printing to stderr") => std::process::exit(1),
        _ => other_panics(info),
    }));
}

/// As the tour decides it, whose `--lang` sets the first of these variables.
fn is_japanese(variable: impl Fn(&str) -> Option<String>) -> bool {
    let names = ["TOUR_LANG", "LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
    let set = names.filter_map(variable).find(|value| !value.is_empty());
    set.is_some_and(|value| value.starts_with("ja"))
}

/// To stderr. If nobody takes it there, the exit code has to do: `eprintln!` would panic.
fn aside(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::is_japanese;

    #[test]
    fn the_first_variable_that_is_set_decides_on_the_language() {
        let by = |set: &[(&str, &str)]| {
            is_japanese(|name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| value.to_string())
            })
        };
        assert!(by(&[("LANG", "ja_JP.UTF-8")]));
        assert!(by(&[("LC_ALL", ""), ("LC_MESSAGES", "ja"), ("LANG", "C")]));
        assert!(!by(&[("TOUR_LANG", "en"), ("LC_ALL", "ja_JP.UTF-8")]));
        assert!(!by(&[("LC_ALL", "C"), ("LANG", "ja_JP.UTF-8")]) && !by(&[]));
    }
}
