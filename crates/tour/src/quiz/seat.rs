//! Somebody in front of the quiz: what is asked, and what he types.

use super::{DIM, Progress, Question, RIGHT, TITLE, WRONG};
use crate::failure::Failure;
use crate::map::File;
use crate::run::command;
use crate::show::wrap;
use std::io::{self, BufRead, Write};

const WIDTH: usize = 80;

/// Where the user is.
pub struct Seat<R, W> {
    pub answers: R,
    pub output: W,
    /// Somebody who sees what is printed types the answers: he can be offered something.
    pub interactive: bool,
}

impl<R: BufRead, W: Write> Seat<R, W> {
    /// Asks until the answers end. `run` starts the program of a question if the user wants that.
    pub fn play(
        &mut self,
        questions: &[&Question],
        progress: &mut Progress,
        mut run: impl FnMut(&File) -> Result<(), Failure>,
    ) -> io::Result<()> {
        let (mut asked, mut right, mut kept) = (0, 0, true);
        for question in questions {
            self.put(question)?;
            let Some(answer) = self.answer(question.answers.len())? else {
                break;
            };
            asked += 1;
            let is_right = answer == question.right;
            right += usize::from(is_right);
            if let Err(error) = progress.record(question.id, is_right)
                && std::mem::replace(&mut kept, false)
            {
                anstream::eprintln!("{WRONG}your progress is not kept:{WRONG:#} {error}");
            }
            self.explain(question, is_right)?;
            self.offer(question, &mut run)?;
        }
        let left = questions.len() - asked;
        writeln!(self.output, "\n{right} of {asked} right, {left} not asked")?;
        self.output.flush()
    }

    fn put(&mut self, question: &Question) -> io::Result<()> {
        let Question { id, place, title, .. } = question;
        writeln!(self.output, "\n{TITLE}{id}{TITLE:#}  {place}「{TITLE}{title}{TITLE:#}」")?;
        for paragraph in question.prompt.split("\n\n") {
            writeln!(self.output)?;
            match paragraph.starts_with(' ') {
                true => writeln!(self.output, "{paragraph}")?,
                false => self.sentence(paragraph)?,
            }
        }
        writeln!(self.output)?;
        for (number, answer) in (1..).zip(&question.answers) {
            writeln!(self.output, "  {number}  {answer}")?;
        }
        writeln!(self.output)
    }

    /// The place of an answer; `None` if the user wants no more, or the input ends.
    fn answer(&mut self, count: usize) -> io::Result<Option<usize>> {
        loop {
            write!(self.output, "1 to {count}, or q to quit: ")?;
            let Some(line) = self.line()? else {
                return Ok(None);
            };
            match line.parse::<usize>() {
                Ok(number) if (1..=count).contains(&number) => return Ok(Some(number - 1)),
                _ if line.eq_ignore_ascii_case("q") => return Ok(None),
                _ if line.is_empty() => {}
                _ => writeln!(self.output, "{line:?} is none of them")?,
            }
        }
    }

    fn explain(&mut self, question: &Question, is_right: bool) -> io::Result<()> {
        let Question { program, test, prints, why, .. } = question;
        match is_right {
            true => writeln!(self.output, "\n{RIGHT}Right.{RIGHT:#}")?,
            false => {
                let (number, answer) = (question.right + 1, question.answers[question.right]);
                writeln!(self.output, "\n{WRONG}Wrong:{WRONG:#} it is {number}, {answer}")?;
            }
        }
        self.sentence(why)?;
        writeln!(self.output, "\n{DIM}cargo test -p {} {test}{DIM:#}", program.krate)?;
        writeln!(self.output, "{DIM}{}{DIM:#}", command(program))?;
        for line in prints.lines() {
            writeln!(self.output, "    {line}")?;
        }
        Ok(())
    }

    fn offer(
        &mut self,
        question: &Question,
        run: &mut impl FnMut(&File) -> Result<(), Failure>,
    ) -> io::Result<()> {
        if !self.interactive {
            return Ok(());
        }
        write!(self.output, "\nRun it? [y/N] ")?;
        let wanted = self.line()?.is_some_and(|line| line.to_lowercase().starts_with('y'));
        if wanted && let Err(failure) = run(&question.program) {
            // Said on stderr. The quiz goes on.
            failure.report();
        }
        Ok(())
    }

