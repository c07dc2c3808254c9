//! tiny-runtime beside Tokio, smol and futures' thread pool: the same workloads in turns, and the
//! ratios of neighbouring rounds, so that what else the machine does concerns all alike.
//!
//! `scripts/bench` builds and starts this.

mod allocator;
mod contender;
mod measure;
mod workloads;

use contender::WORKERS;
use measure::{Ready, Sample, Spread, compare};
use std::process::{Command, exit};
use workloads::{AT_REST, FLOORS, Rest, WORKLOADS, Workload};

const USAGE: &str = "\
Usage: scripts/bench [--quick | --rounds N] [--only ROW]... [--contender NAME]

  --quick           5 rounds instead of 25: to see that it runs
  --rounds N        N rounds instead of 25
  --only ROW        this row alone
  --contender NAME  this column alone: for a profiler";

struct Options {
    rounds: usize,
    /// All, if there are none.
    only: Vec<String>,
    /// All, if there is none.
    contender: Option<String>,
}

fn main() {
    let words: Vec<_> = std::env::args().skip(1).collect();
    if let [at_rest, name, contender] = &words[..]
        && at_rest == "--at-rest"
    {
        return figure(name, contender);
    }
    let options = Options::read(words).unwrap_or_else(|error| {
        eprintln!("error: {error}");
        exit(2);
    });
    table(&options);
}

impl Options {
    fn read(words: Vec<String>) -> Result<Self, String> {
        let mut options = Self { rounds: 25, only: Vec::new(), contender: None };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            match &*word {
                "--quick" => options.rounds = 5,
                "--rounds" => match words.next().map(|word| word.parse()) {
                    Some(Ok(rounds @ 1..)) => options.rounds = rounds,
                    _ => return Err("--rounds wants a number from 1".into()),
                },
                "--only" => match words.next() {
                    Some(name) if names().any(|known| known == name) => options.only.push(name),
                    Some(name) => return Err(format!("there is no {name}; there are: {}", list())),
                    None => return Err(format!("--only wants one of: {}", list())),
                },
                "--contender" => match words.next() {
                    Some(name) if COLUMNS.contains(&&*name) => options.contender = Some(name),
                    _ => return Err(format!("--contender wants one of: {}", COLUMNS.join(", "))),
                },
                "--help" => {
                    println!("{USAGE}\n\nRows: {}", list());
                    exit(0);
                }
                _ => return Err(format!("{word} is unknown\n\n{USAGE}\n\nRows: {}", list())),
            }
        }
        Ok(options)
    }

    fn want(&self, name: &str) -> bool {
        self.only.is_empty() || self.only.iter().any(|only| only == name)
    }
}

fn names() -> impl Iterator<Item = &'static str> {
    WORKLOADS.iter().map(|workload| workload.name).chain(AT_REST.iter().map(|rest| rest.name))
}

fn list() -> String {
    names().collect::<Vec<_>>().join(", ")
}

const COLUMNS: [&str; 5] = ["tiny", "tokio", "smol", "futures", "floor"];

fn table(options: &Options) {
    println!("## With {}, {WORKERS} workers, {} rounds\n", allocator::NAME, options.rounds);
    println!(
        "Ratio: Tokio's time divided by tiny-runtime's, in the same round, median (quartiles); `!`: below the limit."
    );
    println!(
        "Of each runtime: time an operation / CPU time an operation of all its threads, medians.\n"
    );
    row("workload", "reach", "time ratio", "CPU ratio", &COLUMNS.map(String::from));
    let line = |width| "-".repeat(width);
    let contenders = format!("{}:|", line(16)).repeat(COLUMNS.len());
    println!("|{}|{}:|{}:|{}:|{contenders}", line(26), line(6), line(21), line(21));
    for workload in WORKLOADS.iter().filter(|workload| options.want(workload.name)) {
        measure(workload, options);
    }
    for rest in AT_REST.iter().filter(|rest| options.want(rest.name)) {
        at_rest(rest);
    }
}

