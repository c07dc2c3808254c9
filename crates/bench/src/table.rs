//! Measures the rows, and prints each as soon as it is there.

use crate::allocator;
use crate::contender::WORKERS;
use crate::figures::{Cell, Figures, Measured};
use crate::measure::{Ready, Spread, compare};
use crate::options::{COLUMNS, Options};
use crate::row::{self, Row, rows};
use crate::workloads::FLOORS;
use std::process::Command;
use std::time::Duration;

/// A row is measured no longer, unless three rounds take more.
const TIME: Duration = Duration::from_millis(2_500);

/// The column whose time is divided by tiny-runtime's.
const REFERENCE: &str = if cfg!(beside) { "beside" } else { "tokio" };

/// Measures the rows that are wanted, and prints each. Leaves out a row that needs more than `files` open files.
pub fn table(options: &Options, files: u64) -> Figures {
    let allocator = allocator::THIS;
    print_head(allocator);
    let (mut measured, mut faster) = (Vec::new(), Vec::new());
    for row in rows().filter(|row| options.wants(row.name)) {
        if row.files > files {
            println!(
                "| {} wants {} open files, and `ulimit -Hn` is {files} |",
                row.name, row.files
            );
            continue;
        }
        // Other work of the machine may have been in the way: a row that is below gets three chances.
        let mut left = if options.check { 3 } else { 1 };
        let lines = loop {
            left -= 1;
            let lines = measure(row, options);
            if left == 0 || lines.iter().all(|line| reaches(row, line, allocator)) {
                break lines;
            }
        };
        for line in &lines {
            print(row, line, allocator);
            faster.extend(faster_peer(row, line));
        }
        measured.extend(lines);
    }
    if !faster.is_empty() {
        println!("\nA peer is faster:\n\n{}", faster.join("\n"));
    }
    Figures { allocator, rows: measured }
}

fn print_head(allocator: usize) {
    println!("## With {}, {WORKERS} workers\n", allocator::NAMES[allocator]);
    println!(
        "Ratio: {REFERENCE}'s time divided by tiny-runtime's, in the same round, median (quartiles); `!`: below the limit."
    );
    println!(
        "Of each runtime: time an operation / CPU time an operation of all its threads, medians; its time divided by tiny-runtime's.\n"
    );
    let cells: String = COLUMNS.iter().map(|name| format!(" {name:>22} |")).collect();
    line("row", "limit", "time ratio", "CPU ratio", &cells);
    let dashes = |width| "-".repeat(width);
    let columns = format!("{}:|", dashes(23)).repeat(COLUMNS.len());
    println!("|{}|{}:|{}:|{}:|{columns}", dashes(30), dashes(6), dashes(21), dashes(21));
}

/// Names the fastest peer if it is faster, with the row's note.
fn faster_peer(row: &Row, measured: &Measured) -> Option<String> {
    let (peer, ratio) = measured.best_peer()?;
    let note = if row.note.is_empty() { "no note says why" } else { row.note };
    let is_faster = ratio < 1.0 - row.tolerance;
    is_faster.then(|| format!("- {}: {peer} takes {} of the time; {note}", row.name, times(ratio)))
}

fn measure(row: &Row, options: &Options) -> Vec<Measured> {
    let wanted = |name: &str| options.contender.as_deref().is_none_or(|wanted| wanted == name);
    match &row.measured {
        row::Measured::InTurn(contenders) => {
            let mut contenders = contenders();
            let floors = FLOORS.iter().filter(|(name, _)| *name == row.name);
            contenders.extend(floors.map(|(_, floor)| Ready { name: "floor", round: floor() }));
            contenders.retain(|contender| wanted(contender.name));
            let cells = compare(contenders, options.rounds, TIME);
            Vec::from([Measured { row: row.name.into(), unit: String::new(), cells }])
        }
        row::Measured::AtRest { units, contenders } => {
            let names = contenders().into_iter().map(|(name, _)| name).filter(|name| wanted(name));
            let figures: Vec<_> = names.map(|name| (name, ask(row.name, name))).collect();
            let units = units.iter().enumerate().filter(|(_, unit)| !unit.is_empty());
            units.map(|(index, unit)| at_rest(row.name, unit, &figures, index)).collect()
        }
    }
}

