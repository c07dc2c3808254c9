//! Wrong: converts, and hides the cause.

use std::error::Error;
use std::fmt;
use std::num::ParseIntError;

#[derive(Debug)]
enum LoadError {
    Missing,
    Parse(ParseIntError),
}

impl From<ParseIntError> for LoadError {
    fn from(error: ParseIntError) -> Self {
        Self::Parse(error)
    }
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("there is no port"),
            Self::Parse(_) => f.write_str("the port is not a number"),
        }
    }
}

impl Error for LoadError {}

async fn port(fetched: impl Future<Output = Option<String>>) -> Result<u16, LoadError> {
    let text = fetched.await.ok_or(LoadError::Missing)?;
    let port = text.trim().parse::<u16>()?;
    Ok(port)
}
