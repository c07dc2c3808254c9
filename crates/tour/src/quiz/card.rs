//! A question as it is shown, with its answers in some order, and what is said of an answer.

use super::{DIM, RIGHT, TITLE, WRONG};
use crate::map::Question;
use crate::run::command;
use crate::screen::wrap;
use std::io::{Result, Write};

/// No text is wider, however wide the terminal.
const WIDTH: usize = 80;

pub struct Card<'a> {
    pub question: &'a Question,
    /// The places of its answers, in the order in which they are shown.
    pub shown: &'a [usize],
    /// The columns of the terminal.
    pub width: usize,
}

impl Card<'_> {
    pub fn put(&self, output: &mut impl Write) -> Result<()> {
        let Question { id, place, title, prompt, answers, .. } = self.question;
        writeln!(output, "\n{TITLE}{id}{TITLE:#}  {place}「{TITLE}{title}{TITLE:#}」")?;
        for paragraph in prompt.split("\n\n") {
            writeln!(output)?;
            match paragraph.starts_with(' ') {
                true => writeln!(output, "{paragraph}")?,
                false => self.sentence(output, paragraph)?,
            }
        }
        writeln!(output)?;
        for (number, &place) in (1..).zip(self.shown) {
            writeln!(output, "  {number}  {}", answers[place])?;
        }
        writeln!(output)
    }

    pub fn explain(&self, output: &mut impl Write, is_right: bool) -> Result<()> {
        let Question { program, test, prints, why, right, answers, .. } = self.question;
        if is_right {
            writeln!(output, "\n{RIGHT}Right.{RIGHT:#}")?;
        } else {
            let number = 1 + self.shown.iter().take_while(|place| *place != right).count();
            let answer = answers[*right];
            writeln!(output, "\n{WRONG}Wrong:{WRONG:#} it is {number}, {answer}")?;
        }
        self.sentence(output, why)?;
        writeln!(output, "\n{DIM}cargo test -p {} {test}{DIM:#}", program.krate)?;
        writeln!(output, "{DIM}{}{DIM:#}", command(program))?;
        for line in prints.lines() {
            writeln!(output, "    {line}")?;
        }
        Ok(())
    }

    fn sentence(&self, output: &mut impl Write, text: &str) -> Result<()> {
        for line in wrap(&text.replace('\n', " "), self.width.min(WIDTH)) {
            writeln!(output, "{line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::questions as all;
    use unicode_width::UnicodeWidthStr;

    /// Each is a short line even where the terminal is 80 columns wide.
    #[test]
    fn no_answer_is_wider_than_a_terminal() {
        for question in all() {
            let lines = question.answers.iter().copied();
            for line in lines.chain(question.prompt.lines().filter(|line| line.starts_with(' '))) {
                assert!(line.width() <= 75, "{line}");
            }
        }
    }

    #[test]
    fn a_sentence_fits_a_narrow_terminal() {
        for question in all() {
            let mut text = Vec::new();
            let card = Card { question, shown: &[], width: 20 };
            card.sentence(&mut text, question.why).unwrap();
            let text = String::from_utf8(text).unwrap();
            assert!(text.lines().all(|line| line.width() <= 20), "{text}");
        }
    }
}
