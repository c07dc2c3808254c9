//! What the roadmap says of Tokio's sources is true of the version in `Cargo.lock`.

use std::path::Path;
use std::process::Command;

/// `tokio/` in the repository is the package `tokio`. Nothing here needs one called `tokio-rt`.
/// Proves D-17-3.
#[test]
fn the_scheduler_lies_where_the_roadmap_says() {
    let roadmap = tour::data::documents()[1].section("17").expect("it is on the map");
    let mut truths = roadmap.lines.iter().map(|line| line.truth);
    let path = truths.find_map(|truth| truth.en.strip_prefix("`tokio/"));
    let path = path.expect("the roadmap corrects the path");
    let (path, _) = path.split_once('`').expect("the path is closed");
    assert!(path.ends_with("scheduler/multi_thread/"), "{path}");

    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let lock = std::fs::read_to_string(workspace.join("Cargo.lock")).expect("it is locked");
    let lock = lock.replace("\r\n", "\n");
    assert!(lock.contains("\nname = \"tokio\"\n"));
    assert!(!lock.contains("\nname = \"tokio-rt\"\n"));

    let worker = tokio().join(path).join("worker.rs");
    assert!(worker.is_file(), "{}", worker.display());
}

/// Where the sources of Tokio lie.
fn tokio() -> std::path::PathBuf {
    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO"))
            .args(arguments)
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
            .output()
            .expect("cargo runs this test, so it can be run");
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).expect("cargo prints UTF-8")
    };
    // path+file:///…, or registry+https://…#tokio@1.54.1
    let id = cargo(&["pkgid", "--offline", "tokio"]);
    let version = id.trim().rsplit(['@', '#']).next().expect("it ends with the version");
    let version_line = cargo(&["-vV"]);
    let host = version_line.lines().find_map(|line| line.strip_prefix("host: "));
    // Without the filter it would ask for crates of platforms that nobody here builds for.
    let metadata = cargo(&[
        "metadata",
        "--offline",
        "--format-version=1",
        "--filter-platform",
        host.expect("it names its host"),
    ]);
    let folder = format!("/tokio-{version}/Cargo.toml\"");
    let (before, _) = metadata.split_once(&folder).expect("metadata has every package");
    let (_, parent) = before.rsplit_once("\"manifest_path\":\"").expect("it is a path");
    Path::new(parent).join(format!("tokio-{version}"))
}
