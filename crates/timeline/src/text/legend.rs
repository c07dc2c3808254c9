//! Explains the signs that are there.

use super::rows::{Line, Mark, Row};
use std::collections::BTreeSet;

pub(super) fn legend(rows: &[Row], width: usize) -> String {
    let marks: BTreeSet<_> =
        rows.iter().flat_map(|row| &row.action.marks).map(|(_, mark)| *mark).collect();
    let lines: BTreeSet<_> =
        rows.iter().flat_map(|row| &row.action.after).map(|(_, line)| *line).collect();
    let marks = marks.into_iter().filter_map(of_mark);
    let lines = lines.into_iter().filter_map(of_line);
    let mut legend = String::new();
    let mut used = 0;
    for entry in marks.chain(lines) {
        let wide = entry.chars().count();
        let gap = if used == 0 {
            ""
        } else if used + 3 + wide > width {
            "\n"
        } else {
            "   "
        };
        used = if gap == "\n" { wide } else { used + gap.len() + wide };
        legend.push_str(gap);
        legend.push_str(entry);
    }
    legend.push('\n');
    legend
}

fn of_mark(mark: Mark) -> Option<&'static str> {
    Some(match mark {
        Mark::Pending => "○ Pending",
        Mark::Ready => "● Ready",
        Mark::Panicked => "‼ panics",
        Mark::Dropped => "× dropped before it was ready",
        Mark::Spawned => "┑ spawned",
        Mark::Woken => "◀ ▶ ▼ woken",
        Mark::WokenByItself => "↻ woken by itself",
        Mark::Timer => "◷ timer",
        Mark::Held => "◆ taken",
        Mark::Free => "◇ free",
        Mark::Polled | Mark::Ended => return None,
    })
}

fn of_line(line: Line) -> Option<&'static str> {
    Some(match line {
        Line::Runnable => "│ to be polled",
        Line::Waiting => "┊ waits",
        Line::Polled => "┃ in its poll",
        Line::Gone | Line::Held | Line::Free | Line::Timer => return None,
    })
}
