//! A link, as it is stored and as it is shown.

use serde::Serialize;
use std::time::{Duration, SystemTime};

/// An address that somebody wants to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    pub id: i64,
    pub url: String,
    /// RFC 3339, in UTC.
    pub added: String,
    /// The last check, if there was one.
    pub checked: Option<Checked>,
}

/// When the link was asked for, and the result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub at: String,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// The result of a check.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The server answered with this status.
    Status(u16),
    /// There was no answer.
    Error(String),
}

/// The columns `id, url, added, checked, status, error`.
pub type Row = (i64, String, String, Option<String>, Option<i32>, Option<String>);

impl From<Row> for Link {
    fn from((id, url, added, checked, status, error): Row) -> Self {
        let checked = checked.map(|at| {
            let status = status.and_then(|status| u16::try_from(status).ok());
            let outcome =
                status.map_or_else(|| Outcome::Error(error.unwrap_or_default()), Outcome::Status);
            Checked { at, outcome }
        });
        Self { id, url, added, checked }
    }
}

/// Returns the time as the tables have it.
pub fn now() -> String {
    ago(Duration::ZERO)
}

/// Returns the time before now, as the tables have it.
pub fn ago(time: Duration) -> String {
    shown(SystemTime::now().checked_sub(time))
}

/// Returns the time after now, as the tables have it.
pub fn later(time: Duration) -> String {
    shown(SystemTime::now().checked_add(time))
}

/// A machine without a clock begins in 1970, and humantime panics before it.
fn shown(time: Option<SystemTime>) -> String {
    let time = time.unwrap_or(SystemTime::UNIX_EPOCH).max(SystemTime::UNIX_EPOCH);
    humantime::format_rfc3339_millis(time).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_stands_at_its_beginning_is_no_panic() {
        for long in [Duration::from_secs(100 * 365 * 86_400), Duration::MAX] {
            assert_eq!(ago(long), "1970-01-01T00:00:00.000Z");
        }
        assert!(later(Duration::from_secs(86_400)) > now());
    }
}
