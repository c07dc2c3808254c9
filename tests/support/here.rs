//! What a README shows, as it is on this platform.
//!
//! A block shows what is printed on Linux. Below it may stand a table of the lines that are others
//! elsewhere, each in backticks, `–` for none:
//!
//! ```text
//! | on Unix | elsewhere |
//! | --- | --- |
//! | `four lines` | `one line` |
//! | `of Unix` | – |
//! ```

const ELSEWHERE: &str = " | elsewhere |";

/// A table, and whether its block holds here as it stands.
pub struct Table<'a> {
    pub holds: bool,
    /// The line of the block, and the one in its place elsewhere.
    pub lines: Vec<(&'a str, Option<&'a str>)>,
}

/// The README with the lines of this platform.
pub fn here(readme: &str) -> String {
    let tables = tables(readme);
    let others = tables.iter().filter(|table| !table.holds);
    others.fold(readme.to_string(), |text, table| elsewhere(&text, table))
}

/// The README with the other lines of a table.
pub fn elsewhere(readme: &str, table: &Table<'_>) -> String {
    table.lines.iter().fold(readme.to_string(), |text, (line, other)| {
        let other = other.map(|other| format!("{other}\n")).unwrap_or_default();
        text.replacen(&format!("\n{line}\n"), &format!("\n{other}"), 1)
    })
}

pub fn tables(readme: &str) -> Vec<Table<'_>> {
    let headers = readme.match_indices(ELSEWHERE).map(|(end, _)| {
        let start = readme[..end].rfind('\n').map_or(0, |line| line + 1);
        let condition = readme[start..end].strip_prefix("| on ").expect("`| on PLATFORM |`");
        // The rule below the header is no row.
        let rows = readme[end + ELSEWHERE.len()..].lines().skip(2);
        let rows = rows.take_while(|row| row.starts_with('|'));
        Table { holds: holds(condition), lines: rows.map(row).collect() }
    });
    headers.collect()
}

fn holds(condition: &str) -> bool {
    let known = cfg!(any(target_arch = "aarch64", target_arch = "x86_64"));
    match condition {
        "Unix" => cfg!(unix),
        "Linux" => cfg!(target_os = "linux"),
        "Linux, aarch64 or x86_64" => cfg!(target_os = "linux") && known,
        "64 bits" => cfg!(target_pointer_width = "64"),
        other => panic!("no platform {other:?}"),
    }
}

fn row(row: &str) -> (&str, Option<&str>) {
    let cells = row.strip_prefix("| ").and_then(|row| row.strip_suffix(" |"));
    let (line, other) = cells.and_then(|cells| cells.split_once(" | ")).expect("two cells");
    let line = code(line).expect("a line in backticks");
    (line, code(other).or_else(|| (other != "–").then(|| panic!("not a line: {other}"))))
}

fn code(cell: &str) -> Option<&str> {
    cell.strip_prefix('`')?.strip_suffix('`')
}
