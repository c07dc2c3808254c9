//! A recipe goes into a package that there is: looked at as a whole, then done or told.

use super::change::Changes;
use super::mod_line::{Outline, Presence};
use super::module::{Place, text};
use super::needs::{Add, Lacking, lacking};
use super::recipe::Delivery;
use super::target::{Target, cargo, output};
use super::version::Version;
use crate::failure::Failure;
use crate::quoted::quoted;
use crate::visible::shown;
use std::fs;
use std::path::PathBuf;

/// The oldest edition that recipes are written for.
const EDITION: u32 = 2021;

pub const OTHER_NAME: &str = "give the module another name: --as NAME";

/// All that is to be changed. Nothing has been.
pub struct Plan<'a> {
    delivery: &'a Delivery<'a>,
    target: &'a Target,
    text: String,
    /// The file of the module; `None` if it is there, with this text.
    file: Option<PathBuf>,
    /// `None` if the root has it.
    mod_line: Option<ModLine>,
    lacking: Lacking,
}

struct ModLine {
    line: String,
    /// The text of the root with it. `None` if it cannot be read as Rust.
    root: Option<String>,
}

impl<'a> Plan<'a> {
    pub fn new(delivery: &'a Delivery<'a>, target: &'a Target) -> Result<Self, Failure> {
        let Delivery { recipe, module, choices, source, tested, .. } = delivery;
        fits(delivery, target)?;
        let is_public = target.root.is_library && !delivery.is_for_tests();
        let (mut needs, mut tests) = (delivery.needs(), delivery.tests(is_public));
        for (package, features) in &needs {
            // What the file needs, its tests have. They need it all, if it is for tests.
            if delivery.is_for_tests() || tests.contains_key(package) {
                tests.entry(package.clone()).or_default().extend(features.iter().cloned());
            }
        }
        if delivery.is_for_tests() {
            needs.clear();
        }
        let lacking = lacking(target, &needs, &tests, tested);
        let at = Place { krate: &target.root.krate, module, renamed: &lacking.renamed };
        let text = text(source, recipe.name, &at, choices.with_tests);
        let file = free(target, module, &text)?;
        let mod_line = mod_line(target, module, delivery.is_for_tests())?;
        let is_not_rust = mod_line.as_ref().is_some_and(|it| it.root.is_none());
        if choices.apply && is_not_rust {
            let message = format!("{} cannot be read as Rust", target.show(&target.root.file));
            return Err(Failure::wrong(message).tip("without --apply, its line is yours to write"));
        }
        Ok(Self { delivery, target, text, file, mod_line, lacking })
    }

    /// Says what has been done, and what is left to do.
    pub fn carry_out(&self) -> Result<String, Failure> {
        let said = match self.delivery.choices.apply {
            true => self.apply()?,
            false => self.advise()?,
        };
        let notes = self.lacking.notes.iter().map(|note| format!("\nNote: {note}.\n"));
        Ok(said + &notes.collect::<String>())
    }

    /// Writes the module alone.
    fn advise(&self) -> Result<String, Failure> {
        let Self { delivery, target, .. } = self;
        let (recipe, package) = (&delivery.recipe.name, &target.name);
        let mut said = match &self.file {
            Some(file) => {
                let mut changes = Changes::default();
                changes.create(file, &self.text)?;
                changes.keep();
                format!("{recipe} is now {} of the package {package}.\n", target.show(file))
            }
            None => format!("{recipe} is already in the package {package}.\n"),
        };
        if let Some(ModLine { line, .. }) = &self.mod_line {
            let root = target.show(&target.root.file);
            said += &format!("\nPut this line into {root}:\n\n{line}\n");
        }
        let adds = &self.lacking.adds;
        if !adds.is_empty() {
            let lines: String = adds.iter().map(|add| command(add) + "\n").collect();
            said += &format!("\nIts manifest lacks:\n\ncd {}\n{lines}", quoted(delivery.path));
        }
        Ok(match self.mod_line.is_none() && adds.is_empty() {
            true => said + "\nNothing else is needed.\n",
            false => said + "\n`--apply` does that.\n",
        })
    }

