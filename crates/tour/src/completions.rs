//! Completion for `tour`, a function that the script defines: what cargo runs has no name to complete.

use crate::visible::shown;
use clap::{Arg, Command, value_parser};
use clap_complete::Shell;
use std::path::Path;

const HOW: &str = "\
The script defines `tour`, which does what `cargo run --` does here, from any
folder, and completes its words. To have it in this shell:

  bash, zsh   source <(cargo run -q -- completions bash)
  fish        cargo run -q -- completions fish | source
  PowerShell  cargo run -q -- completions powershell | Out-String | iex
  elvish      eval (cargo run -q -- completions elvish | slurp)

To have it in each shell, save the script and source it where yours starts, such
as ~/.bashrc. In zsh that is after `compinit`.";

/// `completions` on the command line.
pub fn command() -> Command {
    Command::new("completions")
        .about("Prints a script for a shell: the function `tour`, and its completion")
        .after_help(HOW)
        .arg(
            Arg::new("shell").value_name("SHELL").required(true).value_parser(value_parser!(Shell)),
        )
}

/// The script that completes `tour` and defines the function of that name.
pub fn script(shell: Shell, mut tour: Command, workspace: &Path) -> String {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut tour, "tour", &mut script);
    let mut script = String::from_utf8_lossy(&script).into_owned();
    if !script.ends_with('\n') {
        script.push('\n');
    }
    // A path that a shell could not be told is none to run from.
    match workspace.to_str().filter(|path| shown(path) == *path) {
        Some(path) => script + &function(shell, path),
        None => script,
    }
}

/// Makes a function of `cargo tour`, for any folder: with the settings of the workspace, since
/// cargo looks for those where the user stands.
fn function(shell: Shell, workspace: &str) -> String {
    let path = |name: &str| quoted(shell, &format!("{workspace}/{name}"));
    let (config, manifest) = (path(".cargo/config.toml"), path("Cargo.toml"));
    let cargo =
        format!("cargo run --quiet --config {config} --manifest-path {manifest} --package tour --");
    match shell {
        Shell::Fish => format!("\nfunction tour\n    {cargo} $argv\nend\n"),
        Shell::PowerShell => format!("\nfunction tour {{ {cargo} @args }}\n"),
        Shell::Elvish => format!("\nfn tour {{|@words| {cargo} $@words }}\n"),
        _ => format!("\ntour() {{\n    {cargo} \"$@\"\n}}\n"),
    }
}

/// Between single quotes, in which each shell takes all but the quote itself.
fn quoted(shell: Shell, text: &str) -> String {
    let text = match shell {
        Shell::Fish => text.replace('\\', r"\\").replace('\'', r"\'"),
        Shell::PowerShell | Shell::Elvish => text.replace('\'', "''"),
        _ => text.replace('\'', r"'\''"),
    };
    format!("'{text}'")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::ValueEnum;

    #[test]
    fn every_shell_gets_the_function_and_its_completion() {
        for shell in Shell::value_variants() {
            let tour = Command::new("tour").subcommand(Command::new("quiz"));
            let script = script(*shell, tour, Path::new("/my work"));
            assert!(script.contains("quiz"), "{shell}");
            assert!(script.contains("--manifest-path '/my work/Cargo.toml'"), "{shell}: {script}");
            assert!(script.contains("--config '/my work/.cargo/config.toml'"), "{shell}");
        }
    }

    #[test]
    fn a_quote_in_the_path_stays_one() {
        assert_eq!(quoted(Shell::Bash, "it's"), r"'it'\''s'");
        assert_eq!(quoted(Shell::Fish, r"it's\"), r"'it\'s\\'");
        assert_eq!(quoted(Shell::PowerShell, "it's"), "'it''s'");
    }

    #[test]
    fn a_path_that_no_terminal_should_see_has_no_function() {
        let plain = script(Shell::Bash, Command::new("tour"), Path::new("/a\u{1b}b"));
        assert!(!plain.contains("cargo run"), "{plain}");
    }
}
