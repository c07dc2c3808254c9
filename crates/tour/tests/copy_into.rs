//! `copy` of a recipe into packages as people have them: what it says and changes.

use crate::packages::{MAIN, app, contents, copied, put, read, refused};
use std::fs;
use tempfile::TempDir;

/// What `copy timeout app` says that the manifest lacks.
fn lacking(said: &str) -> Vec<&str> {
    said.lines().filter(|line| line.starts_with("cargo add ")).collect()
}

#[test]
fn a_recipe_is_a_new_file_and_the_rest_is_told_or_done() {
    let home = app("edition = \"2024\"\n", "", &[("src/main.rs", MAIN)]);
    let before = contents(home.path());
    let said = "timeout is now src/timeout.rs of the package my-app.\n\n\
                Put this line into src/main.rs:\n\nmod timeout;\n\nIts manifest lacks:\n\ncd app\n\
                cargo add thiserror@2\ncargo add tokio@1.47 --features time\n\n\
                `--apply` does that.\n";
    assert_eq!(copied(home.path(), &["timeout", "app"]), said);
    let after = contents(home.path());
    assert_eq!(after.len(), before.len() + 1);
    assert!(before.iter().all(|(path, text)| after[path] == *text));
    assert!(!read(&home, "src/timeout.rs").contains("#[cfg(test)]"));

    let said = "Changed in the package my-app:\n\nsrc/main.rs: mod timeout;\n\
                Cargo.toml: cargo add thiserror@2\n\
                Cargo.toml: cargo add tokio@1.47 --features time\n";
    assert_eq!(copied(home.path(), &["timeout", "app", "--apply"]), said);
    assert_eq!(read(&home, "src/main.rs"), format!("mod timeout;\n\n{MAIN}"));
    let dependencies = "[dependencies]\nthiserror = \"2\"\n\
                        tokio = { version = \"1.47\", features = [\"time\"] }\n";
    assert!(read(&home, "Cargo.toml").ends_with(dependencies));

    let after = contents(home.path());
    let said = copied(home.path(), &["timeout", "app", "--apply"]);
    assert_eq!(said, "The package my-app has it all. Nothing has been changed.\n");
    let said = copied(home.path(), &["timeout", "app"]);
    let nothing = "timeout is already in the package my-app.\n\nNothing else is needed.\n";
    assert_eq!(said, nothing);
    assert_eq!(contents(home.path()), after);
}

/// `cargo test` runs the example of its documentation there.
#[test]
fn in_a_library_the_module_is_public_and_its_example_can_run() {
    let lib = "//! Mine.\n\npub mod api;\n";
    let files = [("src/lib.rs", lib), ("src/api.rs", ""), ("src/main.rs", MAIN)];
    let home = app("edition = \"2021\"\n", "", &files);
    let said = copied(home.path(), &["timeout", "app", "--as", "limit", "--apply"]);
    assert!(said.contains("src/limit.rs: new\nsrc/lib.rs: pub mod limit;\n"), "{said}");
    assert!(said.contains("cargo add --dev tokio --features macros,rt,test-util\n"), "{said}");
    assert_eq!(read(&home, "src/lib.rs"), format!("{lib}pub mod limit;\n"));
    assert_eq!(read(&home, "src/main.rs"), MAIN);
    let module = read(&home, "src/limit.rs");
    assert!(module.contains("//! # use my_app::limit::{"), "{module}");
    assert!(!module.contains("recipes::"), "{module}");
}

#[test]
fn the_tests_come_with_what_they_need() {
    let home = app("edition = \"2024\"\n", "", &[("src/main.rs", MAIN)]);
    let said = copied(home.path(), &["timeout", "app", "--with-tests"]);
    assert_eq!(lacking(&said)[2], "cargo add --dev tokio --features macros,rt,test-util");
    assert!(read(&home, "src/timeout.rs").contains("\n#[cfg(test)]\nmod tests {\n"));
}

/// It stops Tokio's clock, which no service has a use for.
#[test]
fn a_tool_for_tests_is_for_tests_only() {
    let home = app("edition = \"2024\"\n", "", &[("src/lib.rs", "")]);
    let said = copied(home.path(), &["assert_cancel_safe", "app", "--apply"]);
    assert!(said.contains("src/lib.rs: #[cfg(test)] mod assert_cancel_safe;\n"), "{said}");
    let manifest = read(&home, "Cargo.toml");
    let dev = "[dev-dependencies]\nthiserror = \"2\"\n\
               tokio = { version = \"1.47\", features = [\"rt\", \"test-util\", \"time\"] }\n";
    assert!(manifest.ends_with(dev) && !manifest.contains("[dependencies]"), "{manifest}");
    assert_eq!(read(&home, "src/lib.rs"), "#[cfg(test)]\nmod assert_cancel_safe;\n");
    let said = copied(home.path(), &["assert_cancel_safe", "app", "--apply"]);
    assert!(said.ends_with("Nothing has been changed.\n"), "{said}");
}

