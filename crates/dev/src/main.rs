//! `cargo tour dev`: for whoever adds to the workspace.

#![forbid(unsafe_code)]

use clap::{Arg, ArgAction, ArgMatches, Command};
use dev::snippet::New;
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;
use tour::failure::{Failure, aside};
use tour::visible::{shown, visible};

/// The checkout this program was built from.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn main() -> ExitCode {
    // clap repeats what it does not understand, so it sees what is safe to print.
    let words = std::env::args_os().map(shown);
    let done = match command().try_get_matches_from(words) {
        Ok(matches) => fulfil(&matches),
        Err(answer) if answer.use_stderr() => {
            aside(&answer.render().ansi().to_string());
            return ExitCode::from(2);
        }
        Err(answer) => {
            say(&answer.render().ansi().to_string());
            return ExitCode::SUCCESS;
        }
    };
    done.unwrap_or_else(Failure::report)
}

fn command() -> Command {
    let text = |name, value| Arg::new(name).value_name(value).required(true);
    Command::new("dev")
        .bin_name("cargo tour dev")
        .max_term_width(80)
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .after_help("CONTRIBUTING.md says how to add a snippet, a recipe, a statement, a question.")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .subcommand(Command::new("write").about("Writes whatever repeats the data"))
        .subcommand(Command::new("check").about("Says what is missing or stale, and what to do"))
        .subcommand(
            Command::new("new")
                .about("Starts a snippet: its file, and its place in the data")
                .arg(text("file", "CRATE/FILE").help("`join-select/try_join`"))
                .arg(text("claim", "CLAIM").help("One sentence that could be false"))
                .arg(
                    Arg::new("ja")
                        .long("ja")
                        .value_name("CLAIM")
                        .help("The claim in Japanese; without it, claims.ja.toml waits for it"),
                )
                .arg(
                    Arg::new("section")
                        .long("section")
                        .value_name("SECTION")
                        .required(true)
                        .action(ArgAction::Append)
                        .help("What it shows: `guide 4.1`; more than one is allowed"),
                ),
        )
}

fn fulfil(matches: &ArgMatches) -> Result<ExitCode, Failure> {
    tour::data::checked().map_err(Failure::wrong)?;
    let root = Path::new(WORKSPACE);
    match matches.subcommand() {
        Some(("new", given)) => begin(root, given),
        Some(("check", _)) => check(root),
        _ => write(root),
    }
}

fn begin(root: &Path, given: &ArgMatches) -> Result<ExitCode, Failure> {
    // `given` has their escapes, which nobody means to write into a file.
    let mut typed = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    if let Some(word) = typed.find(|word| word.contains(char::is_control)) {
        return Err(Failure::wrong(format!("{word} has a control character"))
            .tip("a file, a claim and a section are each one line of text"));
    }
    let text = |name: &str| given.get_one::<String>(name).map_or("", String::as_str);
    let sections: Vec<_> =
        given.get_many("section").into_iter().flatten().map(String::clone).collect();
    let new = New::named(text("file"), [text("claim"), text("ja")], &sections)?;
    for path in new.begin(root)? {
        say(&format!("{path}\n"));
    }
    say("\nWrite the program and its test, then: cargo tour dev write\n");
    Ok(ExitCode::SUCCESS)
}

fn check(root: &Path) -> Result<ExitCode, Failure> {
    let problems = dev::problems(root).map_err(Failure::unable)?;
    for problem in &problems {
        let lines = problem.to_string();
        say(&lines.lines().map(|line| visible(line) + "\n").collect::<String>());
    }
    Ok(ExitCode::from(u8::from(!problems.is_empty())))
}

/// Writes every page that can be written, and says what keeps the others from it.
fn write(root: &Path) -> Result<ExitCode, Failure> {
    let mut code = ExitCode::SUCCESS;
    for page in dev::pages(root) {
        match page {
            Ok(page) if page.is_stale() => {
                dev::replace(root, &page.path, &page.new).map_err(Failure::unable)?;
                say(&format!("{}\n", page.path));
            }
            Ok(_) => {}
            Err(wrong) => code = Failure::unable(wrong).report(),
        }
    }
    Ok(code)
}

/// A reader who has gone has what they wanted.
fn say(text: &str) {
    let _ = anstream::stdout().write_all(text.as_bytes());
}
