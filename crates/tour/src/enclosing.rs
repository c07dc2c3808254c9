//! The Cargo workspace around a folder.

use std::fs;
use std::path::Path;

/// Cargo looks upwards from a package for a workspace, which claims the package by its `members`
/// or refuses it: "current package believes it's in a workspace when it's not".
pub fn enclosing_workspace<'a>(path: &'a Path, ours: &Path) -> Option<&'a Path> {
    let ours = dunce::canonicalize(ours).ok();
    path.ancestors().skip(1).find(|folder| {
        let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
        ours.as_deref() == Some(folder) || is_workspace(&manifest)
    })
}

/// `[workspace]`, `[ workspace.package ]`, or `workspace.members = …` before the first table.
fn is_workspace(manifest: &str) -> bool {
    let lines = manifest.lines().map(|line| line.split_whitespace().collect::<String>());
    let mut in_a_table = false;
    lines.into_iter().any(|line| {
        in_a_table |= line.starts_with('[');
        let key = if in_a_table { line.strip_prefix('[') } else { Some(&*line) };
        let rest = key.and_then(|key| key.strip_prefix("workspace"));
        rest.is_some_and(|rest| rest.starts_with(if in_a_table { [']', '.'] } else { ['=', '.'] }))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::TempDir;

    #[test]
    fn a_package_above_is_no_workspace_and_a_workspace_above_is() {
        let home = TempDir::new().unwrap();
        let (manifest, app) = (home.path().join("Cargo.toml"), home.path().join("deep/app"));
        let nowhere = Path::new("/nowhere");
        for package in [
            "[package]\nname = \"outer\"\n",
            "[package]\nversion.workspace = true\n",
            "[dependencies]\nutils.workspace = true\nworkspace = \"1\"\n",
            "[dependencies.utils]\nworkspace = true\n",
            "# [workspace]\n[[workspaces]]\n",
        ] {
            fs::write(&manifest, package).unwrap();
            assert_eq!(enclosing_workspace(&app, nowhere), None, "{package}");
        }
        for workspace in [
            "[workspace]\n",
            "[workspace.package]\n",
            "[package]\n[workspace]",
            "  [ workspace ] # mine\n",
            "workspace.members = []\n",
            "workspace = { members = [] }\n",
        ] {
            fs::write(&manifest, workspace).unwrap();
            assert_eq!(enclosing_workspace(&app, nowhere), Some(home.path()), "{workspace}");
        }
        fs::remove_file(&manifest).unwrap();
        assert_eq!(enclosing_workspace(&app, nowhere), None);
        let home = dunce::canonicalize(home.path()).unwrap();
        assert_eq!(enclosing_workspace(&home.join("app"), &home), Some(&*home));
    }
}
