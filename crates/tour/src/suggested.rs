//! Words that the Tab key knows, and that may be wrong all the same.

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::Error;
use clap::{Arg, Command};
use std::ffi::OsStr;

/// Takes any string; the known ones only feed the completion scripts. What is wrong with a
/// string can be said better than clap would, with the near names in place of all of them.
#[derive(Clone)]
pub struct Suggested(Vec<&'static str>);

impl Suggested {
    /// Keeps the first of equal names: zsh would offer both.
    pub fn new(names: impl Iterator<Item = &'static str>) -> Self {
        let mut unique = Vec::new();
        names.for_each(|name| {
            if !unique.contains(&name) {
                unique.push(name);
            }
        });
        Self(unique)
    }
}

impl TypedValueParser for Suggested {
    type Value = String;

    fn parse_ref(
        &self,
        command: &Command,
        arg: Option<&Arg>,
        value: &OsStr,
    ) -> Result<String, Error> {
        StringValueParser::new().parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}
