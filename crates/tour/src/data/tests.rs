mod refused;

use super::check;
use super::fields::Source;
use super::source::Files;
use super::*;
use crate::language::Text;
use unicode_width::UnicodeWidthStr;

const CRATES: &str = r#"
[[crate]]
name = "a"
shows = "things"
files = ["x"]
on_request = ["y"]
ja.shows = "もの"
[crate.notes]
y = "hangs"
"#;

const CLAIMS: &str = r#"
[a]
x = "そうである。"
y = ""
"#;

const GUIDE: &str = r#"
[[section]]
id = "0"
note = "Its sections have them."

[[section]]
id = "1"
heading = "one"

[[section]]
id = "1.1"
heading = "first"
shows = "a thing"
files = ["a/x", "a/y"]

[[section.statement]]
id = "G-1.1-1"
verdict = "true"
at = "二つの語"
says = "`a | b`"
ja.says = "どちらか"
proofs = ["crates/sections/a/src/x.rs::it_is", "crates/sections/a/README.md"]
since = "Rust 1.85"

[[section.statement]]
id = "G-1.1-2"
verdict = "opinion"
says = "Best."
holds = "A matter of taste."

[[section]]
id = "2"
heading = "two"
note = "Nothing is stated."

[[section]]
id = "3"
heading = "three"
shows = "a thing"
files = ["a/x"]
command = "quiz"
note = "Nothing is stated."

[[section.line]]
text = "One."
files = ["a/x"]
truth = "Two."

[[section]]
id = "4"
shows = "a thing"
scripts = ["scripts/size all"]
note = "Nothing is stated."

[[section]]
id = "5"
shows = "a thing"
files = ["a/x"]
scripts = ["scripts/size"]
note = "Nothing is stated."
"#;

const QUIZ: &str = r#"
[[question]]
id = "q"
section = "guide 1.1"
prompt = '''
One?

    code
'''
answers = ["no", "yes"]
right = 2
why = "Because."
proof = "crates/sections/a/src/x.rs::it_is"
prints = '''
one
two
'''
"#;

/// These four, of which one may have `to` in place of `from`, as `lines` end there.
fn read(from: &str, to: &str, lines: &str) -> Result<Data, String> {
    assert!([CRATES, CLAIMS, GUIDE, QUIZ].iter().any(|text| text.contains(from)), "{from}");
    let source = |path, text: &str| {
        let text = text.replacen(from, to, 1).replace('\n', lines);
        Source { path, text: text.leak() }
    };
    let (crates, quiz) = (source("crates.toml", CRATES), source("quiz.toml", QUIZ));
    let guide = vec![source("guide.toml", GUIDE)];
    let claims = source("claims.toml", CLAIMS);
    check::data(&Files { guide, deep_dive: Vec::new(), crates, claims, quiz })
}

fn refused(from: &str, to: &str) -> String {
    read(from, to, "\n").unwrap_err()
}

fn small() -> Data {
    read("", "", "\n").unwrap()
}

#[test]
fn everything_is_there() {
    assert_eq!(checked(), Ok(()));
    let [guide, deep_dive] = documents();
    assert_eq!((guide.sections.len(), deep_dive.sections.len()), (56, 71));
    assert_eq!(crates().len(), 27);
    let ids: Vec<_> = questions().iter().map(|question| question.id).collect();
    assert_eq!(
        ids.join(" "),
        "Q1 Q2 Q3 Q4 Q5 Q6 Q7 lifo yield budget thief wheel lag join_all try_join_all"
    );
}

#[test]
fn a_checkout_of_windows_has_the_same_data() {
    assert_eq!(read("", "", "\r\n"), read("", "", "\n"));
}

#[test]
fn what_one_sees_fits_60_columns() {
    for section in documents().iter().flat_map(|document| &document.sections) {
        let Text { en, ja } = section.shows;
        assert!(en.width() <= 60 && ja.width() <= 60, "{en}, {ja}");
    }
}

