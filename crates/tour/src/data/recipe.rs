//! The recipes: what each is for, and what it needs.

use super::raw::Source;
use super::text::Text;
use super::{check, documents};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// `crates/recipes/src/NAME.rs`.
#[derive(Debug, PartialEq)]
pub struct Recipe {
    pub name: &'static str,
    pub problem: &'static str,
    /// How people describe the problem, its symptoms too.
    pub words: Vec<&'static str>,
    /// Where it is taught: `guide まとめ`. May be empty.
    pub sections: Vec<&'static str>,
    /// Crates and their features, for the file above its tests.
    pub needs: Needs,
    /// What its tests need besides.
    pub tests: Needs,
    /// The oldest Rust that compiles it.
    pub rust: &'static str,
}

/// The features by the name of their crate.
pub type Needs = BTreeMap<&'static str, Vec<&'static str>>;

/// Most recipes compile with it, and say nothing of it.
const RUST: &str = "1.85";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    recipe: Vec<Raw>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Raw {
    name: Text,
    problem: Text,
    words: Vec<Text>,
    sections: Vec<Text>,
    needs: BTreeMap<Text, Vec<Text>>,
    #[serde(default)]
    tests: BTreeMap<Text, Vec<Text>>,
    rust: Option<Text>,
}

const SOURCE: Source = Source {
    path: "crates/recipes/recipes.toml",
    text: include_str!("../../../recipes/recipes.toml"),
};

static RECIPES: LazyLock<Result<Vec<Recipe>, String>> = LazyLock::new(|| read(SOURCE));

/// In alphabetical order.
pub fn recipes() -> &'static [Recipe] {
    RECIPES.as_ref().expect(super::CHECKED)
}

pub(super) fn checked() -> Result<(), &'static String> {
    RECIPES.as_ref().map(|_| ())
}

fn read(source: Source) -> Result<Vec<Recipe>, String> {
    let File { recipe } = source.parsed()?;
    let recipes = recipe.into_iter().map(Recipe::from).collect::<Vec<_>>();
    for pair in recipes.windows(2) {
        let [a, b] = [pair[0].name, pair[1].name];
        if a >= b {
            return Err(format!(
                "{}: {b} stands behind {a}, not in alphabetical order",
                source.path
            ));
        }
    }
    for Recipe { name, sections, .. } in &recipes {
        for section in sections {
            check::section(documents(), section)
                .map_err(|wrong| format!("{}: {name}: {wrong}", source.path))?;
        }
    }
    Ok(recipes)
}

impl From<Raw> for Recipe {
    fn from(raw: Raw) -> Self {
        let texts = |texts: Vec<Text>| texts.into_iter().map(|text| text.0).collect::<Vec<_>>();
        let needs = |needs: BTreeMap<Text, Vec<Text>>| {
            needs.into_iter().map(|(krate, features)| (krate.0, texts(features))).collect()
        };
        Self {
            name: raw.name.0,
            problem: raw.problem.0,
            words: texts(raw.words),
            sections: texts(raw.sections),
            needs: needs(raw.needs),
            tests: needs(raw.tests),
            rust: raw.rust.map_or(RUST, |rust| rust.0),
        }
    }
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
        assert_eq!(checked(), Ok(()));
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
        assert!(said.starts_with("recipes.toml, line 4: unknown field `probelm`"), "{said}");
        let said = refused("guide まとめ", "guide 4.11");
        assert!(said.contains("retry: ") && said.contains("4.1"), "{said}");
        let said = parsed(&format!("{ONE}{}", ONE.replace("retry", "actor"))).unwrap_err();
        assert!(said.contains("actor stands behind retry"), "{said}");
    }
}
