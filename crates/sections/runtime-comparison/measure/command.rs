//! The commands: `measure` prints the tables, `once` runs the program one time.

use crate::contender::{ALL, Contender};
use crate::once;
use crate::rounds::report;
use crate::table::{Row, tables};
use crate::weight::crates;
use std::io::IsTerminal;
use std::process::{Command, ExitCode};

const ROUNDS: usize = 5;
const ALL_FEATURES: &str = "every-runtime";

static CONTENDERS: [Contender; ALL.len()] = ALL;

/// Carries out the command that these words are, if they begin with one.
///
/// Exit codes: 0; 2 for a runtime that is not there, with the near ones; 1 for what else goes wrong.
pub fn command(words: &[String]) -> Option<ExitCode> {
    let (command, names) = words.split_first()?;
    let carry_out = match command.as_str() {
        "measure" => measure,
        "once" => once_here,
        _ => return None,
    };
    utils::section::end_quietly_on_closed_stdout();
    if asks_for_help(names) {
        println!("{}", usage());
        return Some(ExitCode::SUCCESS);
    }
    let chosen = names.iter().map(|name| named(name)).collect::<Result<Vec<_>, _>>();
    Some(chosen.and_then(|chosen| carry_out(&chosen)).unwrap_or_else(|(code, error)| {
        eprintln!("error: {error}");
        ExitCode::from(code)
    }))
}

type Outcome = Result<ExitCode, (u8, String)>;

/// Says beside the help of the section that there are these commands too.
pub fn beside(words: &[String], code: ExitCode) -> ExitCode {
    if asks_for_help(words) {
        println!("\n{}", usage());
    } else if code == ExitCode::from(2) {
        eprintln!("{}", usage());
    }
    code
}

fn asks_for_help(words: &[String]) -> bool {
    words.iter().any(|word| word == "-h" || word == "--help")
}

fn usage() -> String {
    format!(
        "Measure one program on all runtimes, or on Tokio and the named ones:\n  \
         cargo run -p runtime-comparison -- measure [RUNTIME...]\n\
         Runtimes: {}",
        ALL.map(|contender| contender.name).join(", ")
    )
}

fn named(name: &str) -> Result<&'static Contender, (u8, String)> {
    let names = CONTENDERS.iter().map(|contender| contender.name);
    CONTENDERS.iter().find(|contender| contender.name == name).ok_or_else(|| {
        let near = utils::section::near(name, names).map(|near| format!("Did you mean {near}?\n"));
        // Its `Debug` escapes what a terminal would obey.
        (2, format!("there is no runtime {name:?}\n{}{}", near.unwrap_or_default(), usage()))
    })
}

fn once_here(chosen: &[&'static Contender]) -> Outcome {
    let [contender] = chosen else {
        return Err((2, format!("once takes the name of one runtime\n{}", usage())));
    };
    once::here(contender).map(|()| ExitCode::SUCCESS).map_err(|error| (1, error))
}

fn measure(chosen: &[&'static Contender]) -> Outcome {
    if cfg!(debug_assertions) {
        return for_speed(chosen);
    }
    let chosen = CONTENDERS.iter().filter(|it| is_chosen(it, chosen)).collect::<Vec<_>>();
    let mut runs = 0;
    let reports = report(&chosen, ROUNDS, |contender| {
        if std::io::stderr().is_terminal() {
            let round = runs / chosen.len() + 1;
            eprint!("\r\x1b[Kround {round} of {ROUNDS}: {}", contender.name);
        }
        runs += 1;
        once::in_a_process(contender)
    });
    if std::io::stderr().is_terminal() {
        eprint!("\r\x1b[K");
    }
    let rows = chosen.iter().zip(&reports).map(|(contender, report)| Row {
        contender,
        report,
        crates: (!contender.needs.is_empty()).then(|| crates(contender).ok()).flatten(),
    });
    print!("{}", tables(&rows.collect::<Vec<_>>()));
    match &reports[0] {
        Ok(_) => Ok(ExitCode::SUCCESS),
        Err(_) => Ok(ExitCode::FAILURE),
    }
}

/// Tokio always: the others are compared with it.
fn is_chosen(contender: &Contender, chosen: &[&Contender]) -> bool {
    contender.name == CONTENDERS[0].name
        || chosen.is_empty()
        || chosen.iter().any(|it| it.name == contender.name)
}

/// Starts this command anew, built for speed and with the runtimes that nothing else here needs; without these, if they
/// do not build here.
fn for_speed(chosen: &[&Contender]) -> Outcome {
    let cargo = |command: &str, features: &str| {
        let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        cargo.args([
            command,
            "--release",
            "--package",
            "runtime-comparison",
            "--features",
            features,
        ]);
        cargo.current_dir(env!("CARGO_MANIFEST_DIR"));
        cargo
    };
    let refused = |error| (1, format!("cargo does not start: {error}"));
    let is_built = cargo("build", ALL_FEATURES).status().map_err(refused)?.success();
    if !is_built {
        eprintln!("warning: the heavy runtimes do not build here: they are left out");
    }
    let mut run = cargo("run", if is_built { ALL_FEATURES } else { "" });
    run.args(["--quiet", "--", "measure"]).args(chosen.iter().map(|contender| contender.name));
    let code = run.status().map_err(refused)?.code();
    // A program that was killed has no code.
    Ok(ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1)))
}
