//! What the packages of the runtimes say of themselves, in the versions of `Cargo.lock`.

use std::path::Path;
use std::process::Command;

/// Proves D-3-7.
#[test]
fn async_std_and_smol_share_their_tasks_and_tokio_has_its_own() {
    let who = cargo(&["tree", "--edges=normal", "--prefix=none", "--invert=async-task"]);
    let depends =
        |name: &str| who.lines().any(|line| line.split_once(' ').is_some_and(|it| it.0 == name));
    assert_eq!(["async-std", "smol", "tokio"].map(depends), [true, true, false], "{who}");
}

/// Proves G-8.1-1, G-8.1-2.
#[test]
fn async_std_and_smol_do_their_io_by_polling_and_tokio_by_mio() {
    let depend_on = |package: &str| {
        let invert = format!("--invert={package}");
        let who = cargo(&["tree", "--edges=normal", "--prefix=none", &invert]);
        let depends = |name: &str| {
            who.lines().any(|line| line.split_once(' ').is_some_and(|it| it.0 == name))
        };
        ["async-std", "smol", "tokio"].map(depends)
    };
    assert_eq!(depend_on("polling"), [true, true, false]);
    assert_eq!(depend_on("mio"), [false, false, true]);
}

/// Above the path of a selector stand the systems that it is for.
/// Proves D-7-1.
#[test]
fn mio_has_the_selector_that_the_document_names_for_each_system() {
    let manifest = field(&metadata(), "mio", "manifest_path");
    let sys = Path::new(&manifest).with_file_name("src").join("sys");
    let unix = std::fs::read_to_string(sys.join("unix/mod.rs")).unwrap();
    let is_for = |selector: &str, system: &str| {
        let (systems, _) = unix.split_once(&format!(r#"path = "selector/{selector}.rs""#)).unwrap();
        let (_, systems) = systems.rsplit_once("cfg_attr").unwrap();
        systems.contains(&format!(r#"target_os = "{system}""#))
    };
    let kqueue = ["macos", "freebsd", "netbsd", "openbsd", "dragonfly"];
    assert!(is_for("epoll", "linux") && !is_for("kqueue", "linux"));
    assert!(kqueue.iter().all(|system| is_for("kqueue", system) && !is_for("epoll", system)));
    let windows = std::fs::read_to_string(sys.join("windows/mod.rs")).unwrap();
    assert!(windows.lines().any(|line| line.trim() == "mod iocp;"), "{windows}");
}

/// Proves G-1.3-9, G-8.1-8, D-14-1.
#[test]
fn async_std_calls_itself_deprecated() {
    let description = field(&metadata(), "async-std", "description");
    assert!(description.starts_with("Deprecated in favor of `smol`"), "{description}");
}

/// What can do without it says so in its root; async-std does, for one module.
/// Proves G-8.1-6, D-5-5, D-13-8, D-14-7.
#[test]
fn tokio_and_smol_need_the_standard_library() {
    let metadata = metadata();
    let can_do_without = |name: &str| {
        let manifest = field(&metadata, name, "manifest_path");
        let root = Path::new(&manifest).with_file_name("src").join("lib.rs");
        let root = std::fs::read_to_string(root).unwrap();
        root.lines().any(|line| line.starts_with("#![") && line.contains("no_std"))
    };
    assert_eq!(["async-std", "tokio", "smol"].map(can_do_without), [true, false, false]);
    assert!(can_do_without("embassy-executor"));
}

/// Its work is done by small crates, which async-std shares.
/// Proves G-8.1-10.
#[test]
fn smol_itself_has_less_than_a_hundredth_of_the_lines_of_tokio() {
    let metadata = metadata();
    let lines = |name: &str| {
        let manifest = field(&metadata, name, "manifest_path");
        lines_below(&Path::new(&manifest).with_file_name("src"))
    };
    let (smol, tokio) = (lines("smol"), lines("tokio"));
    assert!(smol > 0 && smol * 100 < tokio, "{smol} and {tokio}");
}

fn lines_below(folder: &Path) -> usize {
    let paths = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let lines = paths.map(|path| match path.is_dir() {
        true => lines_below(&path),
        false => std::fs::read_to_string(&path).unwrap().lines().count(),
    });
    lines.sum()
}

/// Of all packages that this one is built from.
fn metadata() -> String {
    let version = cargo(&["version", "--verbose"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // Without the filter it would ask for crates of platforms that nobody here builds for.
    cargo(&["metadata", "--format-version=1", "--filter-platform", host])
}

/// `{"name":"async-std","version":"…",…,"description":"…",…}`
fn field(metadata: &str, package: &str, name: &str) -> String {
    let begin = format!(r#"{{"name":"{package}","version":"#);
    let (_, package) = metadata.split_once(&begin).unwrap();
    let (_, value) = package.split_once(&format!(r#""{name}":""#)).unwrap();
    value.split('"').next().unwrap().to_string()
}

/// What `cargo` prints, without asking the network.
fn cargo(arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .args(arguments)
        .arg("--offline")
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs this test, so it can be run");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("cargo prints UTF-8")
}
