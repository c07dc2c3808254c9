//! What `completions bash` prints, in bash.

#![cfg(unix)] // there is bash

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// What bash prints for `script`, with the completions of the tour and a cargo that only says what
/// it is asked for.
fn bash(script: &str) -> String {
    let folder = TempDir::new().unwrap();
    let cargo = folder.path().join("cargo");
    fs::write(&cargo, "#!/bin/sh\nprintf '<%s>' \"$@\"\n").unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    let tour = env!("CARGO_BIN_EXE_tour");
    let script = format!("set -eu; source <({tour} completions bash)\n{script}");
    let path = std::env::var("PATH").unwrap();
    let mut bash = Command::new("bash");
    bash.args(["-c", &script]).env("PATH", format!("{}:{path}", folder.path().display()));
    let output = bash.current_dir("/").stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn the_function_runs_the_tour_from_anywhere_with_the_words_as_they_are() {
    let workspace = fs::canonicalize(concat!(env!("CARGO_MANIFEST_DIR"), "/../..")).unwrap();
    let workspace = workspace.display();
    let expected = format!(
        "<run><--quiet><--config><{workspace}/.cargo/config.toml><--manifest-path>\
         <{workspace}/Cargo.toml><--package><tour><--><copy><retry><my app>"
    );
    assert_eq!(bash("tour copy retry 'my app'"), expected);
}

#[test]
fn the_tab_key_completes_what_one_types() {
    let completed = |words: &str| {
        bash(&format!(
            "COMP_WORDS=({words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))\n\
             set +eu; _tour tour \"${{COMP_WORDS[COMP_CWORD]}}\"; echo \"${{COMPREPLY[@]}}\""
        ))
    };
    assert_eq!(completed("tour gui"), "guide\n");
    assert_eq!(completed("tour copy limit_c"), "limit_concurrency\n");
    assert!(completed("tour guide 4.").contains("4.1 "));
    assert_eq!(completed("tour statements deep"), "deep-dive\n");
    assert_eq!(completed("tour copy retry app --with"), "--with-tests\n");
}
