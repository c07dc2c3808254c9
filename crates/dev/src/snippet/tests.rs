use super::*;
use tempfile::TempDir;

const OURS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A workspace with the data and the manifests of ours.
fn workspace() -> TempDir {
    let (root, ours) = (TempDir::new().unwrap(), Path::new(OURS));
    for krate in crates() {
        let folder = format!("crates/sections/{}", krate.name);
        fs::create_dir_all(root.path().join(&folder).join("src")).unwrap();
        let manifest = format!("{folder}/Cargo.toml");
        fs::copy(ours.join(&manifest), root.path().join(manifest)).unwrap();
    }
    for path in crate::files::below(ours, "crates/tour/data", ".toml").unwrap() {
        replace(root.path(), &path, &read(ours, &path).unwrap()).unwrap();
    }
    root
}

fn new(path: &str, claim: &str, sections: &[&str]) -> Result<New, Failure> {
    let sections: Vec<_> = sections.iter().map(ToString::to_string).collect();
    New::named(path, [claim, "そうである。"], &sections)
}

/// The lines that only one of the two has.
fn changed(root: &TempDir, path: &str) -> Vec<String> {
    let [old, new] = [Path::new(OURS), root.path()].map(|root| read(root, path).unwrap());
    let lacks = |text: &str, line: &&str| !text.lines().any(|other| other == *line);
    let gone = old.lines().filter(|line| lacks(&new, line)).map(|line| format!("-{line}"));
    gone.chain(new.lines().filter(|line| lacks(&old, line)).map(|it| format!("+{it}"))).collect()
}

#[test]
fn a_snippet_gets_its_file_and_its_place_in_the_data() {
    let root = workspace();
    let new = new("join-select/new_one", " It is so. ", &["guide 4.2", "deep dive 11.5"]).unwrap();
    let source = "crates/sections/join-select/src/new_one.rs";
    let (guide, deep_dive) =
        ("crates/tour/data/guide/04.toml", "crates/tour/data/deep-dive/11.toml");
    assert_eq!(new.begin(root.path()).unwrap(), [source, CRATES, CLAIMS, guide, deep_dive]);

    let text = read(root.path(), source).unwrap();
    assert!(text.starts_with("//! Guide 4.2, deep dive 11.5 — It is so.\n\n#[tokio::main]\n"));
    assert_eq!(changed(&root, CRATES), ["+    \"new_one\","]);
    assert_eq!(changed(&root, CLAIMS), ["+new_one = \"そうである。\""]);
    assert_eq!(
        changed(&root, guide),
        [
            "-files = [\"join-select/try_join\", \"join-select/task_set\"]",
            "+files = [\"join-select/try_join\", \"join-select/task_set\", \"join-select/new_one\"]",
        ]
    );
    assert_eq!(changed(&root, deep_dive), ["+    \"join-select/new_one\","]);
    // Behind the file of the same section.
    let crates = read(root.path(), CRATES).unwrap();
    assert!(crates.contains("    \"task_set\",\n    \"new_one\",\n"), "{crates}");
    assert!(!root.path().join(format!("{CRATES}.new")).exists());
}

#[test]
fn a_list_that_gets_too_long_has_one_a_line() {
    let mut array = Array::new();
    for at in 0..5 {
        insert(&mut array, at, &format!("join-select/file_{at}"));
        let text = array.to_string();
        assert_eq!(text.contains('\n'), at == 4, "{text}");
        assert!("files = ".len() + text.lines().map(str::len).max().unwrap() <= WIDEST, "{text}");
    }
    assert!(array.to_string().starts_with("[\n    \"join-select/file_0\",\n    \"join-select"));
    assert!(array.to_string().ends_with("_4\",\n]"));
}

#[test]
fn a_section_without_files_gets_its_list() {
    let root = workspace();
    let new = new("scheduler/size", "It is so.", &["deep dive 12.3"]).unwrap();
    new.begin(root.path()).unwrap();
    let added = "+files = [\"scheduler/size\"]";
    assert_eq!(changed(&root, "crates/tour/data/deep-dive/12.toml"), [added]);
}

#[test]
fn a_file_that_is_there_stays_and_so_does_the_data() {
    let root = workspace();
    let source = "crates/sections/join-select/src/new_one.rs";
    replace(root.path(), source, "mine").unwrap();
    let new = new("join-select/new_one", "It is so.", &["guide 4.2"]).unwrap();
    let failure = format!("{:?}", new.begin(root.path()).unwrap_err());
    assert!(failure.contains(source) && failure.contains("code: 1"), "{failure}");
    assert_eq!(read(root.path(), source).unwrap(), "mine");
    assert_eq!(changed(&root, CRATES), Vec::<String>::new());
}

#[test]
fn what_cannot_be_is_refused_with_what_is_near() {
    for (path, claim, section, why) in [
        ("try_join", "A.", "guide 4.2", "try_join is not CRATE/FILE"),
        ("join-select/a/b", "A.", "guide 4.2", "is not CRATE/FILE"),
        ("join-slect/a", "A.", "guide 4.2", "did you mean join-select?"),
        ("join-select/../a", "A.", "guide 4.2", "is not CRATE/FILE"),
        ("join-select/A", "A.", "guide 4.2", "A cannot be the name of a module"),
        ("join-select/main", "A.", "guide 4.2", "main cannot be the name of a module"),
        ("join-select/", "A.", "guide 4.2", "cannot be the name of a module"),
        ("join-select/try_join.rs", "A.", "guide 4.2", "has a file try_join already"),
        ("join-select/a", "A.", "guide 4.22", "did you mean 4.2?"),
        ("join-select/a", "A.", "giude 4.2", "`guide 4.1`, `deep dive 6.2`"),
        ("join-select/a", "A.", "guide 4", "is a chapter"),
        ("join-select/a", "A.", "guide 4", "its sections: 4.1, 4.2, 4.3, 4.4, 4.5"),
        ("join-select/a", "A.", "deep dive 4.5", "has no programs yet"),
        ("join-select/fn", "A.", "guide 4.2", "fn cannot be the name of a module"),
        ("join-select/gen", "A.", "guide 4.2", "it means something else in Rust"),
        ("join-select/_a", "A.", "guide 4.2", "a letter comes first"),
        ("join-select/a", "", "guide 4.2", "the claim is blank"),
        ("join-select/a", " ", "guide 4.2", "the claim is blank"),
        ("join-select/a", "A.\nfn main() {}", "guide 4.2", "one line"),
        ("join-select/a", "A\u{1b}[31m.", "guide 4.2", "one line"),
    ] {
        let failure = format!("{:?}", new(path, claim, &[section]).unwrap_err());
        assert!(failure.contains(why) && failure.contains("code: 2"), "{path}: {failure}");
    }
}

/// Nobody can forget it: the check and the test both fail until they are written.
#[test]
fn a_template_is_unfinished() {
    for on_tokio in [true, false] {
        let text = template("//! Guide 4.1 — A.", on_tokio);
        assert_eq!(text.matches("todo!(").count(), 2);
        assert_eq!(text.contains("tokio"), on_tokio);
    }
}
