//! Reads the words of the command line.

use crate::row::rows;

const USAGE: &str = "\
Usage: scripts/bench [--beside FOLDER] [--rows ROW,ROW…] [--quick | --rounds N] [--contender NAME]
                     [--check] [--write README]

  --beside FOLDER   adds the tiny-runtime of another working copy, and compares with it; comes first
  --rows ROW,ROW…   these rows alone
  --quick           at most 5 rounds instead of 200: to see that it runs
  --rounds N        at most N rounds instead of 200
  --contender NAME  this column alone: for a profiler
  --check           ends with 1 if a row does not reach what the README promises
  --write README    writes the figures into that of tiny-runtime, and the plot beside it

A row ends after its rounds, or after 2.5 seconds and at least three rounds.
The script lets a binary with each allocator run, which keeps what it measures:

  --save FILE       keeps the figures
  --from FILE       checks or writes what was kept before, and measures nothing";

pub const COLUMNS: &[&str] = &[
    "tiny",
    #[cfg(beside)]
    "beside",
    "tokio",
    "smol",
    "executor",
    "futures",
    #[cfg(feature = "io-uring")]
    "compio",
    "floor",
];

#[derive(Default)]
pub struct Options {
    pub rounds: usize,
    /// All, if there are none.
    rows: Vec<String>,
    /// All, if there is none.
    pub contender: Option<String>,
    pub check: bool,
    /// A README.
    pub write: Option<String>,
    pub save: Option<String>,
    pub from: Vec<String>,
}

impl Options {
    /// Reads the options. Returns none if the words ask for the usage.
    pub fn read(words: impl IntoIterator<Item = String>) -> Result<Option<Self>, String> {
        let mut options = Self { rounds: 200, ..Self::default() };
        let mut words = words.into_iter();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or(format!("{word} wants a value\n\n{USAGE}"));
            match &*word {
                "--quick" => options.rounds = 5,
                "--rounds" => match value()?.parse() {
                    Ok(rounds @ 1..) => options.rounds = rounds,
                    _ => return Err("--rounds wants a number from 1".into()),
                },
                "--rows" => {
                    for name in value()?.split(',') {
                        known("row", name, &names())?;
                        options.rows.push(name.into());
                    }
                }
                "--contender" => {
                    let name = value()?;
                    known("column", &name, COLUMNS)?;
                    options.contender = Some(name);
                }
                "--check" => options.check = true,
                "--write" => options.write = Some(value()?),
                "--save" => options.save = Some(value()?),
                "--from" => options.from.push(value()?),
                "--help" => return Ok(None),
                "--beside" => return Err("--beside FOLDER comes before the other options".into()),
                _ => return Err(format!("{}\n\n{USAGE}", unknown("option", &word, &OPTIONS))),
            }
        }
        if options.write.is_some() && (options.contender.is_some() || cfg!(beside)) {
            return Err("--write wants neither --contender nor --beside".into());
        }
        Ok(Some(options))
    }

    pub fn help() -> String {
        format!("{USAGE}\n\nRows: {}\nColumns: {}", names().join(", "), COLUMNS.join(", "))
    }

    pub fn wants(&self, row: &str) -> bool {
        self.wants_all() || self.rows.iter().any(|wanted| wanted == row)
    }

    pub fn wants_all(&self) -> bool {
        self.rows.is_empty()
    }
}

const OPTIONS: [&str; 9] = [
    "--beside",
    "--rows",
    "--quick",
    "--rounds",
    "--contender",
    "--check",
    "--write",
    "--save",
    "--from",
];

fn names() -> Vec<&'static str> {
    rows().map(|row| row.name).collect()
}

fn known(kind: &str, name: &str, all: &[&str]) -> Result<(), String> {
    if all.contains(&name) {
        return Ok(());
    }
    Err(unknown(kind, name, all))
}

/// Names what is near, or else all.
fn unknown(kind: &str, name: &str, all: &[&str]) -> String {
    let likeness = |known: &str| strsim::jaro_winkler(name, known);
    let mut near: Vec<_> = all.iter().copied().filter(|known| likeness(known) > 0.8).collect();
    near.sort_by(|one, other| likeness(other).total_cmp(&likeness(one)));
    near.truncate(3);
    match near[..] {
        [] => format!("there is no {kind} {name}; there are: {}", all.join(", ")),
        _ => format!("there is no {kind} {name}; near it: {}", near.join(", ")),
    }
}
