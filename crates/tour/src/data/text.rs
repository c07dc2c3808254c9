//! A text of the data, which stays until the process ends.

use serde::{Deserialize, Deserializer};

/// Without the newline before the closing quotes, and with lines that end with `\n` whatever a
/// checkout has made of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Text(pub &'static str);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?.replace("\r\n", "\n");
        let text: &str = text.leak();
        Ok(Self(text.strip_suffix('\n').unwrap_or(text)))
    }
}
