//! Reads the lock file of a package.

use super::target::Target;
use super::version::Version;
use std::fs;
use toml::de::{DeTable, DeValue};

/// Each package with its version.
pub struct Locked(Vec<(String, String)>);

impl Locked {
    /// Nothing, if there is no lock file yet.
    pub fn of(target: &Target) -> Self {
        let text = fs::read_to_string(target.workspace.join("Cargo.lock")).unwrap_or_default();
        let file = DeTable::parse(&text).map(|it| it.into_inner()).unwrap_or_default();
        let packages = file.get("package").and_then(|it| it.get_ref().as_array());
        let one = |package: &DeValue<'_>| {
            let field = |key| Some(package.get(key)?.get_ref().as_str()?.to_string());
            Some((field("name")?, field("version")?))
        };
        Self(packages.into_iter().flatten().filter_map(|it| one(it.get_ref())).collect())
    }

    /// The version of `package` that goes for `like`.
    pub fn version(&self, package: &str, like: Version) -> Option<&str> {
        let own = self.0.iter().filter(|(name, _)| name == package);
        let mut versions = own.map(|(_, version)| version.as_str());
        versions.find(|it| Version::parse(it).is_some_and(|it| it.is_compatible(like)))
    }
}
