//! Long texts on a terminal, a screen at a time.

use crate::screen::Screen;
use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::process::{Command, Stdio};

/// Prints `text`: on a terminal that is too low for it, with a pager. Colours are for terminals.
pub fn print(text: &str, screen: Screen) -> io::Result<()> {
    let is_long = screen.height.is_some_and(|height| text.lines().count() >= height);
    let is_watched = io::stdin().is_terminal() && std::env::var_os("CI").is_none();
    match pager(std::env::var_os("PAGER")) {
        Some(mut pager) if is_long && is_watched => match paged(text, &mut pager) {
            // There is no such program.
            Err(error) if error.kind() == ErrorKind::NotFound => plain(text),
            done => done,
        },
        _ => plain(text),
    }
}

fn plain(text: &str) -> io::Result<()> {
    let mut stdout = anstream::stdout();
    stdout.write_all(text.as_bytes())?;
    stdout.flush()
}

/// Returns the pager that the user has chosen, else `less`. `cat`, or nothing, means none.
fn pager(chosen: Option<OsString>) -> Option<Command> {
    let chosen = chosen.map_or_else(|| "less".into(), |it| it.to_string_lossy().into_owned());
    let mut words = chosen.split_whitespace();
    let program = words.next().filter(|program| *program != "cat")?;
    let mut pager = Command::new(program);
    pager.args(words);
    if std::env::var_os("LESS").is_none() {
        // Colours; no wait for what fits; what has been read stays on the screen.
        pager.env("LESS", "FRX");
    }
    Some(pager)
}

fn paged(text: &str, pager: &mut Command) -> io::Result<()> {
    let mut child = pager.stdin(Stdio::piped()).spawn()?;
    // The terminal behind it decides on colours: a pipe by itself would have none.
    let text = match anstream::AutoStream::choice(&io::stdout()) {
        anstream::ColorChoice::Never => anstream::adapter::strip_str(text).to_string(),
        _ => text.into(),
    };
    let stdin = child.stdin.take();
    let written = stdin.map_or(Ok(()), |mut stdin| stdin.write_all(text.as_bytes()));
    // Its exit code is its own. Whoever leaves it early closes the pipe, as any reader may.
    child.wait()?;
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(chosen: Option<&str>) -> Option<Vec<String>> {
        let pager = pager(chosen.map(OsString::from))?;
        let all = [pager.get_program()].into_iter().chain(pager.get_args());
        Some(all.map(|word| word.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn the_pager_is_the_users() {
        assert_eq!(words(None).unwrap(), ["less"]);
        assert_eq!(words(Some("more")).unwrap(), ["more"]);
        assert_eq!(words(Some("most -c  -w")).unwrap(), ["most", "-c", "-w"]);
        for none in ["", "  ", "cat"] {
            assert_eq!(words(Some(none)), None);
        }
    }
}
