//! Wrong: says of every error that the port is missing.

use std::error::Error;
use std::fmt;
use std::num::ParseIntError;

#[derive(Debug)]
enum LoadError {
    Missing,
    Parse(ParseIntError),
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no port"),
            Self::Parse(_) => f.write_str("the port is not a number"),
        }
    }
}

impl Error for LoadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Missing => None,
            Self::Parse(error) => Some(error),
        }
    }
}

async fn port(fetched: impl Future<Output = Option<String>>) -> Result<u16, LoadError> {
    let text = fetched.await.ok_or(LoadError::Missing)?;
    text.trim().parse().map_err(|_| LoadError::Missing)
}
