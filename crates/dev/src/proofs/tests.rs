use super::*;

/// With `#!` for `///`: the tests of this file prove nothing.
const SOURCE: &str = "\
#! Proves G-1-1, G-1-2.
#[test]
fn one() {
}

#! Proves G-1-1.
#[tokio::test(start_paused = true)]
async fn two() {
}

#[test]
#[ignore]
fn three() {
}
";

fn comments(source: &str) -> Comments {
    let mut comments = Comments::default();
    comments.tests("a.rs", &source.replace("#!", "///"));
    comments.case("tests/ui/a/x.fail.rs", "//! Guide 1.\n//! Proves G-1-3.\n");
    comments.printed("a/README.md", "\n<!-- Proves G-1-2. -->\n```console\n$ a\n```\n");
    comments.elsewhere("a/elsewhere/x.py", "x.py", "# It is.\n# Proves G-1-4.\n");
    comments
}

fn row(path: &str, name: &str, ids: &[&str]) -> ((String, String), Vec<String>) {
    ((path.into(), name.into()), ids.iter().map(ToString::to_string).collect())
}

fn rows() -> Proven {
    Proven::from([
        row("a.rs", "one", &["G-1-1", "G-1-2"]),
        row("a.rs", "two", &["G-1-1"]),
        row("tests/ui/a/x.fail.rs", "case", &["G-1-3"]),
        row("a/README.md", "console", &["G-1-2"]),
        row("a/elsewhere/x.py", "x.py", &["G-1-4"]),
    ])
}

fn told(stated: &Proven, source: &str) -> String {
    let problems = compared(stated, &comments(source));
    problems.iter().map(Problem::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn rows_and_comments_that_agree_are_no_problem() {
    assert_eq!(told(&rows(), SOURCE), "");
}

#[test]
fn a_proof_that_is_not_there_or_does_not_run_is_told() {
    let with = |name| {
        let mut rows = rows();
        rows.extend([row("a.rs", name, &["G-1-4"])]);
        told(&rows, SOURCE)
    };
    assert!(with("four").starts_with("a.rs: four: there is none, the proof of G-1-4\n"));
    assert!(with("three").starts_with("a.rs: three: it is ignored, the proof of G-1-4\n"));
}

#[test]
fn rows_and_comments_that_disagree_are_told() {
    for (from, to, what) in [
        ("G-1-1, G-1-2", "G-1-2, G-1-1", "one: it says that it proves G-1-2, G-1-1, the data"),
        ("#! Proves G-1-1.\n", "", "two: it says that it proves nothing, the data says G-1-1"),
        (
            "#[test]\n#[ignore]",
            "#! Proves G-9-9.\n#[test]",
            "three: it says that it proves G-9-9, the data says nothing",
        ),
        ("#[test]\nfn one", "fn one", "`Proves G-1-1, G-1-2.` stands above no test"),
        ("G-1-2.\n", "G-1-2\n", "does not end with a full stop"),
    ] {
        assert!(SOURCE.contains(from));
        let told = told(&rows(), &SOURCE.replacen(from, to, 1));
        assert!(told.contains(what), "{from}: {told}");
    }
}

#[test]
fn a_program_in_another_language_lies_in_its_folder_and_not_below_it() {
    assert_eq!(elsewhere("crates/sections/a/elsewhere/x.go"), Some("x.go"));
    assert_eq!(elsewhere("crates/sections/a/elsewhere/x/c.c"), None);
    assert_eq!(elsewhere("crates/sections/a/src/x.rs"), None);
}
