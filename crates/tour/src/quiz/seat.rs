//! Somebody in front of the quiz: what is asked, and what they type.

use super::card::Card;
use super::{DIM, Order, Progress, WRONG, line, score};
use crate::failure::{Failure, aside};
use crate::map::{self, File, Question};
use crate::typed::folded;
use crate::visible::visible;
use std::io::{self, BufRead, Write};

/// Where the user is.
pub struct Seat<R, W> {
    pub answers: R,
    pub output: W,
    /// Somebody who sees what is printed types the answers, so they can be offered something.
    pub interactive: bool,
    pub order: Order,
    /// The columns of the terminal.
    pub width: usize,
}

/// Why a quiz ends before its end.
#[derive(Debug)]
pub enum Cut {
    Input(io::Error),
    Output(io::Error),
}

/// All that `?` is used for is printing.
impl From<io::Error> for Cut {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

impl<R: BufRead, W: Write> Seat<R, W> {
    /// Asks until the answers end. `run` starts the program of a question if the user wants that.
    pub fn play(
        &mut self,
        questions: &[&Question],
        progress: &mut Progress,
        mut run: impl FnMut(&File) -> Result<(), Failure>,
    ) -> Result<(), Cut> {
        let (mut asked, mut right, mut kept) = (0, 0, true);
        let seed = self.order.0;
        writeln!(self.output, "{DIM}The order of the answers is that of --seed {seed}.{DIM:#}")?;
        for question in questions {
            let shown = self.order.of(question.id, question.answers.len());
            let card = Card { question, shown: &shown, width: self.width };
            card.put(&mut self.output)?;
            let Some(number) = self.answer(shown.len())? else {
                break;
            };
            asked += 1;
            let is_right = shown[number] == question.right;
            right += usize::from(is_right);
            if let Err(error) = progress.record(question.id, is_right)
                && std::mem::replace(&mut kept, false)
            {
                let error = visible(&error);
                aside(&format!("{WRONG}your progress is not kept:{WRONG:#} {error}\n"));
            }
            card.explain(&mut self.output, is_right)?;
            self.offer(question, &mut run)?;
        }
        if asked > 0 {
            let left = questions.len() - asked;
            writeln!(self.output, "\n{right} of {asked} right, {left} not asked")?;
        }
        writeln!(self.output, "\nIn all: {}", score(map::questions(), progress))?;
        Ok(self.output.flush()?)
    }

    /// Which of the answers shown, from 0; `None` if the user wants no more, or the input ends.
    fn answer(&mut self, count: usize) -> Result<Option<usize>, Cut> {
        loop {
            write!(self.output, "1 to {count}, or q to quit: ")?;
            let Some(line) = self.line()? else {
                return Ok(None);
            };
            let meant = folded(&line);
            match meant.parse::<usize>() {
                Ok(number) if (1..=count).contains(&number) => return Ok(Some(number - 1)),
                _ if meant.eq_ignore_ascii_case("q") => return Ok(None),
                _ if meant.is_empty() => {}
                _ => writeln!(self.output, "\"{line}\" is none of them")?,
            }
        }
    }

    fn offer(
        &mut self,
        question: &Question,
        run: &mut impl FnMut(&File) -> Result<(), Failure>,
    ) -> Result<(), Cut> {
        if !self.interactive {
            return Ok(());
        }
        write!(self.output, "\nRun it? [y/N] ")?;
        let wanted = self.line()?.is_some_and(|line| folded(&line).to_lowercase().starts_with('y'));
        if wanted && let Err(failure) = run(&question.program) {
            // Said on stderr. The quiz goes on, so the exit code is not of it.
            let _code = failure.report();
        }
        Ok(())
    }

    /// Reads what the user types, safe to be printed, or `None` at the end of the input.
    fn line(&mut self) -> Result<Option<String>, Cut> {
        self.output.flush()?;
        let bytes = line::next(&mut self.answers).map_err(Cut::Input)?;
        let line = bytes.map(|bytes| visible(String::from_utf8_lossy(&bytes).trim()));
        // In a pipe nobody sees what was typed, nor the end of the line.
        if line.is_none() || !self.interactive {
            writeln!(self.output, "{}", line.as_deref().unwrap_or_default())?;
        }
        Ok(line)
    }
}

#[cfg(test)]
mod tests;
