//! A recipe becomes a module: of a package that there is, or of a new one.

use super::into::{OTHER_NAME, Plan};
use super::module::{Place, has_an_example, text};
use super::needs::Needs;
use super::target::Target;
use super::tested::Tested;
use super::{Choices, package_name, read};
use crate::destination::Destination;
use crate::failure::Failure;
use crate::map::Recipe;
use crate::quoted::quoted;
use crate::visible::shown;
use std::collections::BTreeMap;
use std::path::Path;

/// A recipe on its way into a package.
pub struct Delivery<'a> {
    pub recipe: &'a Recipe,
    pub source: String,
    pub tested: Tested,
    pub module: &'a str,
    pub choices: &'a Choices,
    /// The folder, as the user calls it.
    pub path: &'a Path,
}

impl<'a> Delivery<'a> {
    /// Reads the recipe in `workspace`.
    pub fn new(
        recipe: &'a Recipe,
        workspace: &Path,
        path: &'a Path,
        choices: &'a Choices,
    ) -> Result<Self, Failure> {
        let krate = workspace.join("crates/recipes");
        let source = read(&krate.join("src").join(format!("{}.rs", recipe.name)))?;
        let tested = Tested::of(&read(&krate.join("Cargo.toml"))?);
        let module = choices.rename.as_deref().unwrap_or(recipe.name);
        let new = Self { recipe, source, tested, module, choices, path };
        match new.is_a_dependency(module) {
            false => Ok(new),
            true => Err(Failure::wrong(format!("{module} is a crate that {} needs", recipe.name))
                .tip(OTHER_NAME)),
        }
    }

    /// Paths in the recipe or its tests begin with this name.
    fn is_a_dependency(&self, name: &str) -> bool {
        let Recipe { needs, tests, .. } = self.recipe;
        needs.keys().chain(tests.keys()).any(|package| package.replace('-', "_") == name)
    }

    /// Copies it, and says what to do next.
    pub fn copy(&self, workspace: &Path) -> Result<String, Failure> {
        let Some(folder) = dunce::canonicalize(self.path).ok().filter(|folder| folder.is_dir())
        else {
            return self.new_package(workspace);
        };
        match Target::in_folder(self.path, &folder)? {
            Some(target) => Plan::new(self, &target)?.carry_out(),
            None => self.new_package(workspace).map_err(|failure| {
                let mut above = folder.ancestors();
                match above.find(|folder| folder.join("Cargo.toml").is_file()) {
                    Some(package) => failure.tip(format!("the package is {}", shown(package))),
                    None => failure,
                }
            }),
        }
    }

    /// It is a tool for tests, as one that stops Tokio's clock: its users have it in tests only.
    pub fn is_for_tests(&self) -> bool {
        self.recipe.needs.get("tokio").is_some_and(|features| features.contains(&"test-util"))
    }

    pub fn needs(&self) -> Needs {
        owned(&self.recipe.needs)
    }

    /// Returns what its tests need, if they come with it, and what its example needs, if it is run: of that
    /// `cargo test` in a library is sure.
    pub fn tests(&self, runs_its_example: bool) -> Needs {
        let is_run = runs_its_example && has_an_example(&self.source);
        match self.choices.with_tests || is_run {
            true => owned(&self.recipe.tests),
            false => Needs::new(),
        }
    }

    fn new_package(&self, workspace: &Path) -> Result<String, Failure> {
        let place = Destination::at(self.path, workspace)?;
        let name = package_name(&place.name(), |name| self.is_a_dependency(name));
        let Self { recipe, module, .. } = self;
        let mut manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\
             rust-version = \"{}\"\n",
            recipe.rust
        );
        for (table, needs) in
            [("dependencies", self.needs()), ("dev-dependencies", self.tests(true))]
        {
            let lines: String = needs.iter().map(|need| self.tested.line(need)).collect();
            if !lines.is_empty() {
                manifest += &format!("\n[{table}]\n{lines}");
            }
        }
        let krate = name.replace('-', "_");
        let at = Place { krate: &krate, module, renamed: &Default::default() };
        let text = text(&self.source, recipe.name, &at, self.choices.with_tests);
        let root =
            format!("//! {}.\n\npub mod {module};\n", recipe.problem.en.trim_end_matches('.'));
        let file = format!("src/{module}.rs");
        place.fill(&[("Cargo.toml", &manifest), ("src/lib.rs", &root), (&file, &text)])?;
        let folder = quoted(self.path);
        Ok(format!(
            "{} is now {file} of the new library {name}. To test it:\n\ncd {folder}\ncargo test\n",
            recipe.name
        ))
    }
}

fn owned(needs: &BTreeMap<&str, Vec<&str>>) -> Needs {
    let features = |names: &[&str]| names.iter().map(ToString::to_string).collect();
    needs.iter().map(|(name, names)| (name.to_string(), features(names))).collect()
}
