//! What an incident is, and how it is run.

use std::fmt::Write;
use std::future::Future;
use tokio::runtime::Builder;
use tokio::time::Duration;

/// A service that people report about, and its repair.
pub struct Incident {
    pub name: &'static str,
    /// What they report, in their words.
    pub report: &'static str,
    /// Where to look, one step after the other.
    pub hints: &'static [&'static str],
    pub broken: Service,
    pub fixed: Service,
    /// What happened in the broken service, drawn, where a picture says more than counters.
    pub picture: Option<fn() -> String>,
    /// What was wrong.
    pub cause: &'static str,
    /// Where to read on.
    pub read_on: &'static [&'static str],
}

/// One of the two versions.
pub struct Service {
    /// The text of its file, as it is compiled.
    pub source: &'static str,
    /// Puts it under the load of the incident.
    pub observe: fn() -> Observed,
}

/// What is seen of a service under its load, line by line.
#[derive(Debug, Default, PartialEq)]
pub struct Observed {
    /// From outside: what users, logs and dashboards say.
    pub symptoms: String,
    /// From inside: what counters say that somebody has added.
    pub evidence: String,
}

impl Observed {
    pub fn symptom(&mut self, line: impl AsRef<str>) {
        self.symptoms += line.as_ref();
        self.symptoms.push('\n');
    }

    pub fn evidence(&mut self, line: impl AsRef<str>) {
        self.evidence += line.as_ref();
        self.evidence.push('\n');
    }
}

impl Incident {
    /// What changes from the broken service to the repaired one.
    pub fn difference(&self) -> String {
        let (broken, fixed) = (self.broken.source, self.fixed.source);
        let difference = similar::TextDiff::from_lines(broken, fixed);
        let mut text = String::new();
        for hunk in difference.unified_diff().context_radius(2).iter_hunks() {
            write!(text, "{hunk}").expect("a string takes everything");
        }
        text
    }
}

/// Returns a time as a person writes it: `0 s`, `31.5 s`.
pub fn seconds(time: Duration) -> String {
    format!("{} s", time.as_secs_f64())
}

/// Runs a load on one thread, whose clock moves on by itself whenever all tasks wait.
pub fn run(load: impl Future<Output = Observed>) -> Observed {
    let runtime = Builder::new_current_thread().enable_time().start_paused(true).build();
    runtime.expect("a runtime without sockets needs nothing from the system").block_on(load)
}

/// Runs a part of it in the same way, and draws what happens, poll by poll. If the part is stuck, the
/// drawing ends there and says who waits.
#[track_caller]
pub fn drawn(scene: impl Future<Output = ()>) -> String {
    match timeline::record(scene) {
        Ok((_, timeline)) => timeline::Drawing::new(timeline).to_string(),
        Err(why) => format!("{why}\n"),
    }
}