#[test]
fn only_what_the_manifest_lacks_is_named() {
    let rows: [(&str, &[&str]); 9] = [
        ("tokio = { version = \"1\", features = [\"full\"] }", &[]),
        ("tokio = { version = \"1\", features = [\"time\", \"rt\"] }", &[]),
        ("tokio = { version = \"1\", default-features = false, features = [\"full\"] }", &[]),
        ("tokio = \"1\"", &["cargo add tokio --features time"]),
        (
            "rt = { package = \"tokio\", version = \"1\" }",
            &["cargo add tokio --rename rt --features time"],
        ),
        ("[dev-dependencies]\ntokio = \"1\"", &["cargo add tokio --features time"]),
        (
            "[target.'cfg(unix)'.dependencies]\ntokio = \"1\"",
            &["cargo add tokio@1.47 --features time"],
        ),
        ("[build-dependencies]\ntokio = \"1\"", &["cargo add tokio@1.47 --features time"]),
        ("", &["cargo add tokio@1.47 --features time"]),
    ];
    for (line, expected) in rows {
        let dependencies = format!("[dependencies]\nthiserror = \"2\"\n{line}\n");
        let home = app("edition = \"2024\"\n", &dependencies, &[("src/main.rs", MAIN)]);
        let said = copied(home.path(), &["timeout", "app"]);
        assert_eq!(lacking(&said), expected, "{line}");
        // What is printed is what cargo takes.
        copied(home.path(), &["timeout", "app", "--apply"]);
        let said = copied(home.path(), &["timeout", "app"]);
        assert!(said.ends_with("Nothing else is needed.\n"), "{line}: {said}");
        assert_eq!(
            read(&home, "src/timeout.rs").contains("\nuse rt as tokio;\n"),
            line.starts_with("rt"),
            "{line}"
        );
    }
}

#[test]
fn what_the_user_must_decide_is_a_note() {
    let dependencies = "[dependencies]\nthiserror = \"1\"\n\
                        tokio = { version = \"1\", features = [\"time\"], optional = true }\n";
    let home = app("edition = \"2024\"\n", dependencies, &[("src/main.rs", MAIN)]);
    let said = copied(home.path(), &["timeout", "app", "--apply"]);
    let notes = "\nNote: it is tested with thiserror 2; the manifest asks for ^1.\n\
                 \nNote: tokio is optional there: the module needs it always.\n";
    assert!(said.ends_with(notes), "{said}");
    assert!(read(&home, "Cargo.toml").ends_with(dependencies));
}

#[test]
fn a_tokio_that_is_too_old_is_named_with_what_to_do() {
    let locked = |version: &str| {
        format!("version = 4\n\n[[package]]\nname = \"tokio\"\nversion = \"{version}\"\n")
    };
    let (update, add) = ("cargo update tokio@1.20.1", "cargo add tokio@1.47");
    let needs = "and the module needs 1.47 or newer";
    for (asked, lock, note) in [
        ("1", Some("1.20.1"), Some(format!("Cargo.lock has tokio 1.20.1, {needs}: `{update}`"))),
        ("=1.20.1", Some("1.20.1"), Some(format!("Cargo.lock has tokio 1.20.1, {needs}: `{add}`"))),
        ("~1.20", None, Some(format!("the manifest asks for tokio ~1.20, {needs}: `{add}`"))),
        ("1", Some("1.47.0"), None),
        ("1", None, None),
        ("=1.47", None, None),
        // Of another crate, which has its own.
        ("1", Some("0.2.25"), None),
    ] {
        let dependencies = format!(
            "[dependencies]\nthiserror = \"2\"\ntokio = {{ version = \"{asked}\", features = [\"time\"] }}\n"
        );
        let home = app("edition = \"2024\"\n", &dependencies, &[("src/main.rs", MAIN)]);
        if let Some(version) = lock {
            put(home.path(), &[("app/Cargo.lock", &locked(version))]);
        }
        let said = copied(home.path(), &["timeout", "app"]);
        let noted = said.split_once("\nNote: ").map(|(_, note)| note.trim_end().to_string());
        assert_eq!(noted, note.map(|note| note + "."), "{asked}, {lock:?}: {said}");
    }
}

#[test]
fn a_member_has_what_its_workspace_gives() {
    let home = TempDir::new().unwrap();
    let member = |name: &str, dependencies: &str| {
        format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition.workspace = true\n\
             rust-version.workspace = true\n[dependencies]\n{dependencies}\n"
        )
    };
    put(
        home.path(),
        &[
            (
                "Cargo.toml",
                "[workspace]\nmembers = [\"crates/*\"]\nresolver = \"2\"\n\
                 [workspace.package]\nedition = \"2021\"\nrust-version = \"1.85\"\n\
                 [workspace.dependencies]\nthiserror = \"2\"\n\
                 tokio = { version = \"1\", features = [\"time\"] }\n",
            ),
            (
                "crates/a/Cargo.toml",
                &member("a", "tokio.workspace = true\nthiserror.workspace = true"),
            ),
            ("crates/b/Cargo.toml", &member("b", "")),
            ("crates/a/src/main.rs", MAIN),
            ("crates/b/src/main.rs", MAIN),
        ],
    );
    let said = refused(&home, &["timeout", "."]);
    let told = "error: . is a workspace without a package\n\n  \
                tip: its members: ./crates/a, ./crates/b\n";
    assert_eq!(said, told);

    assert_eq!(lacking(&copied(home.path(), &["timeout", "crates/a"])), [""; 0]);
    let said = copied(home.path(), &["timeout", "crates/b", "--apply"]);
    assert!(said.contains("cargo add thiserror\n"), "{said}");
    let manifest = fs::read_to_string(home.path().join("crates/b/Cargo.toml")).unwrap();
    assert!(manifest.contains("thiserror.workspace = true"), "{manifest}");
    assert!(manifest.contains("tokio = { workspace = true, features = [\"time\"] }"), "{manifest}");
    assert!(home.path().join("Cargo.lock").is_file());
}
