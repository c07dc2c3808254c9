use super::*;
use crate::map::questions as all;
use crate::quiz::{named, open};
use std::io::Cursor;
use tempfile::TempDir;

const ORDER: Order = Order(7);

/// Returns what is printed while `answers` are typed, and the programs that are started.
fn played(ids: &[&str], answers: &str, interactive: bool) -> (String, Vec<&'static str>) {
    let folder = TempDir::new().unwrap();
    let mut progress = Progress::of(Some(folder.path().join("quiz.txt"))).unwrap();
    let all = all();
    let ids: Vec<_> = ids.iter().map(|id| id.to_string()).collect();
    let questions = if ids.is_empty() { open(all, &progress) } else { named(all, &ids).unwrap() };
    let (mut output, mut started) = (Vec::new(), Vec::new());
    let answers = Cursor::new(answers);
    Seat { answers, output: &mut output, interactive, order: ORDER, width: 100 }
        .play(&questions, &mut progress, |file| {
            started.push(file.name);
            Ok(())
        })
        .unwrap();
    let text = String::from_utf8(output).unwrap();
    (anstream::adapter::strip_str(&text).to_string(), started)
}

/// The number of a right answer and one of a wrong one, as [`ORDER`] shows them.
fn numbers(id: &str) -> (usize, usize) {
    let all = all();
    let question = all.iter().find(|question| question.id == id).unwrap();
    let shown = ORDER.of(id, question.answers.len());
    let number = |is_right| {
        1 + shown.iter().position(|place| (*place == question.right) == is_right).unwrap()
    };
    (number(true), number(false))
}

#[test]
fn a_right_answer_is_explained_and_proved() {
    let (right, _) = numbers("lifo");
    let (text, _) = played(&["lifo"], &format!("{right}\n"), false);
    let expected = "\
The order of the answers is that of --seed 7.

lifo  deep dive 6.2「LIFO slot — cache 最適化」

On a multi-thread runtime with one worker, a task spawns A, B and C, in this
order, and ends. In which order do they run?

  1  C A B
  2  C B A
  3  A B C

1 to 3, or q to quit: 1

Right.
The slot holds one task. B pushed A out of it, and C pushed out B. Both went to
the back of the queue.

cargo test -p scheduler the_slot_takes_a_spawn_and_a_wake_alike
cargo run -p scheduler -- lifo_slot
    spawned A B C, run C A B

1 of 1 right, 0 not asked

In all: 1 of 15 right
";
    assert_eq!(text, expected);
}

#[test]
fn a_wrong_answer_names_the_right_one() {
    let (right, wrong) = numbers("lifo");
    let (text, _) = played(&["lifo"], &format!("{wrong}\n"), false);
    assert!(text.contains(&format!("Wrong: it is {right}, C A B\n")), "{text}");
    assert!(text.contains(&format!("\n  {right}  C A B\n")), "{text}");
    assert!(text.contains("\n0 of 1 right, 0 not asked\n"), "{text}");
}

#[test]
fn what_is_no_answer_is_asked_again() {
    let (right, _) = numbers("lifo");
    let (text, _) = played(&["lifo"], &format!("4\n0\nC A B\n\n　\n-1\n{right}\n"), false);
    assert_eq!(text.matches("1 to 3, or q to quit: ").count(), 7, "{text}");
    for wrong in ["4", "0", "C A B", "-1"] {
        assert!(text.contains(&format!("\"{wrong}\" is none of them\n")), "{text}");
    }
    assert!(text.contains("\n1 of 1 right, 0 not asked\n"), "{text}");
}

#[test]
fn the_end_of_the_input_and_a_q_end_with_the_score() {
    let ((right, _), (_, wrong)) = (numbers("Q1"), numbers("Q2"));
    for end in ["", "q\n", "Q\n", "ｑ\n", "　Ｑ　\n"] {
        let (text, _) = played(&[], &format!("{right}\n{wrong}\n{end}"), false);
        let score = "\n1 of 2 right, 13 not asked\n\nIn all: 1 of 15 right\n";
        assert!(text.ends_with(score), "{end:?}: {text}");
    }
    let (text, _) = played(&[], "", true);
    assert!(text.ends_with("quit: \n\nIn all: 0 of 15 right\n"), "{text}");
}

#[test]
fn full_width_is_as_good_as_half() {
    let (right, _) = numbers("lifo");
    let typed = char::from_u32(u32::from('０') + u32::try_from(right).unwrap()).unwrap();
    let (text, started) = played(&["lifo"], &format!("　{typed}　\nｙ\n"), true);
    assert!(text.contains("\n1 of 1 right"), "{text}");
    assert_eq!(started, ["lifo_slot"]);
}

#[test]
fn who_is_there_is_offered_the_program() {
    let questions = ["lifo", "thief", "wheel"];
    let [lifo, thief, wheel] = questions.map(numbers);
    let typed = format!("{}\ny\n{}\n\n{}\nno\n", lifo.0, thief.1, wheel.0);
    let (text, started) = played(&questions, &typed, true);
    assert_eq!(started, ["lifo_slot"]);
    assert_eq!(text.matches("Run it? [y/N]").count(), 3, "{text}");
    assert!(text.contains("\n2 of 3 right, 0 not asked\n"), "{text}");
    let (text, started) = played(&questions, "3\n2\n2\n", false);
    assert!(!text.contains("Run it?") && started.is_empty(), "{text}");
}

#[test]
fn no_control_sequence_that_is_typed_gets_back() {
    let (text, _) = played(&["lifo"], "\x1b[31m\u{9b}0m\x07\u{202e}\n", false);
    let typed = r"\u{1b}[31m\u{9b}0m\u{7}\u{202e}";
    assert!(text.contains(&format!(": {typed}\n\"{typed}\" is none of them\n")), "{text}");
}
