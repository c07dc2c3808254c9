//! Which feature of a dependency switches on which others.

use super::answer::Answer;
use super::target::{Target, metadata};
use std::collections::{BTreeSet, HashMap};
use tinyjson::JsonValue as Value;

type Table = HashMap<String, Value>;

/// Tokio's features, for which cargo need not be asked. Of a package that was never built, it has not
/// read them yet.
const TOKIO: [(&str, &[&str]); 3] = [
    ("default", &[]),
    (
        "full",
        &[
            "fs",
            "io-util",
            "io-std",
            "macros",
            "net",
            "parking_lot",
            "process",
            "rt",
            "rt-multi-thread",
            "signal",
            "sync",
            "time",
        ],
    ),
    ("rt-multi-thread", &["rt"]),
];

/// The dependencies of a package, as cargo knows them. It is asked once, and only if the manifest
/// alone does not answer.
pub struct Graph<'a> {
    target: &'a Target,
    read: Option<Value>,
}

impl<'a> Graph<'a> {
    pub fn of(target: &'a Target) -> Self {
        Self { target, read: None }
    }

    pub fn target(&self) -> &'a Target {
        self.target
    }

    /// Adds what the features of `package` switch on, or as much of it as makes them `wanted`. If cargo
    /// does not know without a download or without writing a lock file, they stay as they are:
    /// `cargo add` would repeat one at worst.
    pub fn extend(
        &mut self,
        package: &str,
        wanted: &BTreeSet<String>,
        features: &mut BTreeSet<String>,
    ) {
        if package == "tokio" {
            let known = TOKIO.map(|(name, named)| (name.to_string(), list(named)));
            closure(Some(&known.into()), features);
            // Cargo takes a while to answer.
            if wanted.is_subset(features) {
                return;
            }
        }
        let target = self.target;
        let read = self.read.get_or_insert_with(|| {
            metadata(&target.folder, &["--locked", "--offline"]).unwrap_or(Value::Null)
        });
        closure(table(read, target, package), features);
    }
}

fn list(names: &[&str]) -> Value {
    Value::Array(names.iter().map(|name| Value::String(name.to_string())).collect())
}

/// The features of a direct dependency.
fn table<'a>(read: &'a Value, target: &Target, package: &str) -> Option<&'a Table> {
    let mut nodes = read.at("resolve").at("nodes").list().iter();
    let direct = nodes.find(|node| node.at("id").is(&target.id))?.at("dependencies").list();
    let is_it = |it: &&Value| it.at("name").is(package) && direct.contains(it.at("id"));
    read.at("packages").list().iter().find(is_it)?.at("features").get()
}

fn closure(table: Option<&Table>, features: &mut BTreeSet<String>) {
    let Some(table) = table else { return };
    let named = |name: &str| table.get(name).map_or(&[][..], Answer::list);
    if named("default").is_empty() {
        // There is nothing that it could lack.
        features.insert("default".into());
    }
    let mut open: Vec<String> = features.iter().cloned().collect();
    while let Some(next) = open.pop() {
        for feature in named(&next).iter().filter_map(Answer::text) {
            if features.insert(feature.into()) {
                open.push(feature.into());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    /// Of the Tokio that this workspace is built with.
    #[test]
    fn what_is_told_of_tokio_is_so() {
        let target = Target::in_folder(Path::new("."), Path::new(env!("CARGO_MANIFEST_DIR")));
        let target = target.unwrap().unwrap();
        let read = metadata(&target.folder, &["--locked", "--offline"]).unwrap();
        let packages = read.at("packages").list();
        let tokio = packages.iter().find(|it| it.at("name").is("tokio")).unwrap();
        let table: &Table = tokio.at("features").get().unwrap();
        for (name, told) in TOKIO {
            let [mut real, mut ours] = [BTreeSet::from([name.to_string()]), BTreeSet::new()];
            ours.extend([name.to_string(), "default".into()]);
            ours.extend(told.iter().map(ToString::to_string));
            closure(Some(table), &mut real);
            // What it switches on in other crates, and its own optional dependencies.
            real.retain(|it| {
                let is_public =
                    table.get(it).is_some_and(|value| !value.texts().any(|it| it.contains("dep:")));
                !it.contains([':', '/']) && (is_public || told.contains(&it.as_str()))
            });
            assert_eq!(real, ours, "{name}");
        }
    }
}
