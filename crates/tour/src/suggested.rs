//! Words that the Tab key knows, and that may be wrong all the same.

use crate::quoted::quoted;
use crate::typed::folded;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::error::Error;
use clap::{Arg, Command};
use std::ffi::OsStr;
use std::path::Path;

/// Takes any string that is not blank, full-width letters as those of ASCII. The known ones only
/// feed the completion scripts: what is wrong with a string can be said better than clap would,
/// with the near names in place of all of them.
#[derive(Clone)]
pub struct Suggested(Vec<&'static str>);

impl Suggested {
    /// Keeps the first of equal names: zsh would offer both. And none that a shell would split,
    /// such as `TL;DR`: bash would type it as it is, and zsh runs its list as a script.
    pub fn new(names: impl Iterator<Item = &'static str>) -> Self {
        let mut unique = Vec::new();
        names.for_each(|name| {
            if !unique.contains(&name) && quoted(Path::new(name)) == name {
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
        StringValueParser::new().try_map(named).parse_ref(command, arg, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        Some(Box::new(self.0.iter().map(PossibleValue::new)))
    }
}

fn named(typed: String) -> Result<String, &'static str> {
    match folded(&typed) {
        name if name.is_empty() => Err("it is blank"),
        name => Ok(name),
    }
}
