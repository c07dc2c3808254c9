//! The exercises, and the section that each belongs to.

use super::facts::Facts;
use super::fields::{Fields, Source};
use super::{Document, Section, check, documents};

/// `crates/exercises/exercises/DIR/NAME.rs`.
#[derive(Debug)]
pub struct Exercise {
    pub name: &'static str,
    pub dir: &'static str,
    /// For whoever is stuck. It ends with the command of the section.
    pub hint: &'static str,
    /// The section whose command its hint names.
    pub document: &'static Document,
    pub section: &'static Section,
}

const SOURCE: Source = Source {
    path: "crates/exercises/info.toml",
    text: include_str!("../../../exercises/info.toml"),
};

pub(super) static EXERCISES: Facts<Vec<Exercise>> = Facts::new(|| read(SOURCE));

/// In the order in which one does them.
pub fn exercises() -> &'static [Exercise] {
    EXERCISES.get()
}

/// The rustlings program has more fields for its own use, and checks them itself.
fn read(source: Source) -> Result<Vec<Exercise>, String> {
    let file = source.fields()?;
    file.tables("exercises")?.iter().map(exercise).collect()
}

fn exercise(fields: &Fields) -> Result<Exercise, String> {
    let wrong = |why: String| fields.wrong(&why);
    let hint = fields.text("hint")?;
    let command = hint.split("`cargo run -- ").nth(1);
    let command = command.and_then(|rest| rest.split('`').next());
    let command = command.ok_or_else(|| wrong("the hint names no `cargo run -- …`".into()))?;
    let known = documents().iter().find(|it| command.split(' ').next() == Some(it.command));
    let known = known.ok_or_else(|| wrong(format!("{command} is no section")))?;
    let place = command.replacen(known.command, known.name, 1);
    let (document, section) = check::section(documents(), &place).map_err(wrong)?;
    Ok(Exercise { name: fields.text("name")?, dir: fields.text("dir")?, hint, document, section })
}

impl Section {
    /// Those that belong to it.
    pub fn exercises(&self) -> impl Iterator<Item = &'static Exercise> {
        exercises().iter().filter(move |exercise| std::ptr::eq(exercise.section, self))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(hint: &str) -> String {
        let text = format!("[[exercises]]\nname = 'a'\ndir = 'b'\nhint = '{hint}'\n").leak();
        read(Source { path: "info.toml", text }).unwrap_err()
    }

    #[test]
    fn an_exercise_belongs_to_the_section_that_its_hint_names() {
        let [guide, _] = documents();
        let of = |id| guide.section(id).unwrap().exercises().map(|it| it.name).collect::<Vec<_>>();
        assert_eq!(of("4.2"), ["async13", "async14"]);
        assert_eq!(of("4.1"), ["async11", "async12"]);
        assert_eq!(of("Q3"), ["async33"]);
        assert_eq!(exercises().iter().filter(|it| it.section.id == "1.2").count(), 0);
    }

    #[test]
    fn a_hint_without_a_section_is_refused_with_its_line() {
        assert!(refused("look").starts_with("info.toml, line 1: the hint names no `cargo run"));
        assert!(refused("`cargo run -- find x`").ends_with("find x is no section"));
        assert!(refused("`cargo run -- guide 4.11`").contains("did you mean 4.1?"));
    }
}
