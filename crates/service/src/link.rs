//! A link, as it is stored and as it is shown.

use serde::Serialize;
use std::time::{Duration, SystemTime};

/// What somebody wants to keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    pub id: i64,
    pub url: String,
    /// RFC 3339, in UTC.
    pub added: String,
    /// The last check, if there was one.
    pub checked: Option<Checked>,
}

/// When the link was asked for, and what came of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Checked {
    pub at: String,
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// What came of a check.
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
    let time = SystemTime::now().checked_sub(time).unwrap_or(SystemTime::UNIX_EPOCH);
    humantime::format_rfc3339_millis(time).to_string()
}
