//! An option of a section that sets a variable of its snippets.

use super::aside;
use std::ffi::OsString;
use std::process::{Command, ExitCode};

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
    let line = format!("\n{option} VALUE, or the variable {variable}: {allowed}\n");
    if arguments.iter().any(|argument| argument == "-h" || argument == "--help") {
        let code = section();
        if code == ExitCode::SUCCESS {
            print!("{line}");
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
    let Some(value) = value else {
        let code = section();
        if code == ExitCode::from(2) {
            aside(&line);
        }
        return code;
    };
    started_anew(arguments, beside().into_iter().chain([(variable, value)]))
}

fn started_anew(
    arguments: Vec<OsString>,
    variables: impl Iterator<Item = (&'static str, OsString)>,
) -> ExitCode {
    // It is drawn after Ctrl+C, and this process waits for that.
    #[cfg(feature = "timeline")]
    let _ = ctrlc::set_handler(|| ());
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
