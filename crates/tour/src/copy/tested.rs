//! The versions that the recipes are tested with.

use std::collections::{BTreeMap, BTreeSet};
use toml::de::{DeTable, DeValue};

/// The dependencies of `crates/recipes`, which the recipes are tested with.
pub struct Tested {
    dependencies: BTreeMap<String, (String, bool)>,
}

impl Tested {
    /// Those of a manifest: the version of each, and whether it has its default features.
    pub fn of(manifest: &str) -> Self {
        let manifest = DeTable::parse(manifest).map(|it| it.into_inner()).unwrap_or_default();
        let tables = ["dependencies", "dev-dependencies"];
        let tables = tables.map(|key| manifest.get(key)?.get_ref().as_table());
        let mut dependencies = BTreeMap::new();
        for (name, value) in tables.into_iter().flatten().flatten() {
            let value = value.get_ref();
            let field = |key: &str| value.get(key).map(toml::Spanned::get_ref);
            let version = value.as_str().or_else(|| field("version")?.as_str());
            let defaults = field("default-features").and_then(DeValue::as_bool);
            if let Some(version) = version {
                let entry = (version.to_string(), defaults.unwrap_or(true));
                dependencies.entry(name.get_ref().to_string()).or_insert(entry);
            }
        }
        Self { dependencies }
    }

    /// The version of `package`, and whether it has its default features.
    pub fn get(&self, package: &str) -> (Option<&str>, bool) {
        let found = self.dependencies.get(package);
        found.map_or((None, true), |(version, defaults)| (Some(version), *defaults))
    }

    /// The line of a manifest for one need.
    pub fn line(&self, (package, features): (&String, &BTreeSet<String>)) -> String {
        let (version, defaults) = self.get(package);
        let version = version.unwrap_or("*");
        let mut keys = vec![format!("version = \"{version}\"")];
        keys.extend((!defaults).then(|| "default-features = false".into()));
        let features: Vec<String> = features.iter().map(|it| format!("\"{it}\"")).collect();
        if !features.is_empty() {
            keys.push(format!("features = [{}]", features.join(", ")));
        }
        match keys.len() {
            1 => format!("{package} = \"{version}\"\n"),
            _ => format!("{package} = {{ {} }}\n", keys.join(", ")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_stands_in_either_table_and_in_either_form() {
        let tested = Tested::of(
            "[dependencies]\ntokio = { version = \"1\", default-features = false }\nrand = \"0.9\"\n\
             [dev-dependencies]\ntokio = \"2\"\nhttp = { version = \"1\", features = [\"std\"] }\n",
        );
        let line = |package: &str, features: &[&str]| {
            let features = features.iter().map(ToString::to_string).collect();
            tested.line((&package.to_string(), &features))
        };
        assert_eq!(line("rand", &[]), "rand = \"0.9\"\n");
        assert_eq!(line("http", &["std"]), "http = { version = \"1\", features = [\"std\"] }\n");
        assert_eq!(
            line("tokio", &["rt", "time"]),
            "tokio = { version = \"1\", default-features = false, features = [\"rt\", \"time\"] }\n"
        );
        assert_eq!(tested.get("unknown"), (None, true));
    }
}
