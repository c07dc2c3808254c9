//! The problems that programs show, and how people ask for them.

use super::check;
use super::facts::Facts;
use super::fields::{Fields, Source};
use super::{File, crates};
use crate::language::Text;

/// What people search for and a program shows.
#[derive(Debug, PartialEq)]
pub struct Problem {
    pub problem: Text,
    /// How people describe it, its symptoms too.
    pub words: Vec<&'static str>,
    /// The first is the one to begin with.
    pub programs: Vec<File>,
}

/// How a question is read.
#[derive(Debug, PartialEq)]
pub struct Words {
    /// What is left out of it.
    pub stop: Vec<&'static str>,
    /// Words and phrases that stand for each other.
    pub same: Vec<Vec<&'static str>>,
}

const PROBLEMS: Source = Source {
    path: "crates/tour/data/problems.toml",
    text: include_str!("../../data/problems.toml"),
};
const WORDS: Source =
    Source { path: "crates/tour/data/words.toml", text: include_str!("../../data/words.toml") };

pub(super) static FOUND: Facts<(Vec<Problem>, Words)> =
    Facts::new(|| Ok((problems_in(PROBLEMS)?, words_in(WORDS)?)));

/// In the order of the file.
pub fn problems() -> &'static [Problem] {
    &FOUND.get().0
}

pub fn words() -> &'static Words {
    &FOUND.get().1
}

fn problems_in(source: Source) -> Result<Vec<Problem>, String> {
    let problems = check::tables(source, "problem", problem)?;
    for (place, Problem { problem, .. }) in problems.iter().enumerate() {
        if problems[..place].iter().any(|other| other.problem.en == problem.en) {
            return Err(format!("{}: {}: it is there twice", source.path, problem.en));
        }
    }
    Ok(problems)
}

fn problem(fields: &Fields) -> Result<Problem, String> {
    fields.only(&["problem", "words", "programs"])?;
    let (words, programs) = (fields.texts("words")?, fields.texts("programs")?);
    if words.is_empty() || programs.is_empty() {
        return Err("it names no program, or no words".into());
    }
    let programs = check::files(crates(), &programs)?;
    Ok(Problem { problem: fields.both("problem")?, words, programs })
}

fn words_in(source: Source) -> Result<Words, String> {
    let fields = source.fields()?;
    fields.only(&["stop", "same"])?;
    let same = |fields: &Fields| {
        fields.only(&["words"])?;
        let words = fields.texts("words")?;
        let is_alone = words.len() < 2;
        if is_alone { Err(fields.wrong("it stands for nothing else")) } else { Ok(words) }
    };
    let same = fields.tables("same")?.iter().map(same).collect::<Result<_, _>>()?;
    Ok(Words { stop: fields.texts("stop")?, same })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"
[[problem]]
problem = "It hangs"
words = ["stuck"]
programs = ["join-select/try_join"]
"#;

    fn parsed(text: &str) -> Result<Vec<Problem>, String> {
        problems_in(Source { path: "problems.toml", text: String::from(text).leak() })
    }

    #[test]
    fn both_files_are_right() {
        assert_eq!(FOUND.checked(), Ok(()));
    }

    #[test]
    fn a_wrong_problem_is_named() {
        assert_eq!(parsed(ONE).unwrap()[0].programs[0].path(), "join-select/try_join");
        let refused = |from: &str, to: &str| {
            assert!(ONE.contains(from));
            parsed(&ONE.replace(from, to)).unwrap_err()
        };
        let said = refused("try_join", "try_jion");
        assert!(
            said.starts_with("problems.toml, line 2: ") && said.contains("try_join?"),
            "{said}"
        );
        assert!(refused("[\"stuck\"]", "[]").contains("no words"));
        assert!(refused("words", "wrods").contains("line 4: no field is called"));
        assert!(parsed(&format!("{ONE}{ONE}")).unwrap_err().contains("there twice"));
    }

    #[test]
    fn a_word_that_stands_for_nothing_is_refused() {
        let refused =
            words_in(Source { path: "w", text: "stop = []\n[[same]]\nwords = [\"one\"]" });
        assert!(refused.unwrap_err().contains("stands for nothing else"));
    }
}
