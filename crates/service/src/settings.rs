//! The settings: read once from the environment. Every wrong value is named.

use crate::variables::*;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use std::ffi::OsString;
use std::fmt::{self, Display, Formatter};
use std::net::SocketAddr;
use std::path::Path;
use std::str::FromStr;
use std::time::Duration;
use tracing_subscriber::filter::Targets;
use url::Url;

/// How the service runs.
#[derive(Clone, Debug)]
pub struct Settings {
    pub listen: SocketAddr,
    pub database: Database,
    /// `None` for no checks.
    pub check_every: Option<Duration>,
    pub checks_at_once: usize,
    pub check_limit: Duration,
    pub check_private: bool,
    pub drain_limit: Duration,
    pub request_limit: Duration,
    pub requests_at_once: usize,
    /// Where spans go. `None` for nowhere.
    pub otlp: Option<String>,
    pub logs: Targets,
}

/// Where the links are.
#[derive(Clone, Debug)]
pub enum Database {
    Sqlite(SqliteConnectOptions),
    Postgres(PgConnectOptions),
}

/// Where it is, without its password.
impl Display for Database {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Database::Sqlite(options) => write!(f, "{}", options.get_filename().display()),
            Database::Postgres(options) => {
                write!(f, "{}:{}", options.get_host(), options.get_port())
            }
        }
    }
}

/// Reads the variables, and collects a line for each wrong one.
struct Reader<'a> {
    get: &'a dyn Fn(&str) -> Option<OsString>,
    wrong: Vec<String>,
}

impl Reader<'_> {
    /// Reads one. A variable that is empty counts as not set.
    fn read<T>(&mut self, variable: Variable, parse: impl Fn(&str) -> Option<T>) -> Option<T> {
        let Variable { name, default, allowed, .. } = variable;
        let value = (self.get)(name).filter(|value| !value.is_empty());
        let value = value.unwrap_or_else(|| default.into());
        let parsed = value.to_str().and_then(parse);
        if parsed.is_none() {
            // The address of a database holds a password.
            let value = match name {
                "DATABASE_URL" => "not an address of a database".to_owned(),
                _ => format!("{value:?}"),
            };
            self.wrong.push(format!("{name} is {value}: allowed: {allowed}"));
        }
        parsed
    }
}

impl Settings {
    /// Reads them through `get`.
    ///
    /// # Errors
    ///
    /// One line for each wrong value. It says what is allowed.
    pub fn read(get: &dyn Fn(&str) -> Option<OsString>) -> Result<Self, Vec<String>> {
        let mut reader = Reader { get, wrong: Vec::new() };
        let listen = reader.read(LISTEN, |value| value.parse().ok());
        let database = reader.read(DATABASE_URL, database);
        let check_every = reader.read(CHECK_EVERY, |value| match value {
            "off" => Some(None),
            _ => time(value).map(Some),
        });
        let checks_at_once = reader.read(CHECKS_AT_ONCE, |value| number(value, 1000));
        let check_limit = reader.read(CHECK_LIMIT, time);
        let check_private = reader.read(CHECK_PRIVATE, yes_or_no);
        let drain_limit = reader.read(DRAIN_LIMIT, time);
        let request_limit = reader.read(REQUEST_LIMIT, time);
        let requests_at_once = reader.read(REQUESTS_AT_ONCE, |value| number(value, 100_000));
        let otlp = reader.read(OTLP, |value| match value {
            "" => Some(None),
            _ => endpoint(value).map(Some),
        });
        let logs = reader.read(RUST_LOG, |value| value.parse().ok());
        let settings = (|| {
            Some(Self {
                listen: listen?,
                database: database?,
                check_every: check_every?,
                checks_at_once: checks_at_once?,
                check_limit: check_limit?,
                check_private: check_private?,
                drain_limit: drain_limit?,
                request_limit: request_limit?,
                requests_at_once: requests_at_once?,
                otlp: otlp?,
                logs: logs?,
            })
        })();
        settings.ok_or(reader.wrong)
    }
}