    /// What the user types, or `None` at the end of the input.
    fn line(&mut self) -> io::Result<Option<String>> {
        self.output.flush()?;
        let mut bytes = Vec::new();
        let is_end = self.answers.read_until(b'\n', &mut bytes)? == 0;
        let line = String::from_utf8_lossy(&bytes).trim().to_string();
        // In a pipe nobody sees what was typed, nor the end of the line.
        if is_end || !self.interactive {
            writeln!(self.output, "{line}")?;
        }
        Ok((!is_end).then_some(line))
    }

    fn sentence(&mut self, text: &str) -> io::Result<()> {
        for line in wrap(&text.replace('\n', " "), WIDTH) {
            writeln!(self.output, "{}", line.trim_end())?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::quiz::{all, named, open};
    use std::io::Cursor;

    /// What is printed while `answers` are typed, and the programs that are started.
    fn played(ids: &[&str], answers: &str, interactive: bool) -> (String, Vec<&'static str>) {
        let (all, mut progress) = (all(), Progress::nowhere());
        let ids: Vec<_> = ids.iter().map(|id| id.to_string()).collect();
        let questions =
            if ids.is_empty() { open(&all, &progress) } else { named(&all, &ids).unwrap() };
        let (mut output, mut started) = (Vec::new(), Vec::new());
        let answers = Cursor::new(answers);
        Seat { answers, output: &mut output, interactive }
            .play(&questions, &mut progress, |file| {
                started.push(file.name);
                Ok(())
            })
            .unwrap();
        let text = String::from_utf8(output).unwrap();
        (anstream::adapter::strip_str(&text).to_string(), started)
    }

    #[test]
    fn a_right_answer_is_explained_and_proved() {
        let (text, _) = played(&["lifo"], "3\n", false);
        let expected = "
lifo  deep dive 6.2「LIFO slot — cache 最適化」

On a multi-thread runtime with one worker, a task spawns A, B and C, in this
order, and ends. In which order do they run?

  1  A B C
  2  C B A
  3  C A B

1 to 3, or q to quit: 3

Right.
The slot holds one task. C has pushed out B, and B had pushed out A: both have
gone to the back of the queue.

cargo test -p scheduler the_slot_takes_a_spawn_and_a_wake_alike
cargo run -p scheduler -- lifo_slot
    spawn A B C: C A B

1 of 1 right, 0 not asked
";
        assert_eq!(text, expected);
    }

    #[test]
    fn a_wrong_answer_names_the_right_one() {
        let (text, _) = played(&["lifo"], "1\n", false);
        assert!(text.contains("Wrong: it is 3, C A B\n"), "{text}");
        assert!(text.ends_with("0 of 1 right, 0 not asked\n"), "{text}");
    }

    #[test]
    fn what_is_no_answer_is_asked_again() {
        let (text, _) = played(&["lifo"], "4\n0\nC A B\n\n-1\n3\n", false);
        assert_eq!(text.matches("1 to 3, or q to quit: ").count(), 6, "{text}");
        for wrong in ["4", "0", "C A B", "-1"] {
            assert!(text.contains(&format!("{wrong:?} is none of them\n")), "{text}");
        }
        assert!(text.ends_with("1 of 1 right, 0 not asked\n"), "{text}");
    }

    #[test]
    fn the_end_of_the_input_and_a_q_end_with_the_score() {
        for end in ["", "q\n", "Q\n"] {
            let (text, _) = played(&[], &format!("2\n1\n{end}"), false);
            assert!(text.ends_with("1 of 2 right, 13 not asked\n"), "{end:?}: {text}");
        }
        let (text, _) = played(&[], "", true);
        assert!(text.ends_with("\n\n0 of 0 right, 15 not asked\n"), "{text}");
    }

    #[test]
    fn who_is_there_is_offered_the_program() {
        let questions = ["lifo", "thief", "wheel"];
        let (text, started) = played(&questions, "3\ny\n1\n\n2\nno\n", true);
        assert_eq!(started, ["lifo_slot"]);
        assert_eq!(text.matches("Run it? [y/N]").count(), 3, "{text}");
        assert!(text.ends_with("2 of 3 right, 0 not asked\n"), "{text}");
        let (text, started) = played(&questions, "3\n2\n2\n", false);
        assert!(!text.contains("Run it?") && started.is_empty(), "{text}");
    }

    /// Each is a short line even where the terminal is 80 columns wide.
    #[test]
    fn no_answer_is_wider_than_a_terminal() {
        for question in all() {
            let lines = question.answers.iter().copied();
            for line in lines.chain(question.prompt.lines().filter(|line| line.starts_with(' '))) {
                assert!(unicode_width::UnicodeWidthStr::width(line) <= 75, "{line}");
            }
        }
    }
}
