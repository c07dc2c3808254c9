//! Why a wish was not fulfilled.

use crate::near::near;
use crate::visible::visible;
use anstyle::{AnsiColor, Style};
use std::io::Write;
use std::process::ExitCode;

const ERROR: Style = AnsiColor::Red.on_default().bold();
const TIP: Style = AnsiColor::Green.on_default();

#[derive(Debug, PartialEq)]
pub struct Failure {
    code: u8,
    message: String,
    tips: Vec<String>,
}

impl Failure {
    /// The command line asks for what cannot be. Nothing has been touched.
    pub fn wrong(message: impl Into<String>) -> Self {
        Self { code: 2, message: message.into(), tips: Vec::new() }
    }

    /// The machine refused: a file, a folder, a process.
    pub fn refused(what: impl std::fmt::Display, error: &std::io::Error) -> Self {
        Self::unable(format!("{what}: {error}"))
    }

    /// The same, if the message says what and why.
    pub fn unable(message: String) -> Self {
        Self { code: 1, message, tips: Vec::new() }
    }

    /// A path that the user has typed: its name is wrong, or the machine refuses what it names.
    pub fn path(what: impl std::fmt::Display, error: &std::io::Error) -> Self {
        use std::io::ErrorKind::{InvalidFilename, IsADirectory, NotADirectory, NotFound};
        match error.kind() {
            InvalidFilename | IsADirectory | NotADirectory | NotFound => {
                Self::wrong(format!("{what}: {error}"))
            }
            _ => Self::refused(what, error),
        }
    }

    /// One more.
    pub fn tip(mut self, tip: impl Into<String>) -> Self {
        self.tips.push(tip.into());
        self
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

    /// Says it on stderr, in the form clap uses. What it says came from outside in part, so no
    /// control sequence in it gets there.
    pub fn report(self) -> ExitCode {
        let mut text = format!("{ERROR}error:{ERROR:#} {}\n", visible(&self.message));
        for (place, tip) in self.tips.iter().enumerate() {
            let gap = if place == 0 { "\n" } else { "" };
            text += &format!("{gap}  {TIP}tip:{TIP:#} {}\n", visible(tip));
        }
        aside(&text);
        ExitCode::from(self.code)
    }
}

/// To stderr. If nobody takes it there, the exit code has to do: `eprintln!` would panic.
pub fn aside(text: &str) {
    let _ = anstream::stderr().write_all(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::Failure;
    use std::io::ErrorKind;

    #[test]
    fn a_wrong_name_is_the_users_mistake_and_a_full_disk_is_not() {
        let code = |kind: ErrorKind| Failure::path("here", &kind.into()).code;
        for kind in [ErrorKind::NotFound, ErrorKind::IsADirectory, ErrorKind::InvalidFilename] {
            assert_eq!(code(kind), 2, "{kind}");
        }
        for kind in [ErrorKind::PermissionDenied, ErrorKind::StorageFull, ErrorKind::Other] {
            assert_eq!(code(kind), 1, "{kind}");
        }
    }
}
