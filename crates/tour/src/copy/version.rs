//! Versions, as a `rust-version`, a manifest or a lock file has them.

use std::fmt;

/// `1.85` is `1.85.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u32; 3]);

impl Version {
    /// `None` if it is no version.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut parts = [0; 3];
        let release = typed.split(['-', '+']).next().unwrap_or_default();
        let words: Vec<&str> = release.split('.').collect();
        if words.len() > parts.len() {
            return None;
        }
        for (part, word) in parts.iter_mut().zip(words) {
            *part = word.parse().ok()?;
        }
        Some(Self(parts))
    }

    /// Cargo takes one for the other: the first number is the same, or, below 1, the first two.
    pub fn is_compatible(self, other: Self) -> bool {
        let Self([major, minor, _]) = self;
        let Self([other_major, other_minor, _]) = other;
        major == other_major && (major > 0 || minor == other_minor)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self([major, minor, _]) = self;
        write!(to, "{major}.{minor}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_as_numbers() {
        let version = |typed| Version::parse(typed).unwrap();
        assert!(version("1.85") < version("1.88.1") && version("1.100") > version("1.88"));
        assert_eq!(
            (version("1.85.0"), version("1.85").to_string()),
            (version("1.85"), "1.85".to_string())
        );
        assert_eq!(version("1.46.0-rc.1+x"), version("1.46"));
        assert_eq!((Version::parse("new"), Version::parse("1.2.3.4")), (None, None));
    }

    #[test]
    fn cargo_takes_versions_of_one_series_for_each_other() {
        let are =
            |one, other| Version::parse(one).unwrap().is_compatible(Version::parse(other).unwrap());
        assert!(are("1.2", "1.46") && are("0.7.1", "0.7.12"));
        assert!(!are("1.2", "2.0") && !are("0.6", "0.7") && !are("0.1", "1.1"));
    }
}
