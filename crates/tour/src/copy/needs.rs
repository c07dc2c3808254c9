//! Finds what a manifest lacks of what a recipe needs, as `cargo add` takes it.

use super::graph::Graph;
use super::locked::Locked;
use super::target::{Dependency, Target};
use super::tested::Tested;
use super::version::Version;
use std::collections::{BTreeMap, BTreeSet};
use toml::de::DeTable;

/// Crates, by the name that cargo knows them by, and their features.
pub type Needs = BTreeMap<String, BTreeSet<String>>;

/// The arguments of one `cargo add`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Add {
    pub package: String,
    /// With `@`, for a dependency that is new and that no workspace gives.
    pub version: Option<String>,
    /// The name that the manifest has for it, if it is another.
    pub rename: Option<String>,
    pub is_dev: bool,
    /// `Some(false)` is `--no-default-features`.
    pub defaults: Option<bool>,
    pub features: BTreeSet<String>,
}

impl Add {
    pub fn words(&self) -> Vec<String> {
        let mut words = vec!["add".to_string()];
        words.extend(self.is_dev.then(|| "--dev".into()));
        let version = self.version.iter().map(|version| format!("@{version}"));
        words.push(version.fold(self.package.clone(), |name, version| name + &version));
        words.extend(self.rename.iter().flat_map(|name| ["--rename".into(), name.clone()]));
        words.extend(self.defaults.map(|on| match on {
            true => "--default-features".into(),
            false => "--no-default-features".into(),
        }));
        if !self.features.is_empty() {
            let features: Vec<&str> = self.features.iter().map(String::as_str).collect();
            words.extend(["--features".into(), features.join(",")]);
        }
        words
    }
}

/// The dependencies that are lacking, and what the user has to know of those that are there.
#[derive(Debug, Default, PartialEq)]
pub struct Lacking {
    pub adds: Vec<Add>,
    pub notes: Vec<String>,
    /// The name in the code and the name in the manifest, where they are two.
    pub renamed: BTreeMap<String, String>,
}

/// Compares with what `target` has: `needs` with its dependencies, `tests` with those for its tests
/// as well.
pub fn lacking(target: &Target, needs: &Needs, tests: &Needs, tested: &Tested) -> Lacking {
    let mut found = Lacking::default();
    let inherited = inherited(target);
    let mut graph = Graph::of(target);
    let locked = Locked::of(target);
    for (is_dev, table) in [(false, needs), (true, tests)] {
        for (package, features) in table {
            let wanted = Wanted { package, features, is_dev, tested, locked: &locked };
            wanted.compare(&inherited, &mut graph, &mut found);
        }
    }
    found
}

struct Wanted<'a> {
    package: &'a str,
    features: &'a BTreeSet<String>,
    is_dev: bool,
    tested: &'a Tested,
    locked: &'a Locked,
}

