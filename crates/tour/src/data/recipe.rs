//! The recipes: what each is for, and what it needs.

use super::facts::Facts;
use super::fields::{Entry, Fields, Source};
use super::{check, documents};
use crate::language::Text;
use std::collections::BTreeMap;

/// `crates/recipes/src/NAME.rs`.
#[derive(Debug, PartialEq)]
pub struct Recipe {
    pub name: &'static str,
    pub problem: Text,
    /// How people describe the problem, its symptoms too.
    pub words: Vec<&'static str>,
    /// Where it is taught: `guide まとめ`. May be empty.
    pub sections: Vec<&'static str>,
    /// Crates and their features, for the file above its tests.
    pub needs: Needs,
    /// The crates that its tests need besides.
    pub tests: Needs,
    /// The oldest Rust that compiles it.
    pub rust: &'static str,
}

/// The features by the name of their crate.
pub type Needs = BTreeMap<&'static str, Vec<&'static str>>;

/// Most recipes compile with it, and say nothing of it.
const RUST: &str = "1.85";

const SOURCE: Source = Source {
    path: "crates/recipes/recipes.toml",
    text: include_str!("../../../recipes/recipes.toml"),
};

pub(super) static RECIPES: Facts<Vec<Recipe>> = Facts::new(|| read(SOURCE));

/// In alphabetical order.
pub fn recipes() -> &'static [Recipe] {
    RECIPES.get()
}

fn read(source: Source) -> Result<Vec<Recipe>, String> {
    let recipes = check::tables(source, "recipe", recipe)?;
    for pair in recipes.windows(2) {
        let [a, b] = [pair[0].name, pair[1].name];
        if a >= b {
            return Err(format!(
                "{}: {b} stands behind {a}, not in alphabetical order",
                source.path
            ));
        }
    }
    Ok(recipes)
}

fn recipe(fields: &Fields) -> Result<Recipe, String> {
    fields.only(&["name", "problem", "words", "sections", "needs", "tests", "rust"])?;
    let sections = fields.texts("sections")?;
    for section in &sections {
        check::section(documents(), section)?;
    }
    Ok(Recipe {
        name: fields.text("name")?,
        problem: fields.both("problem")?,
        words: fields.texts("words")?,
        sections,
        needs: needs(fields, "needs")?,
        tests: needs(fields, "tests")?,
        rust: fields.optional_text("rust")?.unwrap_or(RUST),
    })
}

fn needs(fields: &Fields, name: &'static str) -> Result<Needs, String> {
    let one = |(krate, features)| match features {
        Entry::Texts(features) => Ok((krate, features)),
        Entry::Text(_) => Err(format!("the features of {krate} are a list of texts")),
    };
    fields.entries(name)?.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: &str = r#"
[[recipe]]
name = "retry"
problem = "Call something again when it fails"
words = ["backoff", "503"]
sections = ["guide まとめ"]
needs = { tokio = ["time"], rand = [] }
tests = { tokio = ["macros"] }
"#;

    fn parsed(text: &str) -> Result<Vec<Recipe>, String> {
        read(Source { path: "recipes.toml", text: String::from(text).leak() })
    }

    #[test]
    fn the_file_of_the_recipes_is_right() {
        assert_eq!(RECIPES.checked(), Ok(()));
    }

    #[test]
    fn a_recipe_has_its_needs_and_the_oldest_rust() {
        let recipes = parsed(ONE).unwrap();
        let [retry] = &recipes[..] else { panic!("not one") };
        assert_eq!((retry.name, retry.rust), ("retry", "1.85"));
        assert_eq!(retry.needs, Needs::from([("rand", vec![]), ("tokio", vec!["time"])]));
        assert_eq!(retry.tests, Needs::from([("tokio", vec!["macros"])]));
        assert_eq!(parsed(&format!("{ONE}rust = '1.88'")).unwrap()[0].rust, "1.88");
        assert_eq!(parsed(""), Ok(Vec::new()));
    }

    #[test]
    fn a_wrong_recipe_is_named() {
        let refused = |from: &str, to: &str| {
            assert!(ONE.contains(from));
            parsed(&ONE.replace(from, to)).unwrap_err()
        };
        let said = refused("problem", "probelm");
        assert!(
            said.starts_with(
                "recipes.toml, line 4: no field is called `probelm`; did you mean problem?"
            ),
            "{said}"
        );
        let said = refused("guide まとめ", "guide 4.11");
        assert!(said.starts_with("recipes.toml, line 2: ") && said.contains("mean 4.1?"), "{said}");
        let said = parsed(&format!("{ONE}{}", ONE.replace("retry", "actor"))).unwrap_err();
        assert!(said.contains("actor stands behind retry"), "{said}");
    }
}
