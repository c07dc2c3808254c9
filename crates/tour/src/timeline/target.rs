//! Finds what the words of the command line name: parts of a crate, or sections of a document.

use crate::failure::Failure;
use crate::find::or_find;
use crate::map::{self, Crate, Document, File, Section};
use crate::run::{self, LISTED, Package, by_number};

/// The programs by crate, in running order.
pub fn packages(map: &[Document], words: &[String]) -> Result<Vec<Package>, Failure> {
    let (name, rest) = words.split_first().expect("clap has seen that there is one");
    let files = match map.iter().find(|it| it.command == name || it.name == name) {
        Some(document) => of_sections(map, document, rest)?,
        None => {
            let krate = map::crates().iter().find(|krate| krate.name == name);
            of_crate(krate.ok_or_else(|| unknown(map, name))?, rest)?
        }
    };
    Ok(run::packages(&files).collect())
}

/// The named parts, or all that run without being named.
fn of_crate(krate: &Crate, names: &[String]) -> Result<Vec<File>, Failure> {
    let own = |file: &&File| !file.on_request;
    if names.is_empty() {
        return Ok(named(krate.files.iter().filter(own).copied()));
    }
    let file = |name: &String| {
        krate.file(name).ok_or_else(|| {
            let failure = Failure::wrong(format!("{} has no part {name}", krate.name));
            let known: Vec<_> = krate.files.iter().map(|file| file.name).collect();
            let all = format!("it has: {}", known.join(", "));
            failure.did_you_mean(name, known, &all)
        })
    };
    names.iter().map(file).collect::<Result<Vec<_>, _>>().map(named)
}

fn of_sections(
    map: &[Document],
    document: &Document,
    ids: &[String],
) -> Result<Vec<File>, Failure> {
    let Document { command, name, .. } = document;
    if ids.is_empty() {
        let failure = Failure::wrong(format!("which section of the {name}?"));
        return Err(failure.tip(format!("such as `cargo run -- timeline {command} 4.1`")));
    }
    let mut files = Vec::new();
    for id in ids {
        let section = document.section(id).ok_or_else(|| run::unknown(map, document, id))?;
        let all: Vec<_> = document.within(section).flat_map(Section::files).copied().collect();
        let own: Vec<_> = all.iter().filter(|file| !file.on_request).copied().collect();
        if own.is_empty() {
            let failure =
                Failure::wrong(format!("{command} {id} has no program that runs by itself"));
            let asked: Vec<_> = all.iter().map(by_name).collect();
            return Err(match asked.is_empty() {
                true => failure.tip(LISTED),
                false => failure.tip(asked.join("; ")),
            });
        }
        files.extend(own);
    }
    Ok(named(files))
}

/// As if each had been named: what stands beside it in its crate does not run.
fn named(files: impl IntoIterator<Item = File>) -> Vec<File> {
    files.into_iter().map(|file| File { on_request: false, ..file }).collect()
}

fn unknown(map: &[Document], word: &str) -> Failure {
    let failure = Failure::wrong(format!("there is no crate {word}"));
    let file = word.rsplit('/').next().unwrap_or(word);
    let parts = map::crates().iter().filter_map(|krate| krate.file(file));
    let sections = map.iter().filter_map(|it| Some((it, it.section(word)?)));
    let meant: Vec<_> = parts
        .map(|file| by_name(&file))
        .chain(sections.map(|(it, section)| by_number(it, section).replace("-- ", "-- timeline ")))
        .collect();
    if !meant.is_empty() {
        return meant.into_iter().fold(failure, Failure::tip);
    }
    let known = map::crates().iter().map(|krate| krate.name);
    let known = known.chain(map.iter().map(|it| it.command));
    or_find(failure.did_you_mean(word, known, LISTED), word)
}

fn by_name(file: &File) -> String {
    format!("cargo run -- timeline {} {}", file.krate, file.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::map::documents;

    fn found(line: &str) -> Result<Vec<String>, String> {
        let words: Vec<_> = line.split(' ').map(String::from).collect();
        let found = packages(documents(), &words).map_err(|failure| format!("{failure:?}"))?;
        let line = |it: &Package| format!("{} {}", it.krate, it.own.join(" "));
        assert!(found.iter().all(|it| it.asked.is_empty()));
        Ok(found.iter().map(line).collect())
    }

    #[test]
    fn a_crate_and_its_parts_or_a_document_and_its_sections() {
        for (line, programs) in [
            ("join-select try_join", &["join-select try_join"][..]),
            ("join-select fuse try_join", &["join-select fuse try_join"]),
            ("observability console", &["observability console"]),
        ] {
            assert_eq!(found(line).unwrap(), programs, "{line}");
        }
        let own = |id| documents()[0].section(id).unwrap().files().iter().map(|file| file.name);
        let both: Vec<_> = own("4.2").chain(own("4.5")).collect();
        assert_eq!(found("guide 4.2 4.5").unwrap(), [format!("join-select {}", both.join(" "))]);
        let all = found("join-select").unwrap();
        assert!(all[0].starts_with("join-select join_and_select try_join"), "{all:?}");
        assert!(!found("observability").unwrap()[0].contains("console"));
    }

    #[test]
    fn what_is_unknown_names_what_is_near() {
        for (line, said) in [
            ("join-selct", "did you mean join-select?"),
            ("giude 4.5", "did you mean guide?"),
            ("join-select try_jion", "did you mean try_join?"),
            ("join-select xyzzy", "it has: join_and_select, try_join"),
            ("try_join", "cargo run -- timeline join-select try_join"),
            ("join-select/try_join", "cargo run -- timeline join-select try_join"),
            ("guide 4.55", "did you mean 4.5?"),
            ("guide 11.6", "the deep dive has"),
            ("guide", "such as `cargo run -- timeline guide 4.1`"),
            ("4.5", "cargo run -- timeline guide 4.5"),
            ("guide 参考文献", "has no program"),
            ("xyzzy", "find"),
        ] {
            let failure = found(line).unwrap_err();
            assert!(failure.contains(said) && failure.contains("code: 2"), "{line}: {failure}");
        }
    }
}