fn row(name: &str, reach: &str, ratio: &str, cpu_ratio: &str, contenders: &[String; 5]) {
    let contenders: String = contenders.iter().map(|cell| format!(" {cell:>15} |")).collect();
    println!("| {name:24} | {reach:>5} | {ratio:>20} | {cpu_ratio:>20} |{contenders}");
}

fn measure(workload: &Workload, options: &Options) {
    let rounds = (options.rounds / workload.rounds_less).max(options.rounds.min(3));
    let mut contenders = (workload.contenders)();
    let floors = FLOORS.iter().filter(|(name, _)| *name == workload.name);
    contenders.extend(floors.map(|(_, floor)| Ready { name: "floor", round: floor() }));
    if let Some(wanted) = &options.contender {
        contenders.retain(|contender| contender.name == wanted);
    }
    let result = compare(contenders, rounds);
    let cells = COLUMNS.map(|name| {
        let found = result.contenders.iter().find(|contender| contender.0 == name);
        found.map_or("–".into(), |(_, sample)| durations(*sample))
    });
    let missed = if result.ratio.median < workload.reach { "! " } else { "" };
    let ratio = format!("{missed}{}", spread(result.ratio));
    row(workload.name, &format!("≥ {}", workload.reach), &ratio, &spread(result.cpu_ratio), &cells);
}

fn spread(Spread { first, median, third }: Spread) -> String {
    if median.is_nan() {
        return "–".into();
    }
    let digits = if median < 10.0 { 2 } else { 0 };
    format!("{median:.digits$} ({first:.digits$}–{third:.digits$})")
}

/// Both in the unit of the longer.
fn durations(Sample { time, cpu }: Sample) -> String {
    let (unit, nanos) = match time.max(cpu) {
        ..1_000.0 => ("ns", 1.0),
        ..1_000_000.0 => ("µs", 1e3),
        _ => ("ms", 1e6),
    };
    let digits = if nanos > 1.0 { 1 } else { 0 };
    format!("{:.digits$} / {:.digits$} {unit}", time / nanos, cpu / nanos)
}

/// Asks a process each: what one contender has allocated would be there for the next.
fn at_rest(rest: &Rest) {
    let figures: Vec<_> =
        rest.contenders.iter().map(|(contender, _)| ask(rest, contender)).collect();
    for (index, unit) in rest.unit.iter().enumerate().filter(|(_, unit)| !unit.is_empty()) {
        let [tiny, tokio] = [figures[0][index], figures[1][index]];
        let cells = [0, 1, 2, 3, 4].map(|contender: usize| {
            figures.get(contender).map_or("–".into(), |figures| format!("{:.0}", figures[index]))
        });
        // Less than half a unit is nothing.
        let missed = if tiny > tokio.max(0.5) { "! " } else { "" };
        let ratio = if tokio.max(tiny) < 0.5 {
            "–".into()
        } else {
            format!("{missed}{:.2}", tokio / tiny)
        };
        row(&format!("{}, {unit}", rest.name), "≥ 1", &ratio, "–", &cells);
    }
}

fn ask(rest: &Rest, contender: &str) -> [f64; 2] {
    let this = std::env::current_exe().expect("it runs");
    let output = Command::new(this).args(["--at-rest", rest.name, contender]).output();
    let output = output.expect("processes can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("numbers are");
    let mut figures = text.split_whitespace().map(|figure| figure.parse().expect("a number"));
    [0, 1].map(|_| figures.next().expect("two numbers"))
}

fn figure(name: &str, contender: &str) {
    let rest = AT_REST.iter().find(|rest| rest.name == name).expect("asked by `ask`");
    let (_, measure) = rest.contenders.iter().find(|(name, _)| *name == contender).expect("same");
    let [first, second] = measure();
    println!("{first} {second}");
}
