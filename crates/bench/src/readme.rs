//! Writes what was measured between the marks of a README, with the machine and the date.

use crate::allocator;
use crate::contender::WORKERS;
use crate::figures::{Figures, Measured};
use crate::machine::{date, machine};
use crate::row::{self, Group, Row};
use crate::table::times;
use crate::workloads::GROUPS;
use std::fmt::Write;
use std::fs;
use std::path::Path;

const BEGIN: &str = "<!-- figures: scripts/bench --write -->\n";
const END: &str = "<!-- /figures -->";

/// Draws the plot beside it. Rows that were not measured this time stay as they are.
pub fn write(path: &str, figures: &[Figures], all: bool) -> Result<(), String> {
    let readme = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let parts = readme.split_once(BEGIN).and_then(|(above, rest)| {
        let (old, below) = rest.split_once(END)?;
        Some((above, old, below))
    });
    let (above, old, below) =
        parts.ok_or_else(|| format!("{path}: there is no `{}` or no `{END}`", BEGIN.trim()))?;
    let both = (0..allocator::NAMES.len()).map(|allocator| {
        let found = figures.iter().find(|figures| figures.allocator == allocator);
        found.ok_or_else(|| format!("there are no figures with {}", allocator::NAMES[allocator]))
    });
    let both: Vec<_> = both.collect::<Result<_, _>>()?;
    #[cfg(feature = "plot")]
    crate::plot::draw(path, figures)?;
    let drawn = Path::new(path).with_file_name("figures.svg").exists();
    let block = Block { old, both, all, drawn };
    let text = format!("{above}{BEGIN}{}{END}{below}", block.text()?);
    fs::write(path, text).map_err(|error| format!("{path}: {error}"))
}

struct Block<'a> {
    old: &'a str,
    /// By allocator.
    both: Vec<&'a Figures>,
    all: bool,
    /// The plot.
    drawn: bool,
}

impl Block<'_> {
    fn text(&self) -> Result<String, String> {
        let mut text = format!("\n{}\n", self.when_and_where()?);
        if self.drawn {
            text +=
                "\n![The time for each of a thousand to a million tasks and timers](figures.svg)\n";
        }
        for group in GROUPS {
            let at_rest = matches!(group.rows[0].measured, row::Measured::AtRest { .. });
            let (head, line) = match at_rest {
                true => (
                    "| at rest | | tiny-runtime | Tokio | smol |",
                    "| --- | --- | --: | --: | --: |",
                ),
                false => (
                    "| | | glibc | mimalloc | CPU | best peer | at least |",
                    "| --- | --- | --: | --: | --: | --: | --: |",
                ),
            };
            let head = head.replacen("| |", &format!("| {} |", group.title), usize::from(!at_rest));
            write!(text, "\n{head}\n{line}\n{}", self.lines(group))
                .expect("a string takes anything");
        }
        text.push('\n');
        Ok(text)
    }

    fn when_and_where(&self) -> Result<String, String> {
        let date = date()?;
        if self.all {
            return Ok(format!("Measured on {date}: {WORKERS} workers on {}.", machine()));
        }
        let names = self.both[0].rows.iter().map(|measured| format!("`{}`", measured.row));
        let mut names: Vec<_> = names.collect();
        names.dedup();
        let before = self.old.lines().find(|line| line.starts_with("Measured on ")).unwrap_or("");
        Ok(format!("{before} On {date} again: {}.", names.join(", ")).trim_start().into())
    }

    fn lines(&self, group: &Group) -> String {
        let mut lines = String::new();
        for row in group.rows {
            let measured = self.both[0].rows.iter().filter(|measured| measured.row == row.name);
            let new: String = measured.map(|measured| self.line(row, measured)).collect();
            let is_old = |line: &&str| line.starts_with(&format!("| `{}`", row.name));
            match new.is_empty() {
                true => {
                    self.old.lines().filter(is_old).for_each(|line| lines += &format!("{line}\n"))
                }
                false => lines += &new,
            }
        }
        lines
    }

    fn line(&self, row: &Row, measured: &Measured) -> String {
        let name = row.name;
        let what = match row.note {
            "" => row.what.into(),
            note => format!("{}: {note}", row.what),
        };
        if !measured.unit.is_empty() {
            let cells = ["tiny", "tokio", "smol"].map(|column| {
                measured.cell(column).map_or("–".into(), |cell| format!("{:.0}", cell.time))
            });
            return format!("| `{name}`, {} | {what} | {} |\n", measured.unit, cells.join(" | "));
        }
        let ratio = |figures: &Figures| {
            let measured = figures.rows.iter().find(|measured| measured.row == name);
            measured
                .and_then(|measured| measured.ratio("tokio"))
                .map_or("–".into(), |ratio| times(ratio.median))
        };
        let ratios: Vec<_> = self.both.iter().map(|figures| ratio(figures)).collect();
        let cpu = measured.cell("tokio").and_then(|cell| cell.cpu_ratio);
        let cpu = cpu.map_or("–".into(), |ratio| times(ratio.median));
        format!(
            "| `{name}` | {what} | {} | {cpu} | {} | {} |\n",
            ratios.join(" | "),
            peers(measured),
            at_least(row)
        )
    }
}

/// The fastest, and what is no peer but good to know.
fn peers(measured: &Measured) -> String {
    let beside = ["compio", "floor"];
    let beside = beside.into_iter().filter_map(|name| Some((name, measured.ratio(name)?.median)));
    let all = measured
        .best_peer()
        .into_iter()
        .chain(beside)
        .map(|(name, ratio)| format!("{} {name}", times(ratio)));
    match all.collect::<Vec<_>>() {
        none if none.is_empty() => "–".into(),
        some => some.join(", "),
    }
}

/// Returns what `--check` wants, with the tolerance.
fn at_least(row: &Row) -> String {
    let [system, mimalloc] = row.reach;
    let both =
        if system == mimalloc { format!("{system}") } else { format!("{system} / {mimalloc}") };
    format!("{both} − {:.0} %", row.tolerance * 100.0)
}
