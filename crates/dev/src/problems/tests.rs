use super::*;
use std::fs;
use tempfile::TempDir;

/// A workspace with one file.
fn root(path: &str, text: &str) -> TempDir {
    let root = TempDir::new().unwrap();
    fs::create_dir_all(root.path().join(path).parent().unwrap()).unwrap();
    fs::write(root.path().join(path), text).unwrap();
    root
}

const CLOSE: &str = "crates/sections/async-drop/src/close.rs";

fn close() -> (&'static Crate, File) {
    let krate = crates().iter().find(|krate| krate.name == "async-drop").unwrap();
    (krate, krate.file("close").unwrap())
}

/// Returns the problems of `close`, if this is its source.
fn told(source: &str) -> Vec<String> {
    let root = root(CLOSE, source);
    snippet(root.path(), &close().1).into_iter().map(|problem| problem.what).collect()
}

#[test]
fn a_snippet_with_its_header_is_no_problem_and_one_without_says_what_to_do() {
    assert_eq!(told("//! Guide 10.4 — A.\n"), Vec::<String>::new());
    assert_eq!(told("//! A.\n"), ["its first line is not `//! Guide 4.1 — claim`"]);
    assert_eq!(
        told("//! Guide 10.3, 10.4 — A.\n"),
        ["its first line says guide 10.3, which does not list it"]
    );
    assert_eq!(told("//! Guide 10.4 — A.\ntodo!()"), ["it has a `todo!`"]);
}

#[test]
fn a_file_that_only_the_data_has_or_only_the_folder_is_told() {
    let root = root("crates/sections/async-drop/src/other.rs", "");
    let [missing] = &snippet(root.path(), &close().1)[..] else { panic!("not one") };
    assert_eq!((&*missing.path, &*missing.what), (CLOSE, "there is no such file"));
    assert!(missing.then.contains("async-drop/close"), "{missing}");
    let [unlisted] = &unlisted(root.path(), close().0).unwrap()[..] else { panic!("not one") };
    assert_eq!(unlisted.path, "crates/sections/async-drop/src/other.rs");
    assert_eq!(unlisted.what, "the data does not have it");
}

#[test]
fn a_file_that_a_snippet_names_beside_itself_is_listed() {
    let root = root(CLOSE, "//! Guide 10.4 — A.\n\n#[path = \"harness.rs\"]\nmod harness;\n");
    fs::write(root.path().join("crates/sections/async-drop/src/harness.rs"), "").unwrap();
    assert_eq!(unlisted(root.path(), close().0).unwrap(), []);
}

#[test]
fn a_crate_that_only_the_workspace_has_is_told_and_every_one_that_only_the_data_has() {
    let root = root("crates/sections/async-dorp/Cargo.toml", "");
    let problems = folders(root.path()).unwrap();
    assert_eq!(problems.len(), crates().len() + 1);
    let what: Vec<_> = problems.iter().map(|problem| &*problem.what).collect();
    assert!(what.contains(&"the data does not have it"), "{what:?}");
    assert!(what.contains(&"there is no crate async-drop async-dorp"), "{what:?}");
}

#[test]
fn a_script_and_a_recipe_that_are_not_there_are_told() {
    let root = root("crates/recipes/src/other.rs", "");
    let missing = scripts(root.path());
    for script in ["scripts/size", "cargo run -p runtime-comparison -- measure"] {
        assert!(missing.iter().any(|problem| problem.path == script), "{script}");
    }
    let recipes = recipe_files(root.path()).unwrap();
    let other = recipes.iter().find(|problem| problem.path == "crates/recipes/src/other.rs");
    assert_eq!(other.unwrap().what, "recipes.toml does not have it");
}

/// The path is that of a file, and the second line says what to do.
#[test]
fn a_problem_is_two_lines() {
    let problem = Problem::new("a.rs", "it is wrong", "repair it");
    assert_eq!(problem.to_string(), "a.rs: it is wrong\n    repair it");
}

#[test]
fn a_question_whose_test_or_lines_are_not_there_is_told() {
    let question = questions().iter().find(|question| question.id == "Q5").unwrap();
    let told = |source: &str, readme: &str| {
        let root = root("crates/sections/scheduler/src/budget.rs", source);
        fs::write(root.path().join("crates/sections/scheduler/README.md"), readme).unwrap();
        answer(root.path(), question).into_iter().map(|it| it.what).collect::<Vec<_>>()
    };
    let (test, lines) = (format!("fn {}() {{}}", question.test), question.prints);
    let readme = format!("```console\n$ cargo run -p scheduler\nmore\n{lines}\n```\n");
    assert_eq!(told(&test, &readme), Vec::<String>::new());
    assert!(told("", &readme)[0].starts_with("it has no test"));
    assert!(told(&test, lines)[0].starts_with("question Q5 shows \"2000000 ready"));
}
