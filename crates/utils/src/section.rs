//! The command line of a section crate: all its parts in order, or the named ones.

use std::ffi::OsString;
use std::io::Write;
use std::process::{Command, ExitCode};

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
        $crate::section::run(env!("CARGO_PKG_NAME"), &[
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

/// What [`section!`] calls.
///
/// Exit codes: 0, or what the first failing part reports; 2 if an argument names no part, before
/// anything has run.
pub fn run(section: &str, parts: &[Part]) -> ExitCode {
    end_quietly_on_closed_stdout();

    let mut chosen = Vec::new();
    for argument in std::env::args_os().skip(1) {
        match argument.to_str() {
            Some("-h" | "--help") => {
                print!("{}", usage(section, parts));
                return ExitCode::SUCCESS;
            }
            Some("--list") => {
                parts.iter().for_each(|part| println!("{}", listed(part)));
                return ExitCode::SUCCESS;
            }
            name => match parts.iter().find(|part| Some(part.name) == name) {
                Some(part) => chosen.push(part),
                None => {
                    // Its `Debug` escapes what a terminal would obey.
                    let error = format!("error: {section} has no part {argument:?}\n\n");
                    aside(&(error + &usage(section, parts)));
                    return ExitCode::from(2);
                }
            },
        }
    }
    if chosen.is_empty() {
        chosen.extend(parts.iter().filter(|part| !part.on_request));
    }
    for part in chosen {
        let code = (part.main)();
        if code != ExitCode::SUCCESS {
            return code;
        }
    }
    ExitCode::SUCCESS
}

/// An option of a section's command line that sets an environment variable: `--connections 200`,
/// or `--connections=200`, is `CONNECTIONS=200`. A snippet reads the variable, since where it is pasted there is no
/// command line of a section.
pub struct Setting {
    pub option: &'static str,
    pub variable: &'static str,
    /// Completes the sentence "the option takes …".
    pub allowed: &'static str,
    pub is_allowed: fn(&str) -> bool,
    /// Other variables that the program needs with this one.
    pub beside: fn() -> Vec<(&'static str, OsString)>,
}

/// Runs `section` with `setting` as its option. Without it, `default` gives the value, or leaves
/// the variable to the snippet's own default.
///
/// The variables of a running process cannot be changed safely, so this starts the program anew.
///
/// Exit codes: those of the section; 2 for a value that is not allowed, before anything has run.
pub fn with_option(
    setting: &Setting,
    default: impl FnOnce() -> Result<Option<String>, String>,
    section: impl FnOnce() -> ExitCode,
) -> ExitCode {
    let Setting { option, variable, allowed, is_allowed, beside } = *setting;
    let mut arguments: Vec<_> = std::env::args_os().skip(1).collect();
    if arguments.iter().any(|argument| argument == "-h" || argument == "--help") {
        let code = section();
        if code == ExitCode::SUCCESS {
            println!("\n{option} VALUE, or the variable {variable}: {allowed}");
        }
        return code;
    }
    let value = match taken(&mut arguments, option) {
        Some(value) if value.to_str().is_some_and(is_allowed) => Some(value),
        Some(_) => {
            aside(&format!("error: {option} takes {allowed}\n"));
            return ExitCode::from(2);
        }
        None if std::env::var_os(variable).is_some() => None,
        None => match default() {
            Ok(value) => value.map(OsString::from),
            Err(error) => {
                aside(&format!("error: {error}\n"));
                return ExitCode::FAILURE;
            }
        },
    };
    let Some(value) = value else { return section() };
    let mut variables = beside();
    variables.push((variable, value));
    started_anew(arguments, variables)
}

fn started_anew(arguments: Vec<OsString>, variables: Vec<(&str, OsString)>) -> ExitCode {
    let status = std::env::current_exe()
        .and_then(|program| Command::new(program).args(arguments).envs(variables).status());
    match status {
        // A program that was killed has no code.
        Ok(status) => {
            ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
        }
        Err(error) => {
            aside(&format!("error: the program cannot be started anew: {error}\n"));
            ExitCode::FAILURE
        }
    }
}

/// Takes an option with its value out of the arguments. The value is empty if there is none.
fn taken(arguments: &mut Vec<OsString>, option: &str) -> Option<OsString> {
    let with_value = |argument: &OsString| {
        let rest = argument.to_str()?.strip_prefix(option)?;
        rest.is_empty().then(OsString::new).or_else(|| Some(rest.strip_prefix('=')?.into()))
    };
    let (at, value) =
        arguments.iter().enumerate().find_map(|(at, it)| Some((at, with_value(it)?)))?;
    if arguments.remove(at) == option && at < arguments.len() {
        return Some(arguments.remove(at));
    }
    Some(value)
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

/// To stderr. If nobody takes it there, the exit code has to do: `eprintln!` would panic.
fn aside(text: &str) {
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn usage(section: &str, parts: &[Part]) -> String {
    let names: String = parts.iter().map(|part| format!("  {}\n", listed(part))).collect();
    format!(
        "Usage: cargo run -p {section} [-- PART...]\n\n\
         Runs all parts in order, or the named ones:\n{names}"
    )
}

fn listed(part: &Part) -> String {
    let note = if part.on_request { " (only when named)" } else { "" };
    format!("{}{note}", part.name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_option_is_taken_out_with_its_value() {
        for (line, value, rest) in [
            ("a --url x b", Some("x"), "a b"),
            ("--url=x a", Some("x"), "a"),
            ("--url=--url a", Some("--url"), "a"),
            ("--url x --url y", Some("x"), "--url y"),
            ("a --url", Some(""), "a"),
            ("--url=", Some(""), ""),
            ("--urls x", None, "--urls x"),
            ("a", None, "a"),
        ] {
            let mut arguments = line.split(' ').map(OsString::from).collect();
            let expected = value.map(OsString::from);
            assert_eq!(taken(&mut arguments, "--url"), expected, "{line}");
            assert_eq!(arguments.join(" ".as_ref()), rest, "{line}");
        }
    }
}
