//! The command lines keep their manners: what is wrong is named, ends with 2 and touches nothing;
//! a reader who goes is not an error; a copied snippet is a package that runs.

use crate::support::{Section, WORKSPACE, program, sections};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use tempfile::TempDir;
use tour::data::documents;

#[test]
fn a_wrong_word_is_named_with_the_near_ones() {
    for (words, said) in [
        (&["guide", "4.11"][..], "did you mean 4.1?"),
        (&["guide", "4.1", "4.11"], "did you mean 4.1?"),
        (&["guide", "11.6"], "cargo run -- deep-dive 11.6"),
        (&["guide", "参考文献"], "is prose"),
        (&["guide"], "<SECTION>..."),
        (&["giude", "4.1"], "'guide'"),
        (&["--hlep"], "'--help'"),
        (&["completions", "bsh"], "'bash'"),
        (&["statements", "--id", "G-4.1-9"], "did you mean G-4.1-"),
        (&["statements", "--section", "4.11"], "did you mean 4.1?"),
        (
            &["statements", "--verdict", "false"],
            "true, imprecise, wrong, does-not-compile, racy, outdated, opinion, unproven",
        ),
        (&["statements", "--wrong", "--verdict", "true"], "cannot be used with"),
        (&["statements", "6.2"], "'6.2'"),
    ] {
        refuses(words, said);
    }
}

#[test]
fn a_wrong_copy_is_refused_and_touches_nothing() {
    let folder = TempDir::new().unwrap();
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_string();
    fs::create_dir_all(path("mine/src")).unwrap();
    fs::write(path("file"), "mine").unwrap();
    fs::write(path("mine/src/lib.rs"), "mine").unwrap();
    fs::create_dir(path("other")).unwrap();
    fs::write(path("other/Cargo.toml"), "[workspace]\nmembers = [\"*\"]\n").unwrap();

    let before = contents(folder.path());
    let inside = format!("{WORKSPACE}/crates/my-app");
    for (snippet, destination, said) in [
        ("try_jion", path("new"), "did you mean try_join?"),
        ("join-select/try_jion", path("new"), "did you mean join-select/try_join?"),
        ("cancellation/try_join", path("new"), "no snippet cancellation/try_join"),
        ("../../utils/src/lib", path("new"), "no snippet"),
        ("try_join", path("file"), "is not a folder"),
        ("try_join", path("file/new"), "file"),
        ("try_join", path("mine"), "is not empty"),
        ("try_join", path("mien/new"), "did you mean mine?"),
        ("try_join", path("other/new"), "inside the Cargo workspace"),
        ("try_join", inside.clone(), "inside the Cargo workspace"),
    ] {
        refuses(&["copy", snippet, &destination], said);
    }
    assert_eq!(contents(folder.path()), before);
    assert!(!Path::new(&inside).exists());
}

