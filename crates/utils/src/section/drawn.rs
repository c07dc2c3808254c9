//! Records what the parts do, and draws it when they have ended, or are cut off. Only with the feature
//! `timeline`, which `cargo run -- timeline` asks for; it has also tried the files.

use super::aside;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;
use timeline::model::{Ending, Kind};
use timeline::{Drawing, Recorder, Timeline};

/// After Ctrl+C a program that handles it may end by itself.
const GRACE: Duration = Duration::from_secs(2);
/// The exit code that a shell expects of a program that Ctrl+C has ended.
const INTERRUPTED: i32 = 130;
/// On a page of the book, which is small.
const STEPS: usize = 80;

/// Runs the parts, and draws what they did under this title. The exit code is theirs.
pub(super) fn recorded(title: String, parts: impl FnOnce() -> ExitCode) -> ExitCode {
    let recorder = match Recorder::new() {
        Ok(recorder) => recorder,
        Err(error) => return refused(&error.to_string()),
    };
    if tracing::subscriber::set_global_default(recorder.subscriber()).is_err() {
        return refused(OWN_SUBSCRIBER);
    }
    explain_a_second_subscriber();
    let (interrupt, interrupts) = channel();
    // The watch may be over, and the program too.
    if let Err(error) = ctrlc::set_handler(move || interrupt.send(()).unwrap_or_default()) {
        return refused(&format!("Ctrl+C cannot be handled: {error}"));
    }
    let run = Arc::new(Run { recorder, title, taken: Mutex::new(()) });
    thread::spawn({
        let run = Arc::clone(&run);
        move || watch(&run, &interrupts)
    });

    let ended = catch_unwind(AssertUnwindSafe(parts));
    let _taken = run.take();
    let drawn = run.draw(Ending::Finished);
    match ended {
        Ok(code) if drawn || code != ExitCode::SUCCESS => code,
        Ok(_) => ExitCode::FAILURE,
        Err(panic) => resume_unwind(panic),
    }
}

/// Cuts the program off at its limit, or after Ctrl+C.
fn watch(run: &Run, interrupts: &Receiver<()>) {
    let limit = std::env::var("TIMELINE_FOR_MS").ok().and_then(|millis| millis.parse().ok());
    let limit = limit.map_or(Duration::MAX, Duration::from_millis);
    let interrupted = match interrupts.recv_timeout(limit) {
        Ok(()) => true,
        Err(RecvTimeoutError::Timeout) => false,
        Err(RecvTimeoutError::Disconnected) => return,
    };
    if interrupted {
        aside(
            "Ctrl+C: the drawing comes when the program has ended, in two seconds at the latest\n",
        );
        // A second one is enough.
        let _ = interrupts.recv_timeout(GRACE);
    }
    let _taken = run.take();
    let drawn = run.draw(Ending::CutOff);
    std::process::exit(match (interrupted, drawn) {
        (true, _) => INTERRUPTED,
        (false, true) => 0,
        (false, false) => 1,
    });
}

struct Run {
    recorder: Recorder,
    title: String,
    /// Whoever has it draws, and ends the process.
    taken: Mutex<()>,
}

impl Run {
    fn take(&self) -> impl Drop {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Writes each file that was asked for, or prints the drawing if none was. False if that failed.
    fn draw(&self, ending: Ending) -> bool {
        let Self { recorder, title, .. } = self;
        let timeline = recorder.timeline(ending);
        if timeline.lanes.iter().all(|lane| lane.kind == Kind::Worker) {
            let why = match ending {
                Ending::CutOff => "was cut off before it ran anything on Tokio",
                _ => "runs nothing on Tokio",
            };
            aside(&format!("there is nothing to draw: {title} {why}\n"));
        }
        let write = |variable, draw: fn(&Timeline, &str) -> String| {
            let path = PathBuf::from(std::env::var_os(variable)?);
            let written = std::fs::write(&path, draw(&timeline, title));
            let name = path.display();
            match &written {
                Ok(()) => aside(&format!("{name}\n")),
                Err(error) => aside(&format!("error: {name} cannot be written: {error}\n")),
            }
            Some(written.is_ok())
        };
        let files = [
            write("TIMELINE_HTML", timeline::html::page),
            write("TIMELINE_SVG", timeline::svg::picture),
            write("TIMELINE_JSON", timeline::chrome::trace),
            write("TIMELINE_FRAGMENT", |timeline, _| timeline::html::fragment(timeline, STEPS)),
        ];
        if files == [None; 4] {
            println!();
            // A reader who has gone has what they wanted.
            let _ = Drawing::new(timeline.clone()).print();
        }
        !files.contains(&Some(false))
    }
}

const OWN_SUBSCRIBER: &str = "\
this part installs a subscriber of its own, and a program has one: it cannot be drawn";

/// In place of the panic of a part that calls `.init()`.
fn explain_a_second_subscriber() {
    let others = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| match info.payload().downcast_ref::<String>() {
        Some(text) if text.contains("global default trace dispatcher has already been set") => {
            refused(OWN_SUBSCRIBER);
            std::process::exit(1);
        }
        _ => others(info),
    }));
}

fn refused(why: &str) -> ExitCode {
    aside(&format!("error: {why}\n"));
    ExitCode::FAILURE
}