fn time(value: &str) -> Option<Duration> {
    let day = Duration::from_secs(24 * 60 * 60);
    humantime::parse_duration(value)
        .ok()
        .filter(|time| (Duration::from_millis(1)..=day).contains(time))
}

fn yes_or_no(value: &str) -> Option<bool> {
    match value {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    }
}

fn number(value: &str, most: usize) -> Option<usize> {
    value.parse().ok().filter(|number| (1..=most).contains(number))
}

fn database(value: &str) -> Option<Database> {
    match value.split_once(':')?.0 {
        // An option may ask for a database in memory, which is lost at the end.
        "sqlite" if !value.contains('?') => {
            let options = SqliteConnectOptions::from_str(value).ok()?;
            lasts(options.get_filename()).then_some(Database::Sqlite(options))
        }
        // Without a host, it would be that of `PGHOST`, or this machine.
        "postgres" | "postgresql" => {
            let url = Url::parse(value).ok()?;
            url.host_str().filter(|host| !host.is_empty())?;
            PgConnectOptions::from_str(value).ok().map(Database::Postgres)
        }
        _ => None,
    }
}

/// Returns whether this is a file: SQLite has names for a database in memory or a temporary one, and
/// takes options in a URI.
fn lasts(file: &Path) -> bool {
    let name = file.as_os_str().to_string_lossy();
    !name.is_empty() && !name.starts_with(":memory:") && !name.starts_with("file:")
}

fn endpoint(value: &str) -> Option<String> {
    let url = Url::parse(value).ok().filter(|url| url.scheme() == "http" && url.has_host())?;
    Some(url.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Settings, Vec<String>> {
        Settings::read(&|name| {
            set.iter().find(|(key, _)| *key == name).map(|(_, value)| value.into())
        })
    }

    #[test]
    fn nothing_has_to_be_set_and_empty_is_not_set() {
        for set in [&[][..], &[("LISTEN", ""), ("OTEL_EXPORTER_OTLP_ENDPOINT", "")]] {
            let settings = read(set).unwrap();
            assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
            assert_eq!(settings.check_every, Some(Duration::from_secs(300)));
            assert_eq!(settings.otlp, None);
            assert!(matches!(settings.database, Database::Sqlite(_)));
        }
    }

    #[test]
    fn every_wrong_value_is_named_with_what_is_allowed() {
        let wrong = ALL.map(|variable| (variable.name, "\u{7}=?"));
        let lines = read(&wrong).unwrap_err();
        assert_eq!(lines.len(), ALL.len());
        for (line, Variable { name, allowed, .. }) in lines.iter().zip(ALL) {
            assert!(line.starts_with(&format!("{name} is ")), "{line}");
            assert!(line.ends_with(&format!(": allowed: {allowed}")), "{line}");
        }
    }

    #[test]
    fn a_password_is_not_repeated() {
        let lines = read(&[("DATABASE_URL", "mysql://me:secret@there/links")]).unwrap_err();
        assert!(!lines.concat().contains("secret"), "{lines:?}");
    }

    #[test]
    fn times_and_numbers_have_bounds() {
        for (name, value) in [
            ("DRAIN_LIMIT", "0s"),
            ("DRAIN_LIMIT", "2days"),
            ("REQUEST_LIMIT", "off"),
            ("CHECKS_AT_ONCE", "0"),
            ("REQUESTS_AT_ONCE", "100001"),
            ("DATABASE_URL", "sqlite::memory:"),
            ("DATABASE_URL", "sqlite:"),
        ] {
            assert_eq!(read(&[(name, value)]).unwrap_err().len(), 1, "{name}={value}");
        }
        assert_eq!(read(&[("CHECK_EVERY", "off")]).unwrap().check_every, None);
    }
}
