//! The statements of both documents, one by one: true or not, what holds, and what proves it.

mod json;
mod overview;
mod shown;

pub use json::json;
pub use overview::overview;
pub use shown::shown;

use crate::failure::Failure;
use crate::find::or_find;
use crate::map::{Document, Section, Statement, Verdict, documents};
use crate::run;
use crate::suggested::Suggested;
use clap::builder::PossibleValuesParser;
use clap::{Arg, ArgAction, ArgMatches, Command};

/// Which statements are meant. All of it holds for each of them.
#[derive(Debug, Default, PartialEq)]
pub struct Filter {
    /// By what one types for them. Without any, both.
    pub documents: Vec<String>,
    /// Of either document, and with it all that it contains: `6` is also `6.2`.
    pub section: Option<String>,
    pub id: Option<String>,
    pub verdict: Option<Verdict>,
}

/// `statements` on the command line.
pub fn command() -> Command {
    let sections = documents().iter().flat_map(|document| document.ledger());
    let ids = sections.clone().flat_map(|section| &section.statements).map(|it| it.id);
    let option = |name, value, help| Arg::new(name).long(name).value_name(value).help(help);
    let flag = |name, help| Arg::new(name).long(name).action(ArgAction::SetTrue).help(help);
    let section =
        option("section", "SECTION", "A section of both documents: `6.2`, or a chapter: `6`");
    let id = option("id", "ID", "One statement: `G-4.1-1`, `D-6-3`");
    let verdict = option("verdict", "VERDICT", "Those that are judged so");
    let names = documents().each_ref().map(|document| document.command);
    let verdicts = Verdict::each().map(Verdict::name);
    Command::new("statements")
        .about("Prints whether each statement of the documents holds, and what proves it")
        .arg(
            Arg::new("document")
                .value_name("DOCUMENT")
                .num_args(1..)
                .value_parser(PossibleValuesParser::new(names))
                .help("The document whose statements to print; by default how many of each chapter hold"),
        )
        .arg(
            section
                .hide_possible_values(true)
                .value_parser(Suggested::new(sections.map(|section| section.id))),
        )
        .arg(id.hide_possible_values(true).value_parser(Suggested::new(ids)))
        .arg(verdict.value_parser(PossibleValuesParser::new(verdicts)).conflicts_with("wrong"))
        .arg(flag("wrong", "What does not hold: as --verdict wrong"))
        .arg(flag("json", "For a program"))
}

impl Filter {
    /// Reads what the user gave `command`.
    pub fn given(matches: &mut ArgMatches) -> Self {
        let documents = matches.remove_many("document").into_iter().flatten();
        let verdict = matches.remove_one("verdict").and_then(|it: String| Verdict::named(&it));
        Self {
            documents: documents.collect(),
            section: matches.remove_one("section"),
            id: matches.remove_one("id"),
            verdict: verdict.or(matches.get_flag("wrong").then_some(Verdict::Wrong)),
        }
    }

    fn takes(&self, statement: &Statement) -> bool {
        let is = |id: &String| statement.id.eq_ignore_ascii_case(id);
        self.id.as_ref().is_none_or(is)
            && self.verdict.is_none_or(|verdict| statement.verdict == verdict)
    }

    /// Nothing is asked for: all there is would be sixty screens.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    fn takes_document(&self, document: &Document) -> bool {
        self.documents.is_empty() || self.documents.iter().any(|name| name == document.command)
    }

    fn takes_section(&self, section: &Section) -> bool {
        self.section.as_ref().is_none_or(|id| {
            let chapter = if section.id.starts_with('Q') { "FAQ" } else { section.id };
            let chapter = chapter.split('.').next().unwrap_or_default();
            section.id.eq_ignore_ascii_case(id) || chapter.eq_ignore_ascii_case(id)
        })
    }

    /// Every section is shown, also one that has no statement and says why.
    fn is_by_section(&self) -> bool {
        self.id.is_none() && self.verdict.is_none()
    }
}

/// A section with those of its statements that are meant.
pub struct Part<'a> {
    pub document: &'a Document,
    pub section: &'a Section,
    pub statements: Vec<&'a Statement>,
}

/// Returns what `filter` takes, in the documents' order.
pub fn chosen<'a>(map: &'a [Document], filter: &Filter) -> Result<Vec<Part<'a>>, Failure> {
    known(map, filter)?;
    let mut parts = Vec::new();
    for document in map.iter().filter(|document| filter.takes_document(document)) {
        for section in document.ledger().filter(|section| filter.takes_section(section)) {
            let statements = section.statements.iter();
            let statements: Vec<_> = statements.filter(|it| filter.takes(it)).collect();
            if !statements.is_empty() || (filter.is_by_section() && !section.note.is_empty()) {
                parts.push(Part { document, section, statements });
            }
        }
    }
    Ok(parts)
}

fn known(map: &[Document], filter: &Filter) -> Result<(), Failure> {
    let documents = || map.iter().filter(|document| filter.takes_document(document));
    let sections = || documents().flat_map(|document| document.ledger());
    if let Some(id) = &filter.section
        && !sections().any(|section| filter.takes_section(section))
    {
        let all: Vec<_> = documents().collect();
        let failure = match all[..] {
            [one] => Failure::wrong(format!("the {} has no section {id}", one.name)),
            _ => Failure::wrong(format!("neither document has a section {id}")),
        };
        let has = |it: &&Document| it.ledger().any(|section| filter.takes_section(section));
        if let Some(Document { name, command, .. }) = map.iter().find(has) {
            let command = format!("cargo run -- statements {command} --section {id}");
            return Err(failure.tip(format!("the {name} has: `{command}`")));
        }
        let known = sections().map(|section| section.id);
        return Err(or_find(
            failure.did_you_mean(id, known, "`cargo run` lists what there is"),
            id,
        ));
    }
    let ids = || sections().flat_map(|section| &section.statements).map(|statement| statement.id);
    if let Some(id) = &filter.id
        && !ids().any(|known| known.eq_ignore_ascii_case(id))
    {
        let failure = match documents().count() {
            1 => Failure::wrong(format!("this document has no statement {id}")),
            _ => Failure::wrong(format!("there is no statement {id}")),
        };
        return Err(or_find(with_near_ids(failure, id, &ids().collect::<Vec<_>>()), id));
    }
    Ok(())
}

/// Of a section, `G-4.1`, the first statement is near: it has a number more.
fn with_near_ids(failure: Failure, id: &str, all: &[&str]) -> Failure {
    let start = format!("{id}-").to_ascii_lowercase();
    match all.iter().find(|known| known.to_ascii_lowercase().starts_with(&start)) {
        Some(first) => failure.tip(format!("did you mean {first}?")),
        None => {
            let listed = "`cargo run -- statements guide` lists them";
            failure.did_you_mean(id, all.iter().copied(), listed)
        }
    }
}

/// Returns what runs the programs of a statement, then what proves it. Each once.
fn commands(map: &[Document], statement: &Statement) -> Vec<String> {
    let sections = || map.iter().flat_map(|document| &document.sections);
    let program = |(krate, name)| {
        let mut files = sections().flat_map(|section| section.files());
        files.find(|file| (file.krate, file.name) == (krate, name)).map(run::command)
    };
    let proofs = &statement.proofs;
    let programs = proofs.iter().filter_map(|proof| proof.file()).filter_map(program);
    let mut commands: Vec<String> = Vec::new();
    for command in programs.chain(proofs.iter().map(|proof| proof.command())) {
        if !commands.contains(&command) {
            commands.push(command);
        }
    }
    commands
}

#[cfg(test)]
mod tests;
