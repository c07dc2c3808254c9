//! Promise: the quiz is polite on a pipe, and with the user's files. That its programs, tests and
//! lines are there is `written.rs`.

use crate::support::program;
use std::fs;
use std::io::Write;
use std::process::{Output, Stdio};
use std::sync::LazyLock;
use tempfile::TempDir;
use tour::data::{Question, questions};

/// The others have the heading of their section.
#[test]
fn the_first_seven_questions_are_those_of_the_document() {
    for (number, question) in (1..).zip(&questions()[..7]) {
        assert_eq!((question.id, question.place), (&*format!("Q{number}"), "deep dive 19"));
    }
    assert!(questions()[7..].iter().all(|question| question.place != "deep dive 19"));
}

#[test]
fn all_right_answers_on_a_pipe_are_a_full_score_that_is_kept() {
    let user = User::new();
    let questions = questions();
    let all = questions.len();
    let right: String = questions.iter().map(typed).collect();

    let list = user.quiz(&["--list"], "");
    assert!(text(&list.stdout).ends_with(&format!("\n0 of {all} right\n")), "{list:?}");
    let played = user.quiz(&[], &right);
    assert!(played.status.success(), "{played:?}");
    assert!(text(&played.stdout).contains(&format!("\n{all} of {all} right, 0 not asked\n")));
    for line in questions.iter().flat_map(|question| question.prints.lines()) {
        assert!(text(&played.stdout).contains(&format!("\n    {line}\n")), "{line}");
    }
    let again = user.quiz(&[], &right);
    assert!(text(&again.stdout).starts_with("All is answered right."), "{again:?}");

    assert!(user.quiz(&["--reset"], "").status.success());
    assert!(user.quiz(&["--reset"], "").status.success(), "there is nothing left to forget");
    let list = user.quiz(&["--list"], "");
    assert!(text(&list.stdout).ends_with(&format!("\n0 of {all} right\n")), "{list:?}");
}

#[test]
fn the_end_of_the_input_is_polite_and_the_next_run_goes_on() {
    let user = User::new();
    let [q1, q2, ..] = questions() else { panic!("there are more") };
    let first = user.quiz(&[], &["what?\n", &typed(q1), &typed_wrong(q2)].concat());
    assert!(first.status.success(), "{first:?}");
    let said = text(&first.stdout);
    assert!(said.contains("\"what?\" is none of them"), "{said}");
    assert!(said.contains("\n1 of 2 right, 13 not asked\n"), "{said}");
    assert_eq!(text(&first.stderr), "");

    let second = user.quiz(&[], "");
    assert!(second.status.success(), "{second:?}");
    let asked = text(&second.stdout).lines().nth(2).map(String::from);
    assert!(asked.is_some_and(|line| line.starts_with("Q2 ")), "{second:?}");
    assert!(text(&second.stdout).ends_with("\nIn all: 1 of 15 right\n"), "{second:?}");
}

/// Also not UTF-8, and a line without an end.
#[test]
fn any_bytes_on_stdin_are_an_answer_to_be_asked_again() {
    let user = User::new();
    let typed = format!("\0\n99999999999999999999\n{}", number(&questions()[0]));
    let output = user.quiz_with(&["Q1"], &[b"\xff\xfe\n", typed.as_bytes()].concat());
    assert!(output.status.success(), "{output:?}");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(said.matches("is none of them").count(), 3, "{said}");
    assert!(said.contains("\n1 of 1 right, 0 not asked\n"), "{said}");
}

#[test]
fn a_damaged_file_is_named_and_left_alone_until_it_is_reset() {
    let user = User::new();
    user.quiz(&["Q1"], &typed(&questions()[0]));
    let file = user.folder.path().join("async-rust-tour/quiz.txt");
    assert_eq!(fs::read_to_string(&file).unwrap(), "Q1 right\n");
    fs::write(&file, "Q1 right\nnonsense\n").unwrap();
    for words in [&[][..], &["--list"]] {
        let refused = user.quiz(words, "2\n");
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        assert_eq!(text(&refused.stdout), "");
        let said = text(&refused.stderr);
        assert!(said.contains("quiz.txt, line 2: ") && said.contains("--reset"), "{said}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "Q1 right\nnonsense\n");
    }
    assert!(user.quiz(&["--reset"], "").status.success());
    assert!(user.quiz(&["--list"], "").status.success());
}

/// A file stands where the folder would be: nobody can write there, whatever their rights.
#[test]
fn a_place_that_cannot_be_written_is_named_once_and_the_quiz_goes_on() {
    let user = User::new();
    fs::write(user.folder.path().join("async-rust-tour"), "mine").unwrap();
    let [q1, q2, ..] = questions() else { panic!("there are more") };
    let played = user.quiz(&["Q1", "Q2"], &[typed(q1), typed(q2)].concat());
    assert!(played.status.success(), "{played:?}");
    assert!(text(&played.stdout).contains("\n2 of 2 right, 0 not asked\n"), "{played:?}");
    let said = text(&played.stderr);
    assert!(said.starts_with("your progress is not kept: "), "{said}");
    assert_eq!(said.lines().count(), 1, "{said}");
    assert!(user.quiz(&["--reset"], "").status.success());
    assert_eq!(fs::read(user.folder.path().join("async-rust-tour")).unwrap(), b"mine");
}

#[test]
fn an_unknown_question_names_the_near_one() {
    let refused = User::new().quiz(&["lfio"], "");
    assert_eq!(refused.status.code(), Some(2), "{refused:?}");
    assert!(text(&refused.stderr).contains("did you mean lifo?"), "{refused:?}");
}

/// In this order of the answers everything here is played.
const SEED: &str = "--seed=7";

/// Types the number under which the right answer of a question is shown.
fn typed(question: &Question) -> String {
    format!("{}\n", number(question))
}

fn typed_wrong(question: &Question) -> String {
    format!("{}\n", if number(question) == 1 { 2 } else { 1 })
}

fn number(question: &Question) -> usize {
    // What the quiz shows to somebody who types anything.
    static SHOWN: LazyLock<String> =
        LazyLock::new(|| text(&User::new().quiz(&[], &"1\n".repeat(15)).stdout));
    let (_, shown) = SHOWN.split_once(&format!("\n{}  ", question.id)).expect("it is asked");
    let right = question.answers[question.right];
    let is_shown = |number: &usize| {
        let answer = format!("  {number}  {right}");
        shown.lines().take_while(|line| !line.contains("q to quit")).any(|line| line == answer)
    };
    (1..=9).find(is_shown).expect("it has a number")
}

/// Somebody whose progress is kept in a folder of this test.
struct User {
    folder: TempDir,
}

impl User {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn quiz(&self, words: &[&str], typed: &str) -> Output {
        self.quiz_with(words, typed.as_bytes())
    }

    fn quiz_with(&self, words: &[&str], typed: &[u8]) -> Output {
        let is_played = !words.iter().any(|word| word.starts_with("--"));
        let seed: &[_] = if is_played { &[SEED] } else { &[] };
        let mut child = program("tour")
            .args([&["quiz"], words, seed].concat())
            .env("XDG_STATE_HOME", self.folder.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // A command that refuses at once has not waited for it.
        let _ = child.stdin.take().unwrap().write_all(typed);
        child.wait_with_output().unwrap()
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}
