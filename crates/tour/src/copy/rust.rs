//! Versions of the compiler, as `rust-version` has them.

use std::fmt;

/// `1.85` is `1.85.0`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Rust([u32; 3]);

impl Rust {
    /// `None` if it is no version.
    pub fn parse(typed: &str) -> Option<Self> {
        let mut parts = [0; 3];
        let words: Vec<&str> = typed.split('.').collect();
        if words.len() > parts.len() {
            return None;
        }
        for (part, word) in parts.iter_mut().zip(words) {
            *part = word.parse().ok()?;
        }
        Some(Self(parts))
    }
}

impl fmt::Display for Rust {
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
        let rust = |typed| Rust::parse(typed).unwrap();
        assert!(rust("1.85") < rust("1.88.1") && rust("1.100") > rust("1.88"));
        assert_eq!((rust("1.85.0"), rust("1.85").to_string()), (rust("1.85"), "1.85".to_string()));
        assert_eq!((Rust::parse("new"), Rust::parse("1.2.3.4")), (None, None));
    }
}
