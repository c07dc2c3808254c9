//! `quiz` on the command line.

use crate::map;
use crate::suggested::Suggested;
use crate::typed::folded;
use clap::{Arg, ArgAction, ArgGroup, Command};

pub fn command() -> Command {
    let flag = |name, help| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let ids = map::questions().iter().map(|question| question.id);
    Command::new("quiz")
        .about("Asks the questions of deep dive 19, and others, and keeps your progress")
        .arg(
            Arg::new("question")
                .value_name("QUESTION")
                .num_args(1..)
                .hide_possible_values(true)
                .value_parser(Suggested::new(ids))
                .help("A question as `--list` names it; by default all that you have not answered right"),
        )
        .arg(flag("list", "Lists the questions with your progress"))
        .arg(flag("reset", "Forgets your progress"))
        .arg(
            Arg::new("seed")
                .long("seed")
                .value_name("NUMBER")
                .conflicts_with_all(["list", "reset"])
                .value_parser(|typed: &str| folded(typed).parse::<u64>())
                .help("Gives the answers in the same order for the same number"),
        )
        .group(ArgGroup::new("what").args(["question", "list", "reset"]))
}