#[test]
fn a_copied_snippet_is_a_package_that_runs_as_its_section_does() {
    // Of the sections on Tokio, one that is soon built.
    let (section, part) = (section("spawn-rules"), "send_static");
    let folder = TempDir::new().unwrap();
    let package = folder.path().join("my app");
    let copied = tour(&["copy", &format!("{}/{part}", section.name), package.to_str().unwrap()]);
    assert!(copied.status.success(), "{copied:?}");
    let quote = if cfg!(windows) { '"' } else { '\'' };
    let told = format!("\ncd {quote}{}{quote}\ncargo run\n", package.display());
    assert!(text(&copied.stdout).ends_with(&told), "{copied:?}");

    let manifest = fs::read_to_string(package.join("Cargo.toml")).unwrap();
    let dependencies = section.literal_dependencies();
    assert_eq!(
        manifest,
        format!(
            "[package]\nname = \"my-app\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
             [dependencies]\n{dependencies}\n"
        )
    );
    let source = fs::read_to_string(package.join("src/main.rs")).unwrap();
    let whole = section.source(part);
    let (program, _tests) = whole.split_once("\n\n#[cfg(test)]\n").unwrap();
    assert_eq!(source, format!("{program}\n"));

    // Cargo.lock and target/ come with the first build; the package itself is these two files.
    assert_eq!(contents(&package).len(), 2);
    let run = Command::new(env!("CARGO"))
        .args(["run", "--quiet", "--offline", "--config", "profile.dev.debug=false"])
        .current_dir(&package)
        .env("CARGO_TARGET_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).join("copied"))
        // What it depends on stays there for the next time.
        .env("CARGO_BUILD_BUILD_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
        .output()
        .unwrap();
    assert_eq!(text(&run.stderr), "");
    assert_eq!(text(&run.stdout), text(&output_of(&section.name, &[part]).stdout));
}

#[test]
fn a_copy_that_needs_the_flag_of_the_workspace_gets_it() {
    for (part, needs_it) in [("task_dump", true), ("try_join", false)] {
        let folder = TempDir::new().unwrap();
        let package = folder.path().join("my-app");
        let copied = tour(&["copy", part, package.to_str().unwrap()]);
        assert!(copied.status.success(), "{copied:?}");
        let config = fs::read_to_string(package.join(".cargo/config.toml")).ok();
        let flags = config.map(|config| toml::from_str::<toml::Table>(&config).unwrap());
        let flags = flags.map(|config| config["build"]["rustflags"].clone());
        let unstable = ["--cfg", "tokio_unstable"].map(String::from);
        assert_eq!(flags, needs_it.then(|| unstable.to_vec().into()), "{copied:?}");
    }
}

#[test]
fn a_second_copy_is_refused_and_leaves_the_first_untouched() {
    let folder = TempDir::new().unwrap();
    let package = folder.path().join("my-app");
    fs::create_dir(&package).unwrap();
    let package = package.to_str().unwrap();
    assert!(tour(&["copy", "try_join", package]).status.success());
    let first = contents(folder.path());
    refuses(&["copy", "join_and_select", package], "is not empty");
    assert_eq!(contents(folder.path()), first);
}

#[test]
fn a_section_runs_by_its_number_as_it_does_by_name() {
    let by_number = tour(&["guide", "4.3", "4.2"]);
    assert!(by_number.status.success(), "{by_number:?}");
    let [guide, _] = documents();
    let (mut printed, mut said) = (String::new(), String::new());
    for id in ["4.3", "4.2"] {
        let files = guide.section(id).unwrap().files();
        let names: Vec<_> = files.iter().map(|file| file.name).collect();
        assert!(files.iter().all(|file| file.krate == "join-select") && names.len() <= 4, "{id}");
        printed += &text(&output_of("join-select", &names).stdout);
        said += &format!("cargo run --quiet --package join-select -- {}\n", names.join(" "));
        said += &files.iter().map(|file| file.source() + "\n").collect::<String>();
    }
    assert_eq!(text(&by_number.stdout), printed);
    assert_eq!(text(&by_number.stderr), said);
}

#[test]
fn the_options_of_a_section_name_what_they_take() {
    for (section, words, said) in [
        ("async-await", &["fetch", "--url", "httpbin.org"][..], "http:// or https://"),
        ("async-await", &["fetch", "--url"], "http:// or https://"),
        ("async-await", &["fetch", "--url="], "http:// or https://"),
        ("sync-vs-async", &["ten_thousand", "--connections", "many"], "a whole number"),
        ("sync-vs-async", &["ten_thousand", "--connections"], "a whole number"),
    ] {
        let output = output_of(section, words);
        assert_eq!(output.status.code(), Some(2), "{words:?}: {output:?}");
        assert_eq!(text(&output.stdout), "", "{words:?}");
        assert!(text(&output.stderr).contains(said), "{words:?}: {output:?}");
    }
}

/// With a cargo that prints what it is asked for, then fails.
#[cfg(unix)] // its cargo is a shell script
#[test]
fn the_first_section_that_fails_is_the_last_and_gives_the_exit_code() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let cargo = folder.path().join("cargo");
    fs::write(&cargo, "#!/bin/sh\necho \"$@\"\nexit 7\n").unwrap();
    fs::set_permissions(&cargo, fs::Permissions::from_mode(0o755)).unwrap();
    for sections in [&["4.1", "4.2"][..], &["4.1"], &["4"]] {
        let mut tour = program("tour");
        let output = tour.arg("guide").args(sections).env("CARGO", &cargo).output().unwrap();
        assert_eq!(output.status.code(), Some(7), "{sections:?}: {output:?}");
        assert_eq!(
            text(&output.stdout),
            "run --quiet --package join-select -- join_and_select\n",
            "{sections:?}"
        );
    }
}

/// On a machine without the tools, with one of them, and with both, which here only say what they
/// are asked for.
/// Proves D-12-6.
#[cfg(unix)] // the script is bash, its tools are shell scripts
#[test]
fn a_flamegraph_names_the_tools_that_it_lacks_and_is_drawn_with_both() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let path = TempDir::new().unwrap();
    for name in ["bash", "dirname", "mkdir"] {
        let there = std::env::split_paths(&std::env::var_os("PATH").unwrap())
            .map(|folder| folder.join(name))
            .find(|file| file.is_file());
        symlink(there.unwrap(), path.path().join(name)).unwrap();
    }
    let tool = |name: &str| {
        let file = path.path().join(name);
        fs::write(&file, "#!/usr/bin/env bash\necho \"$@\"\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    };
    let drawn = || {
        let mut command = program("tour");
        command.args(["deep-dive", "12.3"]).env("PATH", path.path()).output().unwrap()
    };
    let how = "scripts/flamegraph blocking-work measure\n";
    let (no_perf, no_flamegraph) = (
        "error: there is no perf (Debian: linux-perf)\n",
        "error: there is no cargo-flamegraph: cargo install flamegraph\n",
    );
    let without = drawn();
    assert_eq!(text(&without.stderr), [how, no_perf, no_flamegraph].concat());
    assert_eq!(without.status.code(), Some(1));

    tool("perf");
    let without = drawn();
    assert_eq!(text(&without.stderr), [how, no_flamegraph].concat());
    assert_eq!((without.status.code(), text(&without.stdout)), (Some(1), String::new()));

    tool("cargo-flamegraph");
    tool("cargo");
    let with = drawn();
    assert_eq!((with.status.code(), text(&with.stderr)), (Some(0), how.to_string()));
    let asked = "flamegraph --package blocking-work --bin blocking-work -- measure\n";
    assert_eq!(text(&with.stdout), format!("{asked}see target/flamegraph.svg\n"));
}

#[test]
fn every_section_rejects_an_unknown_part_and_explains_itself() {
    for section in sections() {
        let name = section.name.clone();
        let wrong = output_of(&name, &["no_such_part"]);
        assert_eq!(wrong.status.code(), Some(2), "{name}: {wrong:?}");
        assert_eq!(text(&wrong.stdout), "", "{name}");
        let said = text(&wrong.stderr);
        assert!(said.contains("no part \"no_such_part\""), "{name}: {said}");

        let help = output_of(&name, &["--help"]);
        assert!(help.status.success(), "{name}: {help:?}");
        let usage = format!("Usage: cargo run -p {name} [");
        assert!(text(&help.stdout).starts_with(&usage), "{name}: {help:?}");
        // Each part with what it shows, as its first line has it, wherever a line is folded.
        for part in section.all_parts() {
            let header = section.source(part).lines().next().unwrap().to_string();
            let (_, claim) = header.split_once(" — ").unwrap();
            let claim = without_spaces(claim);
            let said = [&wrong.stderr, &help.stdout].map(|said| text(said));
            let said = said.map(|said| without_spaces(&said).contains(&claim));
            assert_eq!(said, [true; 2], "{name}: {claim}");
        }
        let part = section.all_parts().next().unwrap();
        let near = output_of(&name, &[&format!("{part}x")]);
        assert!(text(&near.stderr).contains(&format!("Did you mean {part}?")), "{near:?}");
    }
}

#[test]
fn a_reader_who_goes_ends_a_program_quietly() {
    for (package, words) in [
        ("tour", &[][..]),
        ("tour", &["--help"]),
        ("tour", &["completions", "zsh"]),
        ("tour", &["map", "guide"]),
        ("tour", &["statements"]),
        ("tour", &["statements", "guide"]),
        ("tour", &["statements", "--json"]),
        ("tour", &["guide", "4.2"]),
        ("join-select", &["try_join"]),
        ("join-select", &["--help"]),
    ] {
        let (reader, stdout) = io::pipe().unwrap();
        // Nobody reads from the first byte on: `| head -1` at its worst.
        drop(reader);
        let ended = program(package).args(words).stdout(stdout).output().unwrap();
        assert_eq!(ended.status.code(), Some(0), "{package} {words:?}: {ended:?}");
        assert!(!text(&ended.stderr).contains("panicked"), "{package} {words:?}: {ended:?}");
        assert!(!text(&ended.stderr).contains("error"), "{package} {words:?}: {ended:?}");
    }
}

#[test]
fn colours_are_for_terminals() {
    let output = program("tour").env_remove("CLICOLOR_FORCE").output().unwrap();
    assert!(!text(&output.stdout).contains('\x1b'));
    let forced = program("tour").env_remove("NO_COLOR").env("CLICOLOR_FORCE", "1").output();
    assert!(text(&forced.unwrap().stdout).contains('\x1b'));
}

/// Exit code 2, nothing on stdout, and `said` on stderr.
fn refuses(words: &[&str], said: &str) {
    let output = tour(words);
    assert_eq!(output.status.code(), Some(2), "{words:?}: {output:?}");
    assert_eq!(text(&output.stdout), "", "{words:?}");
    assert!(text(&output.stderr).contains(said), "{words:?}: {}", text(&output.stderr));
}

fn tour(words: &[&str]) -> Output {
    output_of("tour", words)
}

fn output_of(package: &str, words: &[&str]) -> Output {
    program(package).args(words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

fn section(name: &str) -> Section {
    let mut sections = sections().into_iter();
    sections.find(|section| section.name == name).unwrap()
}

/// Every file below `folder` with its bytes, and every folder with none.
fn contents(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => {
                let inner = contents(&path);
                if inner.is_empty() {
                    found.insert(path, Vec::new());
                } else {
                    found.extend(inner);
                }
            }
            false => {
                found.insert(path.clone(), fs::read(path).unwrap());
            }
        }
    }
    found
}
