//! The front door: the map of both documents, each section by its number, each snippet as a package.

#![forbid(unsafe_code)]

mod typed;
mod screen;
mod kinsoku;
mod pager;
mod show;
mod run;
mod timeline;
mod copy;
mod find;
mod quoted;
mod staging;
mod destination;
mod enclosing;
mod page;
mod quiz;
mod suggested;
mod statements;
mod completions;
mod cli;

// What the tour is about. `tour` the library has it, for the tests and the book as well.
use tour::{Language, data as map, failure, visible};

use cli::Wish;
use failure::{Failure, aside};
use find::Index;
use quiz::{Cut, Order, Progress, Seat};
use screen::Screen;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;

/// The checkout this program was built from. Snippets are read there when they are copied.
const WORKSPACE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

fn main() -> ExitCode {
    if let Err(wrong) = map::checked() {
        return Failure::wrong(wrong).report();
    }
    let map = map::documents();
    let mut arguments = std::env::args_os().collect();
    let chosen = Language::taken(&mut arguments);
    let language = chosen.unwrap_or_else(Language::here);
    let done = match cli::wish(map, language, arguments) {
        Ok(wish) => fulfil(wish, map, language),
        Err(answer) if answer.use_stderr() => {
            aside(&answer.render().ansi().to_string());
            Ok(ExitCode::from(2))
        }
        Err(answer) => say(&answer.render().ansi().to_string()),
    };
    done.unwrap_or_else(Failure::report)
}

fn fulfil(wish: Wish<'_>, map: &[map::Document], language: Language) -> Result<ExitCode, Failure> {
    let screen = Screen::here(language);
    match wish {
        Wish::Chapters => say(&show::chapters(map, screen)),
        Wish::Sections(parts) => read(&show::shown(map, &parts, screen)?, screen),
        Wish::Run { document, sections } => run::run(map, document, &sections, language),
        Wish::Timeline(order) => order.carry_out(map, language),
        Wish::Copy(order) => say(&order.carry_out(map, Path::new(WORKSPACE))?),
        Wish::Find(words) => {
            say(&Index::of(map, Path::new(WORKSPACE), language).find(&words, screen)?)
        }
        Wish::Page(section) => read(&page::shown(section, screen), screen),
        Wish::Statements { filter, json } => {
            let parts = statements::chosen(map, &filter)?;
            match json {
                true => say(&statements::json(map, &parts, language)),
                false if filter.is_open() => say(&statements::overview(map, screen)),
                false => read(&statements::shown(map, &parts, screen), screen),
            }
        }
        Wish::Ask { questions, seed } => {
            ask(&questions, seed.map_or_else(Order::any, Order), screen)
        }
        Wish::ListQuestions => say(&quiz::list(map::questions(), &Progress::load()?)),
        Wish::ForgetAnswers => {
            Progress::reset()?;
            say("Your answers are forgotten.\n")
        }
        Wish::Dev { words } => run::package("dev", &words),
        Wish::Completions { script } => say(&script),
    }
}

fn ask(ids: &[String], order: Order, screen: Screen) -> Result<ExitCode, Failure> {
    let all = map::questions();
    let named = quiz::named(all, ids)?;
    let mut progress = Progress::load()?;
    let chosen = if ids.is_empty() { quiz::open(all, &progress) } else { named };
    if chosen.is_empty() {
        return say("All is answered right. `cargo run -- quiz --reset` starts anew.\n");
    }
    let (stdin, output) = (std::io::stdin(), anstream::stdout());
    let interactive = stdin.is_terminal() && std::io::stdout().is_terminal();
    let mut seat = Seat { answers: stdin.lock(), output, interactive, order, width: screen.width };
    match seat.play(&chosen, &mut progress, run::run_file) {
        Ok(()) => Ok(ExitCode::SUCCESS),
        Err(Cut::Output(error)) => said(Err(error)),
        Err(Cut::Input(error)) => Err(Failure::refused("your answers cannot be read", &error)),
    }
}

/// Prints to stdout, with colours only if it is a terminal.
fn say(text: &str) -> Result<ExitCode, Failure> {
    let mut stdout = anstream::stdout();
    said(stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()))
}

/// Prints to stdout what may take more than a screen.
fn read(text: &str, screen: Screen) -> Result<ExitCode, Failure> {
    said(pager::print(text, screen))
}

fn said(result: std::io::Result<()>) -> Result<ExitCode, Failure> {
    match result {
        // A reader who has gone (`| head -1`) has what they wanted.
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(Failure::refused("nobody takes the output", &error))
        }
        _ => Ok(ExitCode::SUCCESS),
    }
}