impl Wanted<'_> {
    fn compare(&self, inherited: &BTreeSet<String>, graph: &mut Graph<'_>, found: &mut Lacking) {
        let all = graph.target().dependencies.iter();
        let mut has: Vec<_> =
            all.filter(|it| it.package == self.package && (self.is_dev || !it.is_dev)).collect();
        has.sort_by_key(|it| it.is_dev);
        let (version, defaults) = self.tested.get(self.package);
        let name = self.package.replace('-', "_");
        let Some(first) = has.first() else {
            found.adds.extend(self.added(inherited, graph.target(), &found.adds));
            return;
        };
        let mut add = Add { package: self.package.into(), is_dev: self.is_dev, ..Add::default() };
        if first.alias != name {
            add.rename = Some(first.alias.clone());
            found.renamed.insert(name, first.alias.clone());
        }
        self.note(first, version, found);
        let enabled = self.enabled(&has, graph);
        let mut lacking = self.features - &enabled;
        for earlier in found.adds.iter().filter(|earlier| earlier.package == self.package) {
            lacking = &lacking - &earlier.features;
        }
        let lacks_defaults = defaults && !enabled.contains("default") && !self.is_dev;
        if lacks_defaults || !lacking.is_empty() {
            add.features = lacking;
            add.defaults = lacks_defaults.then_some(true);
            found.adds.push(add);
        }
    }

    /// Returns what adds a package that the manifest does not have, unless one of `adds` does it all.
    fn added(&self, inherited: &BTreeSet<String>, target: &Target, adds: &[Add]) -> Option<Add> {
        let mut add = Add { package: self.package.into(), is_dev: self.is_dev, ..Add::default() };
        let earlier = adds.iter().find(|earlier| earlier.package == self.package);
        let known = earlier.map(|earlier| &earlier.features);
        add.features = self.features - known.unwrap_or(&BTreeSet::new());
        if known.is_some() && add.features.is_empty() {
            return None;
        }
        let is_elsewhere = target.dependencies.iter().any(|it| it.package == self.package);
        if !inherited.contains(self.package) && !is_elsewhere && earlier.is_none() {
            let (version, defaults) = self.tested.get(self.package);
            add.version = version.map(String::from);
            add.defaults = (!defaults).then_some(false);
        }
        Some(add)
    }

    /// Returns what `has` switches on: the features of the manifest, and those that they name in turn.
    fn enabled(&self, has: &[&Dependency], graph: &mut Graph<'_>) -> BTreeSet<String> {
        let mut enabled: BTreeSet<_> = has.iter().flat_map(|it| it.features.clone()).collect();
        if has.iter().any(|it| it.has_defaults) {
            enabled.insert("default".into());
        }
        if enabled.contains("default") && self.features.is_subset(&enabled) {
            return enabled;
        }
        graph.extend(self.package, self.features, &mut enabled);
        enabled
    }

    fn note(&self, first: &Dependency, version: Option<&str>, found: &mut Lacking) {
        let Dependency { package, asked, .. } = first;
        let mut note = |note: String| {
            if !found.notes.contains(&note) {
                found.notes.push(note);
            }
        };
        if first.is_optional {
            note(format!("{package} is optional there: the module needs it always"));
        }
        let Some(oldest) = version else { return };
        if !is_compatible(asked, oldest) {
            note(format!("it is tested with {package} {oldest}; the manifest asks for {asked}"));
        } else if let Some((has, then)) = self.too_old(first, oldest) {
            note(format!("{has}, and the module needs {oldest} or newer: `{then}`"));
        }
    }

    /// Returns what has a version below `oldest`, and what to do about it.
    fn too_old(&self, first: &Dependency, oldest: &str) -> Option<(String, String)> {
        let Dependency { package, asked, alias, is_dev, .. } = first;
        let needed = Version::parse(oldest)?;
        // No update goes beyond these.
        let is_held = asked.starts_with(['=', '~']) || asked.contains('<');
        let there = self.locked.version(package, needed);
        let has = match there {
            Some(there) => format!("Cargo.lock has {package} {there}"),
            None if is_held => format!("the manifest asks for {package} {asked}"),
            None => return None,
        };
        let version = there.unwrap_or(asked.trim_start_matches(['=', '~', ' ']));
        if Version::parse(version)? >= needed {
            return None;
        }
        let add = Add {
            package: package.clone(),
            version: Some(oldest.into()),
            rename: (*alias != package.replace('-', "_")).then(|| alias.clone()),
            is_dev: *is_dev,
            ..Add::default()
        };
        let then = match is_held {
            true => add.words().join(" "),
            false => format!("update {package}@{version}"),
        };
        Some((has, format!("cargo {then}")))
    }
}

/// Returns whether cargo takes the version that `asked` begins with for `tested`.
fn is_compatible(asked: &str, tested: &str) -> bool {
    // A range, or any version, may be right.
    if asked == "*" || asked.contains([',', '>', '<']) {
        return true;
    }
    let asked = Version::parse(asked.trim_start_matches(['^', '~', '=', ' ']));
    let both = asked.zip(Version::parse(tested));
    both.is_none_or(|(asked, tested)| asked.is_compatible(tested))
}

/// Returns what the workspace of `target` gives its members. `cargo add` takes it from there, unless it is
/// asked for a version.
fn inherited(target: &Target) -> BTreeSet<String> {
    let manifest = std::fs::read_to_string(target.workspace.join("Cargo.toml"));
    let manifest = manifest.unwrap_or_default();
    let manifest = DeTable::parse(&manifest).map(|it| it.into_inner()).unwrap_or_default();
    let workspace = manifest.get("workspace").map(toml::Spanned::get_ref);
    let table = workspace.and_then(|it| it.get("dependencies")?.get_ref().as_table());
    table.into_iter().flatten().map(|(name, _)| name.get_ref().to_string()).collect()
}