fn at_rest(row: &str, unit: &str, figures: &[(&str, [f64; 2])], index: usize) -> Measured {
    let tiny = figures.iter().find(|(name, _)| *name == "tiny");
    let cell = |(name, figures): &(&str, [f64; 2])| {
        let figure = figures[index];
        // Less than half a unit is nothing.
        let ratio = tiny.map(|(_, tiny)| figure.max(0.5) / tiny[index].max(0.5));
        let spread = ratio.map(|ratio| Spread { first: ratio, median: ratio, third: ratio });
        Cell { column: (*name).into(), time: figure, cpu: figure, ratio: spread, cpu_ratio: None }
    };
    Measured { row: row.into(), unit: unit.into(), cells: figures.iter().map(cell).collect() }
}

/// Starts a process that measures, and returns its two figures.
fn ask(row: &str, contender: &str) -> [f64; 2] {
    let this = std::env::current_exe().expect("it runs");
    let output = Command::new(this).args(["--at-rest", row, contender]).output();
    let output = output.expect("processes can be started");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).expect("numbers are");
    let mut figures = text.split_whitespace().map(|figure| figure.parse().expect("a number"));
    [0, 1].map(|_| figures.next().expect("two numbers"))
}

/// Measures in the process that `ask` has started, and prints the two figures.
pub fn figure(name: &str, contender: &str) {
    let row = rows().find(|row| row.name == name).expect("asked by `ask`");
    let row::Measured::AtRest { contenders, .. } = row.measured else {
        panic!("asked by `ask`");
    };
    let contenders = contenders();
    let (_, measure) = contenders.iter().find(|(name, _)| *name == contender).expect("same");
    let [first, second] = measure();
    println!("{first} {second}");
}

/// Returns whether a row keeps what the README promises: its ratio to Tokio is not below the row's limit.
/// Beside another version, that one may be faster in one round of four at most.
pub fn reaches(row: &Row, measured: &Measured, allocator: usize) -> bool {
    measured.ratio(REFERENCE).is_none_or(|ratio| match cfg!(beside) {
        true => ratio.third >= 1.0,
        false => ratio.median >= row.limit(allocator),
    })
}

fn print(row: &Row, measured: &Measured, allocator: usize) {
    let reference = measured.cell(REFERENCE);
    let missed = if reaches(row, measured, allocator) { "" } else { "! " };
    let ratio = reference.and_then(|cell| cell.ratio).map_or("–".into(), spread);
    let cpu_ratio = reference.and_then(|cell| cell.cpu_ratio).map_or("–".into(), spread);
    let cells = COLUMNS.iter().map(|name| {
        let cell = measured.cell(name).map_or("–".into(), |cell| text(cell, &measured.unit));
        format!(" {cell:>22} |")
    });
    let name = match &*measured.unit {
        "" => row.name.into(),
        unit => format!("{}, {unit}", row.name),
    };
    let limit = if cfg!(beside) { 1.0 } else { row.limit(allocator) };
    let cells: String = cells.collect();
    line(&name, &format!("{limit:.2}"), &format!("{missed}{ratio}"), &cpu_ratio, &cells);
}

fn line(name: &str, limit: &str, ratio: &str, cpu_ratio: &str, cells: &str) {
    println!("| {name:28} | {limit:>5} | {ratio:>20} | {cpu_ratio:>20} |{cells}");
}

pub fn times(ratio: f64) -> String {
    let digits = if ratio < 10.0 { 2 } else { 0 };
    format!("{ratio:.digits$}")
}

fn spread(Spread { first, median, third }: Spread) -> String {
    let digits = if median < 10.0 { 2 } else { 0 };
    format!("{median:.digits$} ({first:.digits$}–{third:.digits$})")
}

fn text(cell: &Cell, unit: &str) -> String {
    let ratio = match cell.ratio {
        Some(ratio) if cell.column != "tiny" => format!("  {}", times(ratio.median)),
        _ => String::new(),
    };
    if !unit.is_empty() {
        return format!("{:.0}{ratio}", cell.time);
    }
    // Both in the unit of the longer.
    let (name, nanos) = match cell.time.max(cell.cpu) {
        ..1_000.0 => ("ns", 1.0),
        ..1_000_000.0 => ("µs", 1e3),
        _ => ("ms", 1e6),
    };
    let digits = if nanos > 1.0 { 1 } else { 0 };
    format!("{:.digits$} / {:.digits$} {name}{ratio}", cell.time / nanos, cell.cpu / nanos)
}
