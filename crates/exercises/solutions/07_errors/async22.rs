//! Guide 7.2 — `?` converts errors if there is a `From`.

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
        // This text does not repeat the cause: a report prints the whole chain.
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
    let port = text.trim().parse::<u16>()?;
    Ok(port)
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::future::ready;

    #[test]
    fn each_failure_says_what_it_is_and_why() {
        let load = |text: Option<&str>| paused(port(ready(text.map(String::from))));
        assert_eq!(load(Some(" 80\n")).unwrap(), 80);

        let missing = load(None).unwrap_err();
        assert_eq!(missing.to_string(), "there is no port");
        assert!(missing.source().is_none());

        let wrong = load(Some("eighty")).unwrap_err();
        assert_eq!(wrong.to_string(), "the port is not a number");
        let source = wrong.source().expect("the cause is there");
        assert_eq!(source.to_string(), "invalid digit found in string");
    }
}
