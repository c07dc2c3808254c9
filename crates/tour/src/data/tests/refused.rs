//! Wrong data, and the error for each.

use super::{read, refused};

/// Each says where it is, and what would be right.
#[test]
fn a_misspelt_word_is_named_with_what_is_near() {
    let said = refused("shows = \"a", "show = \"a");
    assert!(
        said.starts_with("guide.toml, line 13: no field is called `show`; did you mean shows?"),
        "{said}"
    );
    let said = refused("verdict = \"true\"", "verdict = \"right\"");
    assert!(
        said.contains("line 16: G-1.1-1: right is no verdict; there are true, imprecise"),
        "{said}"
    );
    let said = refused("\"a/y\"", "\"a/yy\"");
    assert!(said.starts_with("guide.toml, line 10: the file a/yy is unknown; did you mean a/y?"));
    let said = refused("y = \"hangs\"", "yy = \"hangs\"");
    assert!(
        said.starts_with("crates.toml, line 2: a note on yy is unknown; did you mean"),
        "{said}"
    );
    let said = refused("\"guide 1.1\"", "\"guide 1.11\"");
    assert!(said.ends_with("the section guide 1.11 is unknown; did you mean 1.1?"), "{said}");
    assert!(refused("\"guide 1.1\"", "\"gide 1.1\"").ends_with("`guide 4.1`, `deep dive 6.2`"));
}

#[test]
fn a_japanese_text_belongs_to_a_field_and_a_locator_is_short() {
    let said = refused("ja.says", "ja.asys");
    assert!(said.contains("no field is called `ja.asys`; did you mean ja.says?"), "{said}");
    assert!(refused("\n[a]", "\n[b]").contains("no field is called `b`; did you mean a?"));
    let said = refused("x = \"そう", "xx = \"そう");
    assert!(said.starts_with("claims.toml: the file a/xx is unknown; did you mean x"), "{said}");
    let said = refused("二つの語", &"長".repeat(21));
    assert!(said.contains("G-1.1-1: `at` is a few words, at most 20 characters"), "{said}");
}

#[test]
fn data_that_contradicts_itself_is_refused() {
    for (from, to, why) in [
        ("on_request = [\"y\"]", "on_request = [\"x\"]", "x is there twice"),
        ("shows = \"a thing\"\n", "", "`shows` says what one sees"),
        ("heading = \"one\"", "shows = \"a\"", "`shows` says what one sees"),
        ("heading = \"one\"", "shows = \"a\"\ncommand = \"b\"", "not both"),
        ("\"scripts/size all\"", "\"size\"", "a script lies in scripts/"),
        ("heading = \"first\"", "note = \"None.\"", "there are some"),
        ("note = \"Nothing is stated.\"\n", "", "`note` says why"),
        ("x.rs::it_is", "x.rs", "no PATH::TEST, case or README"),
        ("\"`a | b`\"", "\"\"", "`says` is empty"),
        ("verdict = \"true\"", "verdict = \"wrong\"", "`holds` says what is so"),
        ("verdict = \"opinion\"", "verdict = \"outdated\"", "it has no proof"),
        ("says = \"`a | b`\"", "twins = [\"G-9\"]\nsays = \"a\"", "its twin G-9 is not there"),
        ("[\"no\", \"yes\"]", "[\"yes\"]", "not two to nine answers"),
        ("right = 2", "right = 3", "counts the answers from 1: 3"),
        ("right = 2", "right = 0", "counts the answers from 1: 0"),
        ("proof = \"crates/sections/a/src/x.rs", "proof = \"crates/sections/a/src/z.rs", "a/z"),
        ("proof = \"crates/sections/a/src", "proof = \"crates/sections/a/tests", "no test"),
    ] {
        let said = refused(from, to);
        assert!(said.contains(why), "{from} → {to}: {said}");
    }
    let twice = read("prints", "x", "\n").unwrap_err();
    assert!(twice.contains("no field is called `x`"), "{twice}");
}
