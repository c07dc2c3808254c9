//! Why a wish was not fulfilled.

use crate::near::near;
use anstyle::{AnsiColor, Style};
use std::process::ExitCode;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const TIP: Style = AnsiColor::Green.on_default();

#[derive(Debug, PartialEq)]
pub struct Failure {
    code: u8,
    message: String,
    tip: Option<String>,
}

impl Failure {
    /// The command line asks for what cannot be. Nothing has been touched.
    pub fn wrong(message: impl Into<String>) -> Self {
        Self { code: 2, message: message.into(), tip: None }
    }

    /// The machine refused: a file, a folder, a process.
    pub fn refused(what: impl std::fmt::Display, error: &std::io::Error) -> Self {
        Self { code: 1, message: format!("{what}: {error}"), tip: None }
    }

    pub fn tip(self, tip: impl Into<String>) -> Self {
        Self { tip: Some(tip.into()), ..self }
    }

    /// "did you mean …?", or `otherwise` if no candidate is near.
    pub fn did_you_mean<'a>(
        self,
        word: &str,
        candidates: impl IntoIterator<Item = &'a str>,
        otherwise: &str,
    ) -> Self {
        match near(word, candidates).as_slice() {
            [] => self.tip(otherwise),
            names => self.tip(format!("did you mean {}?", names.join(" or "))),
        }
    }

    /// Says it on stderr, in the form clap uses.
    pub fn report(self) -> ExitCode {
        anstream::eprintln!("{ERROR}error:{ERROR:#} {}", self.message);
        if let Some(tip) = self.tip {
            anstream::eprintln!("\n  {TIP}tip:{TIP:#} {tip}");
        }
        ExitCode::from(self.code)
    }
}