    fn apply(&self) -> Result<String, Failure> {
        let Self { target, lacking, .. } = self;
        let mut changes = Changes::default();
        let mut said = String::new();
        if let Some(file) = &self.file {
            changes.create(file, &self.text)?;
            said += &format!("{}: new\n", target.show(file));
        }
        if let Some(ModLine { line, root: Some(text) }) = &self.mod_line {
            changes.replace(&target.root.file, text)?;
            let line = line.replace('\n', " ");
            said += &format!("{}: {line}\n", target.show(&target.root.file));
        }
        if !lacking.adds.is_empty() {
            changes.watch(&target.folder.join("Cargo.toml"))?;
            changes.watch(&target.workspace.join("Cargo.lock"))?;
        }
        for add in &lacking.adds {
            let mut cargo = cargo(&target.folder);
            output(cargo.args(add.words()).arg("--quiet")).map_err(|why| {
                let failure = Failure::unable(format!("`{}` fails: {why}", command(add)));
                failure.tip("nothing has been changed")
            })?;
            said += &format!("Cargo.toml: {}\n", command(add));
        }
        changes.keep();
        Ok(match said.is_empty() {
            true => format!("The package {} has it all. Nothing has been changed.\n", target.name),
            false => format!("Changed in the package {}:\n\n{said}", target.name),
        })
    }
}

/// A package that is too old would not build with it.
fn fits(delivery: &Delivery<'_>, target: &Target) -> Result<(), Failure> {
    let Delivery { recipe, module, .. } = delivery;
    let Target { name, edition, rust, .. } = target;
    if *edition < EDITION {
        let message = format!("{name} has edition {edition}; {} needs {EDITION}", recipe.name);
        return Err(Failure::wrong(message).tip("`cargo fix --edition` leads to the next one"));
    }
    let needed = Version::parse(recipe.rust);
    if let (Some(rust), Some(needed)) = (*rust, needed)
        && rust < needed
    {
        let message = format!("{name} has rust-version {rust}; {} needs {needed}", recipe.name);
        return Err(Failure::wrong(message).tip("raise it, if nobody builds with an older one"));
    }
    if target.dependencies.iter().any(|it| it.alias == *module) {
        let message = format!("{name} has a dependency that is called {module}");
        return Err(Failure::wrong(message).tip(OTHER_NAME));
    }
    Ok(())
}

/// The file of the module: `None` if it is there already, with this `text`.
fn free(target: &Target, module: &str, text: &str) -> Result<Option<PathBuf>, Failure> {
    let folder = target.root.file.parent().unwrap_or(&target.folder);
    let file = folder.join(format!("{module}.rs"));
    if fs::read_to_string(&file).is_ok_and(|there| there.replace("\r\n", "\n") == text) {
        return Ok(None);
    }
    for there in [&file, &folder.join(module).join("mod.rs")] {
        if fs::symlink_metadata(there).is_ok() {
            let message = format!("{} has {} already", target.name, target.show(there));
            return Err(Failure::wrong(message).tip(OTHER_NAME));
        }
    }
    Ok(Some(file))
}

/// `pub` in a library: the examples of the documentation call it from outside.
fn mod_line(target: &Target, module: &str, is_for_tests: bool) -> Result<Option<ModLine>, Failure> {
    let file = &target.root.file;
    let source = fs::read_to_string(file);
    let source = source.map_err(|error| Failure::refused(shown(file), &error))?;
    let start = match target.root.is_library {
        _ if is_for_tests => "#[cfg(test)]\n",
        true => "pub ",
        false => "",
    };
    let line = format!("{start}mod {module};");
    let outline = Outline::of(&source);
    match outline.as_ref().map_or(Presence::Absent, |outline| outline.has(module)) {
        Presence::File => Ok(None),
        Presence::Inline => {
            let message = format!("{} has a module {module}", target.show(file));
            Err(Failure::wrong(message).tip(OTHER_NAME))
        }
        Presence::Absent => {
            let root = outline.map(|outline| outline.with(&source, module, &line));
            Ok(Some(ModLine { line, root }))
        }
    }
}

fn command(add: &Add) -> String {
    format!("cargo {}", add.words().join(" "))
}
