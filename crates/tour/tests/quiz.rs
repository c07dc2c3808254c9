//! The quiz and the user's files: two at once, a full disk, no home; and an order that one can ask for.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, ChildStdout, Command, Output, Stdio};
use tempfile::TempDir;

/// Somebody whose progress is kept in a folder of this test.
struct User {
    folder: TempDir,
}

impl User {
    fn new() -> Self {
        Self { folder: TempDir::new().unwrap() }
    }

    fn file(&self) -> PathBuf {
        self.folder.path().join("async-rust-tour/quiz.txt")
    }

    fn kept(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    fn quiz(&self, words: &[&str]) -> Command {
        let mut tour = Command::new(env!("CARGO_BIN_EXE_tour"));
        tour.arg("quiz").args(words).env("XDG_STATE_HOME", self.folder.path());
        tour.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        tour
    }

    fn played(&self, words: &[&str], typed: &str) -> Output {
        played(&mut self.quiz(words), typed)
    }
}

fn played(quiz: &mut Command, typed: &str) -> Output {
    let mut child = quiz.spawn().unwrap();
    // A command that refuses at once has not waited for it.
    let _ = child.stdin.take().unwrap().write_all(typed.as_bytes());
    child.wait_with_output().unwrap()
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

/// A quiz that has asked its question and waits.
struct Waiting {
    child: Child,
    typed: ChildStdin,
    /// To its end: if nobody read it, the quiz could not print any more.
    shown: BufReader<ChildStdout>,
}

impl Waiting {
    fn start(user: &User, question: &str) -> Self {
        let mut child = user.quiz(&[question, "--seed", "7"]).spawn().unwrap();
        let typed = child.stdin.take().unwrap();
        let mut shown = BufReader::new(child.stdout.take().unwrap());
        let mut prompt = Vec::new();
        shown.read_until(b':', &mut prompt).unwrap();
        while !prompt.ends_with(b"q to quit:") {
            assert_ne!(shown.read_until(b':', &mut prompt).unwrap(), 0);
        }
        Self { child, typed, shown }
    }

    fn answer(mut self) {
        self.typed.write_all(b"1\n").unwrap();
        drop(self.typed);
        self.shown.read_to_end(&mut Vec::new()).unwrap();
        assert!(self.child.wait().unwrap().success());
    }
}

/// Each has read the file before the other writes it.
#[test]
fn two_quizzes_at_once_lose_no_answer() {
    let user = User::new();
    let questions = ["Q1", "Q2", "Q3", "lifo"];
    let waiting: Vec<_> = questions.iter().map(|id| Waiting::start(&user, id)).collect();
    waiting.into_iter().for_each(Waiting::answer);
    let kept = user.kept();
    let ids: Vec<_> = kept.lines().filter_map(|line| Some(line.split_once(' ')?.0)).collect();
    assert_eq!(ids, questions);
}

/// No byte can be written: to the program that is what a full disk is.
#[cfg(unix)] // limits the size of files with `ulimit`
#[test]
fn on_a_full_disk_the_old_file_stays_whole_and_is_named() {
    let user = User::new();
    user.played(&["Q1", "--seed", "7"], "1\n");
    let before = user.kept();
    let mut shell = Command::new("bash");
    let script = r#"trap '' XFSZ; ulimit -f 0; exec "$0" quiz Q2 Q3 --seed 7"#;
    shell.args(["-c", script, env!("CARGO_BIN_EXE_tour")]);
    shell.env("XDG_STATE_HOME", user.folder.path());
    shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let full = played(&mut shell, "1\n1\n");
    assert!(full.status.success(), "{full:?}");
    let said = format!("your progress is not kept: {}: ", user.file().display());
    assert!(text(&full.stderr).starts_with(&said), "{full:?}");
    assert_eq!(text(&full.stderr).lines().count(), 1, "it is said once: {full:?}");
    assert_eq!(user.kept(), before);
    let names = fs::read_dir(user.file().parent().unwrap()).unwrap();
    let mut names: Vec<_> = names.map(|entry| entry.unwrap().file_name()).collect();
    names.sort();
    assert_eq!(names, ["quiz.lock", "quiz.txt"]);
}

#[cfg(all(unix, not(target_os = "macos")))] // Windows and macOS have folders of their own
#[test]
fn a_home_that_takes_nothing_is_named_and_the_quiz_goes_on() {
    let user = User::new();
    let file = user.folder.path().join("file");
    fs::write(&file, "").unwrap();
    for (home, said) in [
        (
            file.to_str().unwrap(),
            format!("{}/.local/state/async-rust-tour/quiz.txt: Not a directory", file.display()),
        ),
        ("relative", "there is no home folder; XDG_STATE_HOME may name another one".to_string()),
    ] {
        let output =
            played(user.quiz(&["Q1"]).env_remove("XDG_STATE_HOME").env("HOME", home), "1\n");
        assert!(output.status.success(), "{output:?}");
        let stderr = text(&output.stderr);
        assert!(stderr.starts_with(&format!("your progress is not kept: {said}")), "{stderr}");
        assert!(text(&output.stdout).contains(" of 1 right, 0 not asked\n"), "{output:?}");
    }
}

/// Under its number, for each question.
fn answers(shown: &str) -> BTreeMap<String, Vec<String>> {
    let mut answers = BTreeMap::<_, Vec<_>>::new();
    let mut id = "";
    for line in shown.lines() {
        if line.contains('「') && line.ends_with('」') {
            id = line.split(' ').next().unwrap();
        } else if let Some((number, answer)) = line.trim_start().split_once("  ")
            && line.starts_with("  ")
            && number.parse::<usize>().is_ok()
        {
            answers.entry(id.to_string()).or_default().push(answer.to_string());
        }
    }
    answers
}

#[test]
fn a_seed_gives_the_order_again_and_is_said_where_none_was_asked_for() {
    let shown = |words: &[&str]| {
        let output = User::new().played(words, &"1\n".repeat(15));
        assert!(output.status.success(), "{output:?}");
        text(&output.stdout).to_string()
    };
    let any = shown(&[]);
    let seed = any.lines().next().unwrap().split_once("--seed ").unwrap().1;
    let seed = seed.trim_end_matches('.');
    assert_eq!(shown(&["--seed", seed]), any);
    assert_eq!(answers(&any).len(), 15);

    let sorted = |text: &str| {
        let mut answers = answers(text);
        answers.values_mut().for_each(|answers| answers.sort());
        answers
    };
    let (one, two) = (shown(&["--seed", "1"]), shown(&["--seed=2"]));
    assert_ne!(answers(&one), answers(&two));
    assert_eq!(sorted(&one), sorted(&two));
}

#[test]
fn the_score_counts_the_runs_before() {
    let user = User::new();
    let all = |output: &Output| text(&output.stdout).lines().last().unwrap().to_string();
    let mut right = 0;
    // Of each question, one of the answers is right: the last that is tried.
    for id in ["Q1", "lifo"] {
        for number in 1..=3 {
            let output = user.played(&[id, "--seed", "7"], &format!("{number}\n"));
            let is_right = text(&output.stdout).contains("\nRight.\n");
            right += i32::from(is_right);
            assert_eq!(all(&output), format!("In all: {right} of 15 right"));
            if is_right {
                break;
            }
        }
    }
    assert_eq!(right, 2);
    let nothing = user.played(&[], "");
    assert_eq!(all(&nothing), "In all: 2 of 15 right");
    assert!(!text(&nothing.stdout).contains("0 of 0"), "{nothing:?}");
}

#[cfg(unix)] // opens a folder as a file
#[test]
fn answers_that_cannot_be_read_are_said_to_be_that() {
    let user = User::new();
    let folder = fs::File::open(user.folder.path()).unwrap();
    let output = user.quiz(&["Q1"]).stdin(folder).output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(text(&output.stderr).starts_with("error: your answers cannot be read: "), "{output:?}");
}
