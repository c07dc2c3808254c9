//! The commands: `start`, `hint`, `evidence` and `fix`, each with the name of an incident.

use crate::{ALL, Incident};
use std::panic;
use std::process::ExitCode;
use std::sync::Mutex;

/// Each with what it shows.
const COMMANDS: [(&str, &str); 4] = [
    ("start", "what people report, and what is seen from outside"),
    ("hint", "where to look, a step at a time"),
    ("evidence", "what is seen from inside the service"),
    ("fix", "the cause, the difference in the code, and the numbers after it"),
];

/// Prints the answer to the command that these words are, if they begin with one.
///
/// Exit codes: 0; 2 for a name or a number that is not there, with the near ones.
pub fn command(words: &[String]) -> Option<ExitCode> {
    Some(match answer(words)? {
        Ok(text) => {
            print!("{text}");
            ExitCode::SUCCESS
        }
        Err(wrong) => {
            eprint!("error: {wrong}");
            ExitCode::from(2)
        }
    })
}

/// What is printed, on stderr if it is wrong.
pub fn answer(words: &[String]) -> Option<Result<String, String>> {
    let (command, rest) = words.split_first()?;
    COMMANDS.iter().any(|(name, _)| name == command).then(|| carried_out(command, rest))
}

/// Says beside the help of the section, or beside its error, that there are these commands too.
pub fn beside(words: &[String], code: ExitCode) -> ExitCode {
    if words.iter().any(|word| word == "-h" || word == "--help") {
        print!("\n{}", usage());
    } else if code == ExitCode::from(2) {
        let near = words.first().and_then(|word| near_command(word));
        let near = near.map(|near| format!("Did you mean {near}?\n\n"));
        eprint!("\n{}{}", near.unwrap_or_default(), usage());
    }
    code
}

/// The command that a word may have meant, which may be the name of an incident.
fn near_command(word: &str) -> Option<String> {
    let command = utils::section::near(word, COMMANDS.iter().map(|(name, _)| *name));
    let name = || utils::section::near(word, ALL_OF_THEM.iter().map(|it| it.name));
    command.map(String::from).or_else(|| Some(format!("start {}", name()?)))
}

/// How to call them, and the names that they take.
fn usage() -> String {
    let widest = ALL.iter().map(|it| it.name.len()).max().unwrap_or_default();
    let rows = ALL.map(|it| format!("  {:widest$}  {}\n", it.name, first_line(it.report)));
    let commands = COMMANDS.map(|(name, shows)| format!("  {name:8}  {shows}\n"));
    format!(
        "Incidents to diagnose: cargo run -p incidents -- COMMAND NAME\n\n{}\n{}",
        commands.concat(),
        rows.concat()
    )
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

fn carried_out(command: &str, words: &[String]) -> Result<String, String> {
    let (incident, rest) = match words {
        [] if command == "start" => return Ok(usage()),
        [] => return Err(format!("{command} takes the name of an incident\n{}", usage())),
        [name, rest @ ..] => (named(name)?, rest),
    };
    match (command, rest) {
        ("hint", []) => hint(incident, "1"),
        ("hint", [number]) => hint(incident, number),
        ("start", []) => Ok(start(incident)),
        ("evidence", []) => Ok(evidence(incident)),
        ("fix", []) => Ok(fix(incident)),
        (_, [word, ..]) => Err(format!("{command} takes one name, and {word:?} is one more\n")),
        _ => unreachable!("it is one of `COMMANDS`"),
    }
}

fn named(name: &str) -> Result<&'static Incident, String> {
    if let Some(incident) = ALL_OF_THEM.iter().find(|it| it.name == name) {
        return Ok(incident);
    }
    let names = ALL_OF_THEM.iter().map(|it| it.name);
    let near = utils::section::near(name, names).map(|near| format!("Did you mean {near}?\n"));
    // Its `Debug` escapes what a terminal would obey.
    Err(format!("there is no incident {name:?}\n{}{}", near.unwrap_or_default(), usage()))
}

static ALL_OF_THEM: [Incident; ALL.len()] = ALL;

fn start(incident: &Incident) -> String {
    let observed = quietly(incident.broken.observe).0;
    let name = incident.name;
    format!(
        "{}\n\nSeen from outside:\n{}\n\
         Next: cargo run -p incidents -- hint {name}\n",
        incident.report, observed.symptoms
    )
}

fn hint(incident: &Incident, number: &str) -> Result<String, String> {
    let Incident { name, hints, .. } = incident;
    let all = hints.len();
    let at = number.parse::<usize>().ok().filter(|at| (1..=all).contains(at));
    let Some(at) = at else {
        return Err(format!("{name} has hints 1 to {all}, and no {number:?}\n"));
    };
    let next = match at == all {
        true => format!("evidence {name}"),
        false => format!("hint {name} {}", at + 1),
    };
    Ok(format!(
        "Hint {at} of {all}\n\n{}\n\nNext: cargo run -p incidents -- {next}\n",
        hints[at - 1]
    ))
}

fn evidence(incident: &Incident) -> String {
    let (observed, panics) = quietly(incident.broken.observe);
    let picture = incident.picture.map(|draw| format!("\n{}", draw())).unwrap_or_default();
    let stderr = panics.iter().map(|panic| format!("on stderr: {panic}\n"));
    let name = incident.name;
    format!(
        "Seen from inside:\n{}{}{picture}\n\
         The service: crates/sections/incidents/diagnoses/{name}/broken.rs\n\
         Next: cargo run -p incidents -- fix {name}\n",
        observed.evidence,
        stderr.collect::<String>(),
    )
}

fn fix(incident: &Incident) -> String {
    let before = quietly(incident.broken.observe).0;
    let after = quietly(incident.fixed.observe).0;
    let read_on = incident.read_on.iter().map(|command| format!("Read on: {command}\n"));
    format!(
        "{}\n\ncrates/sections/incidents/diagnoses/{}, broken.rs to fixed.rs:\n{}\n\
         Seen from outside, before it:\n{}\n\
         Seen from outside, after it:\n{}\n\
         Seen from inside, after it:\n{}\n{}",
        incident.cause,
        incident.name,
        incident.difference(),
        before.symptoms,
        after.symptoms,
        after.evidence,
        read_on.collect::<String>(),
    )
}

/// Keeps the panics of a run from stderr, where the operators of these services do not look, and
/// returns their messages.
fn quietly<T>(run: fn() -> T) -> (T, Vec<String>) {
    static MESSAGES: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let hook = panic::take_hook();
    panic::set_hook(Box::new(|info| {
        let payload = info.payload();
        let text = payload.downcast_ref::<String>().map(String::as_str);
        let message = text.or(payload.downcast_ref().copied()).unwrap_or("(no text)");
        let mut messages = MESSAGES.lock().expect("nothing panics with it");
        messages.push(format!("panicked: {message}"));
    }));
    let result = run();
    panic::set_hook(hook);
    (result, std::mem::take(&mut *MESSAGES.lock().expect("nothing panics with it")))
}
