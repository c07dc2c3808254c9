//! The tables: times and ratios, what each process needed, and what to know of each runtime.

use crate::contender::Contender;
use crate::rounds::{PARTS, Part, Report};

const TIMES: &str = "Time of each part, median of all rounds; ratio to tokio in the same round";
const NEEDS: &str = "What the process of each needed, and the crates that a program gets with it";

const WIDTH: usize = 80;
const NAME: usize = 13;

/// A runtime, what the rounds say of it, and how many crates it brings, if cargo says it.
pub struct Row<'a> {
    pub contender: &'a Contender,
    pub report: &'a Result<Report, String>,
    pub crates: Option<usize>,
}

pub fn tables(rows: &[Row]) -> String {
    let head = |name: &str| format!("{name:>16}");
    let mut text = format!("{TIMES}\n\n{:NAME$}{}\n", "", PARTS.map(head).concat());
    for Row { contender, report, .. } in rows {
        let cells = match report {
            Ok(report) => report.parts.iter().map(times).collect::<String>(),
            Err(_) => "  does not run here: see below".to_string(),
        };
        text += &format!("{:NAME$}{cells}\n", contender.name);
    }
    text += &format!(
        "\n{NEEDS}\n\n{:NAME$}{:>8}{:>8}{:>12}{:>12}{:>8}\n",
        "", "threads", "CPU on", "waits with", "memory", "crates"
    );
    for Row { contender, report, crates } in rows {
        let Ok(report) = report else { continue };
        text += &format!("{:NAME$}{}\n", contender.name, facts(report, *crates));
    }
    text += "\n";
    for Row { contender, report, .. } in rows {
        let reason = report.as_ref().err().map(|reason| format!("\nDoes not run here: {reason}"));
        let about = format!("{}{}", contender.about, reason.unwrap_or_default());
        text += &beside(contender.name, &about);
    }
    text
}

/// `   22.9 ms  1.00`
fn times(part: &Part) -> String {
    match part {
        Part::Took { nanos, ratio } => format!("  {:>8} {:>5}", time(*nanos), number(*ratio)),
        Part::Lacks(what) => format!("{what:>16}"),
    }
}

fn time(nanos: f64) -> String {
    let millis = nanos / 1e6;
    let digits = if millis < 100.0 { 1 } else { 0 };
    format!("{millis:.digits$} ms")
}

fn number(ratio: f64) -> String {
    let digits = match ratio {
        ..10.0 => 2,
        ..100.0 => 1,
        _ => 0,
    };
    format!("{ratio:.digits$}")
}

fn facts(report: &Report, crates: Option<usize>) -> String {
    let fact = |name| report.facts.get(name).map_or("–", String::as_str);
    let crates = crates.map_or("–".to_string(), |crates| crates.to_string());
    let memory = match fact("peak").strip_suffix(" KiB").and_then(|kib| kib.parse::<f64>().ok()) {
        Some(kib) => format!("{:.1} MiB", kib / 1024.0),
        None => "–".to_string(),
    };
    format!(
        "{:>8}{:>8}{:>12}{memory:>12}{crates:>8}",
        fact("threads"),
        fact("cpu on"),
        fact("waits with"),
    )
}

/// The text in lines of [`WIDTH`], with the name in front of it.
fn beside(name: &str, text: &str) -> String {
    let mut lines = vec![format!("{name:NAME$}")];
    for paragraph in text.lines() {
        for word in paragraph.split_whitespace() {
            let last = lines.last_mut().expect("there is one from the start");
            let is_full = last.chars().count() + 1 + word.chars().count() > WIDTH;
            match is_full && last.len() > NAME {
                true => lines.push(format!("{:NAME$}{word} ", "")),
                false => *last += &format!("{word} "),
            }
        }
        lines.push(" ".repeat(NAME));
    }
    lines.pop();
    lines.iter().map(|line| format!("{}\n", line.trim_end())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contender::ALL;

    fn report(nanos: f64) -> Report {
        let took = || Part::Took { nanos, ratio: nanos / 1e6 };
        let facts = [
            ("threads", "128"),
            ("peak", "1048576 KiB"),
            ("cpu on", "128"),
            ("waits with", "io_uring"),
        ];
        Report {
            parts: [took(), took(), Part::Lacks("no sockets".to_string()), took()],
            facts: facts.map(|(name, value)| (name.to_string(), value.to_string())).into(),
        }
    }

    /// With the longest name, a time of a hundred seconds, and a long reason.
    #[test]
    fn all_lines_fit_a_terminal_of_80_columns() {
        let (slow, none) = (Ok(report(99_999.0 * 1e6)), Err("because ".repeat(30)));
        let reports = [&slow, &none];
        let rows = ALL.iter().zip(reports.into_iter().cycle());
        let rows: Vec<_> =
            rows.map(|(contender, report)| Row { contender, report, crates: Some(999) }).collect();
        let text = tables(&rows);
        for line in text.lines() {
            assert!(line.chars().count() <= WIDTH, "{line}");
        }
    }

    #[test]
    fn a_row_has_its_times_its_ratios_and_what_is_lacking() {
        let report = Ok(report(22_910_000.0));
        let text = tables(&[Row { contender: &ALL[0], report: &report, crates: None }]);
        let lines: Vec<_> = text.lines().collect();
        let took = "   22.9 ms  22.9";
        assert_eq!(lines[3], format!("tokio        {took}{took}      no sockets{took}"));
        assert_eq!(lines[8], "tokio             128     128    io_uring  1024.0 MiB       –");
        assert_eq!(lines[10], format!("tokio        {}", ALL[0].about));
    }

    #[test]
    fn the_reason_stands_below_what_is_known_of_it() {
        let none = Err("there is no go".to_string());
        let text = tables(&[Row { contender: &ALL[7], report: &none, crates: None }]);
        assert!(text.contains("go             does not run here: see below\n"), "{text}");
        assert!(
            text.ends_with("another compiler\n             Does not run here: there is no go\n"),
            "{text}"
        );
    }
}
