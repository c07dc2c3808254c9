//! The problems that programs show, and how people ask for them.

use super::check;
use super::facts::Facts;
use super::fields::{Fields, Source};
use super::{File, crates};
use crate::language::Text;

/// A problem that people search for and a program shows.
#[derive(Debug, PartialEq)]
pub struct Problem {
    pub problem: Text,
    /// How people describe it, its symptoms too.
    pub words: Vec<&'static str>,
    /// The first is the one to begin with.
    pub programs: Vec<File>,
    /// That of its [`Group`].
    pub group: &'static str,
}

/// Problems of one kind, which a list shows together.
#[derive(Debug, PartialEq)]
pub struct Group {
    pub id: &'static str,
    pub name: Text,
}

/// A service that people report about. `cargo run -p incidents -- start NAME` is its report.
#[derive(Debug, PartialEq)]
pub struct Incident {
    pub name: &'static str,
    /// The first line of the report.
    pub problem: Text,
    pub words: Vec<&'static str>,
}

/// A problem that the service of crates/service solves as a whole, and no snippet alone.
#[derive(Debug, PartialEq)]
pub struct Service {
    pub problem: Text,
    pub words: Vec<&'static str>,
    /// The words after `scripts/service` that show it.
    pub runs: &'static str,
    /// The file to read, below crates/service.
    pub file: &'static str,
}

impl Group {
    pub fn problems(&self) -> impl Iterator<Item = &'static Problem> {
        problems().iter().filter(|problem| problem.group == self.id)
    }
}

/// How a question is read.
#[derive(Debug, PartialEq)]
pub struct Words {
    /// The words that are left out of it.
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

#[derive(Debug, PartialEq)]
pub(super) struct Found {
    groups: Vec<Group>,
    problems: Vec<Problem>,
    incidents: Vec<Incident>,
    services: Vec<Service>,
}

pub(super) static FOUND: Facts<Found> = Facts::new(|| found_in(PROBLEMS));
pub(super) static KNOWN: Facts<Words> = Facts::new(|| words_in(WORDS));

/// In the order of the file.
pub fn groups() -> &'static [Group] {
    &FOUND.get().groups
}

/// In the order of the file.
pub fn problems() -> &'static [Problem] {
    &FOUND.get().problems
}

/// In the order in which they are diagnosed.
pub fn incidents() -> &'static [Incident] {
    &FOUND.get().incidents
}

/// In the order of the file.
pub fn services() -> &'static [Service] {
    &FOUND.get().services
}

pub fn words() -> &'static Words {
    KNOWN.get()
}

fn found_in(source: Source) -> Result<Found, String> {
    let file = source.fields()?;
    file.only(&["group", "problem", "incident", "service"])?;
    let groups = check::all(&file, "group", |fields| {
        fields.only(&["id", "name"])?;
        Ok(Group { id: fields.text("id")?, name: fields.both("name")? })
    })?;
    let problems = check::all(&file, "problem", |fields| problem(fields, &groups))?;
    for (place, Problem { problem, .. }) in problems.iter().enumerate() {
        if problems[..place].iter().any(|other| other.problem.en == problem.en) {
            return Err(format!("{}: {}: it is there twice", source.path, problem.en));
        }
    }
    let incidents = check::all(&file, "incident", incident)?;
    let services = check::all(&file, "service", service)?;
    Ok(Found { groups, problems, incidents, services })
}

fn problem(fields: &Fields, groups: &[Group]) -> Result<Problem, String> {
    fields.only(&["group", "problem", "words", "programs"])?;
    let (group, words) = (fields.text("group")?, fields.texts("words")?);
    let programs = fields.texts("programs")?;
    if words.is_empty() || programs.is_empty() {
        return Err("it names no program, or no words".into());
    }
    let known = || groups.iter().map(|group| group.id);
    if !known().any(|id| id == group) {
        return Err(check::unknown("the group", group, known()));
    }
    let programs = check::files(crates(), &programs)?;
    Ok(Problem { problem: fields.both("problem")?, words, programs, group })
}

fn incident(fields: &Fields) -> Result<Incident, String> {
    fields.only(&["name", "problem", "words"])?;
    let (name, words) = (fields.text("name")?, fields.texts("words")?);
    Ok(Incident { name, problem: fields.both("problem")?, words })
}

fn service(fields: &Fields) -> Result<Service, String> {
    fields.only(&["problem", "words", "runs", "file"])?;
    let (words, runs, file) = (fields.texts("words")?, fields.text("runs")?, fields.text("file")?);
    Ok(Service { problem: fields.both("problem")?, words, runs, file })
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
group = "ends"
problem = "It hangs"
words = ["stuck"]
programs = ["join-select/try_join"]
"#;

    fn parsed(text: &str) -> Result<Vec<Problem>, String> {
        let text = format!("{text}[[group]]\nid = 'ends'\nname = 'Ends'\n").leak();
        found_in(Source { path: "problems.toml", text }).map(|found| found.problems)
    }

    #[test]
    fn both_files_are_right() {
        assert_eq!((FOUND.checked(), KNOWN.checked()), (Ok(()), Ok(())));
    }

    #[test]
    fn every_group_has_problems_and_every_problem_one_group() {
        let of = |group: &Group| group.problems().count();
        assert!(groups().iter().all(|group| of(group) > 0));
        assert_eq!(groups().iter().map(of).sum::<usize>(), problems().len());
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
        assert!(refused("words", "wrods").contains("line 5: no field is called"));
        assert!(refused("ends", "end").contains("the group end is unknown; did you mean ends?"));
        assert!(parsed(&format!("{ONE}{ONE}")).unwrap_err().contains("there twice"));
    }

    #[test]
    fn a_word_that_stands_for_nothing_is_refused() {
        let refused =
            words_in(Source { path: "w", text: "stop = []\n[[same]]\nwords = [\"one\"]" });
        assert!(refused.unwrap_err().contains("stands for nothing else"));
    }
}
