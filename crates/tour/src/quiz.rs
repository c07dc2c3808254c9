//! The quiz: a question, an answer, why it is right or wrong, and the program that proves it.

mod card;
mod command;
mod line;
mod order;
mod progress;
mod seat;
mod store;

pub use command::command;
pub use order::Order;
pub use progress::Progress;
pub use seat::{Cut, Seat};

use crate::failure::Failure;
use crate::find::or_find;
use crate::map::Question;
use anstyle::{AnsiColor, Style};

const TITLE: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();
const RIGHT: Style = AnsiColor::Green.on_default().bold();
const WRONG: Style = AnsiColor::Red.on_default().bold();

/// The questions of these ids, each once.
pub fn named<'a>(all: &'a [Question], ids: &[String]) -> Result<Vec<&'a Question>, Failure> {
    let one = |id: &String| {
        let found = all.iter().find(|question| question.id.eq_ignore_ascii_case(id));
        found.ok_or_else(|| {
            let known = all.iter().map(|question| question.id);
            let failure = Failure::wrong(format!("there is no question {id}"));
            or_find(failure.did_you_mean(id, known, "`cargo run -- quiz --list` lists them"), id)
        })
    };
    let mut questions = Vec::new();
    for id in ids {
        let question = one(id)?;
        if !questions.contains(&question) {
            questions.push(question);
        }
    }
    Ok(questions)
}

/// The questions that have not been answered right.
pub fn open<'a>(all: &'a [Question], progress: &Progress) -> Vec<&'a Question> {
    all.iter().filter(|question| progress.was_right(question.id) != Some(true)).collect()
}

/// How many of them are answered right by now, in this run or an earlier one: `3 of 15 right`.
fn score(all: &[Question], progress: &Progress) -> String {
    let right = all.len() - open(all, progress).len();
    format!("{right} of {} right", all.len())
}

/// One line for each question: its id, how it was answered, where it is from.
pub fn list(all: &[Question], progress: &Progress) -> String {
    let widest = all.iter().map(|question| question.id.len()).max().unwrap_or(0);
    let mut text = String::new();
    for Question { id, place, title, .. } in all {
        let (style, mark) = match progress.was_right(id) {
            Some(true) => (RIGHT, "right"),
            Some(false) => (WRONG, "wrong"),
            None => (DIM, "–"),
        };
        text += &format!("{id:widest$}  {style}{mark:5}{style:#}  {place}「{title}」\n");
    }
    text + &format!("\n{}\n", score(all, progress))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::questions as all;

    #[test]
    fn only_what_is_not_answered_right_is_asked_again() {
        let (all, mut progress) = (all(), Progress::nowhere());
        for (id, right) in [("Q1", true), ("Q2", false)] {
            // There is nowhere to keep it, but for now it is remembered.
            progress.record(id, right).unwrap_err();
        }
        let open: Vec<_> = open(all, &progress).iter().map(|question| question.id).collect();
        assert_eq!(open[..2], ["Q2", "Q3"]);
        assert_eq!(open.len(), all.len() - 1);
    }

    #[test]
    fn a_question_is_found_by_its_id_and_a_near_one_is_suggested() {
        let all = all();
        let found = named(all, &["lifo", "q1", "LIFO"].map(String::from)).unwrap();
        let found: Vec<_> = found.iter().map(|question| question.id).collect();
        assert_eq!(found, ["lifo", "Q1"]);
        let unknown = named(all, &["lfio".to_string()]).unwrap_err();
        assert!(format!("{unknown:?}").contains("did you mean lifo?"), "{unknown:?}");
    }

    #[test]
    fn the_list_has_a_line_for_each_question() {
        let (all, mut progress) = (all(), Progress::nowhere());
        for (id, right) in [("Q1", true), ("Q2", false)] {
            progress.record(id, right).unwrap_err();
        }
        let text = list(all, &progress);
        let text = anstream::adapter::strip_str(&text).to_string();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!(lines.len(), all.len() + 2);
        assert_eq!(
            lines[0],
            "Q1            right  deep dive 19「async fn はコンパイル時に何になる?」"
        );
        assert_eq!(lines[1], "Q2            wrong  deep dive 19「Waker の役割は?」");
        assert_eq!(lines[2], "Q3            –      deep dive 19「Pin が必要な理由は?」");
        assert_eq!(lines[16], "1 of 15 right");
    }
}
