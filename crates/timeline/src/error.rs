//! Why nothing can be recorded.

use std::fmt;
use tracing::level_filters::{LevelFilter, STATIC_MAX_LEVEL};

/// Nothing can be recorded. The message says which line to add, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Error {
    /// The program was built without `--cfg tokio_unstable`: Tokio reports nothing.
    NoCfg,
    /// A feature of `tracing` removes what Tokio reports from the program.
    NoLevel,
    /// A runtime is running already on this thread, and [`draw`](crate::draw) starts one.
    InsideRuntime,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Error::NoCfg => NO_CFG,
            Error::NoLevel => NO_LEVEL,
            Error::InsideRuntime => INSIDE_RUNTIME,
        })
    }
}

impl std::error::Error for Error {}

const NO_CFG: &str = r#"Tokio reports nothing, because this program was built without `--cfg tokio_unstable`

Add these lines to .cargo/config.toml, beside the Cargo.toml of your workspace:

    [build]
    rustflags = ["--cfg", "tokio_unstable"]

The variable RUSTFLAGS replaces them: if it is set, add `--cfg tokio_unstable` to it instead."#;

const NO_LEVEL: &str = "Tokio's reports have the level TRACE, and a feature of `tracing` removes that level from this program

Find the package that asks for it, and remove the feature from its Cargo.toml:

    cargo tree --edges features --invert tracing

Its name is `max_level_…` or, for release builds, `release_max_level_…`.";

const INSIDE_RUNTIME: &str =
    "timeline::draw starts a runtime of its own, and this thread is inside one already

Call it from a plain `#[test] fn`, not from `#[tokio::test] async fn`.";

/// Fails if this program cannot be recorded, however it is run.
pub(crate) fn check() -> Result<(), Error> {
    of(cfg!(tokio_unstable), STATIC_MAX_LEVEL)
}

fn of(has_cfg: bool, level: LevelFilter) -> Result<(), Error> {
    match (has_cfg, level) {
        (false, _) => Err(Error::NoCfg),
        (true, LevelFilter::TRACE) => Ok(()),
        (true, _) => Err(Error::NoLevel),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_names_the_line_to_add_and_where() {
        assert_eq!(of(false, LevelFilter::TRACE), Err(Error::NoCfg));
        let message = Error::NoCfg.to_string();
        assert!(message.contains(r#"rustflags = ["--cfg", "tokio_unstable"]"#), "{message}");
        assert!(message.contains(".cargo/config.toml"), "{message}");
        assert_eq!(of(true, LevelFilter::INFO), Err(Error::NoLevel));
        assert_eq!(of(true, LevelFilter::TRACE), Ok(()));
    }
}