#[test]
fn a_section_names_its_files_and_who_waits_for_the_user() {
    let Data { documents: [guide, _], crates, .. } = small();
    let contents: Vec<_> = guide.sections.iter().map(|section| &section.content).collect();
    let x = File { krate: "a", name: "x", on_request: false };
    let y = File { krate: "a", name: "y", on_request: true };
    let programs = Content::Programs(vec![x, y]);
    assert_eq!(contents[..3], [&Content::Chapter, &programs, &Content::Prose]);
    assert_eq!((crates[0].note("y"), crates[0].note("x")), (Some(Text::new("hangs", "")), None));
    assert_eq!((crates[0].file("y"), crates[0].file("z")), (Some(y), None));
}

#[test]
fn a_section_names_a_command_or_a_script_beside_its_files_or_alone() {
    let Data { documents: [guide, _], .. } = small();
    let row = |id| {
        let section = guide.section(id).unwrap();
        (section.command, &*section.scripts, section.files().len(), section.is_a_script())
    };
    assert_eq!(row("3"), (Some("quiz"), &[][..], 1, false));
    assert_eq!(row("4"), (None, &["scripts/size all"][..], 0, true));
    assert_eq!(row("5"), (None, &["scripts/size"][..], 1, false));
    let runs = guide.sections.iter().filter(|section| guide.runs(section));
    let runs: Vec<_> = runs.map(|section| section.id).collect();
    assert_eq!(runs, ["1", "1.1", "3", "4", "5"]);
}

#[test]
fn a_section_has_its_statements_or_says_why_not() {
    let Data { documents: [guide, _], .. } = small();
    let ledger: Vec<_> = guide.ledger().map(|section| (section.id, section.note.en)).collect();
    assert_eq!(
        ledger[..3],
        [("0", "Its sections have them."), ("1.1", ""), ("2", "Nothing is stated."),]
    );
    let [proven, best] = &guide.section("1.1").unwrap().statements[..] else { panic!("not two") };
    assert_eq!((proven.id, proven.verdict, proven.since), ("G-1.1-1", Verdict::True, "Rust 1.85"));
    assert_eq!((proven.says.en, proven.holds.en, proven.proofs.len()), ("`a | b`", "", 2));
    assert_eq!((best.verdict, best.proofs.len()), (Verdict::Opinion, 0));
    assert_eq!(guide.section("3").unwrap().lines[0].truth.en, "Two.");
}

#[test]
fn a_text_has_its_japanese_and_a_statement_its_place() {
    let Data { documents: [guide, _], crates, .. } = small();
    let [proven, best] = &guide.section("1.1").unwrap().statements[..] else { panic!("not two") };
    assert_eq!((proven.at, proven.says), ("二つの語", Text::new("`a | b`", "どちらか")));
    assert_eq!((best.at, best.says), ("", Text::new("Best.", "")));
    assert_eq!(crates[0].shows, Text::new("things", "もの"));
    assert_eq!((crates[0].claim_ja("x"), crates[0].claim_ja("y")), (Some("そうである。"), None));
}

#[test]
fn a_question_has_all_its_parts() {
    let expected = Question {
        id: "q",
        place: "guide 1.1",
        title: "first",
        prompt: "One?\n\n    code",
        answers: vec!["no", "yes"],
        right: 1,
        why: "Because.",
        program: File { krate: "a", name: "x", on_request: false },
        test: "it_is",
        prints: "one\ntwo",
    };
    assert_eq!(small().questions, [expected]);
    let own = read("prompt", "title = \"Why?\"\nprompt", "\n").unwrap();
    assert_eq!(own.questions[0].title, "Why?");
}

#[test]
fn a_chapter_is_its_sections_in_order() {
    let [guide, _] = documents();
    let ids = |chapter| {
        let sections = guide.within(guide.section(chapter).unwrap());
        sections.map(|section| section.id).collect::<Vec<_>>()
    };
    // Not 10.1, 10.2, …
    assert_eq!(ids("1"), ["1", "1.1", "1.2", "1.3"]);
    assert_eq!(ids("faq"), ["FAQ", "Q1", "Q2", "Q3", "Q4", "Q5", "Q6"]);
}

#[test]
fn a_file_knows_its_places() {
    let [guide, deep_dive] = documents();
    let file = guide.section("2.1").unwrap().files()[0];
    let places: Vec<_> = file.places().map(|(document, section)| (document, section.id)).collect();
    assert_eq!(places, [(guide, "2.1"), (guide, "まとめ"), (deep_dive, "2.1")]);
}
