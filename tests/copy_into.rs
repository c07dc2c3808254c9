//! Promise: every recipe goes into a service by one command, compiles there, and its tests pass. In
//! that service they do what they say of a real process: its signals, files, stdin and stdout.

use crate::support::{WORKSPACE, built, manifest, program, read, write_if_changed};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use tempfile::TempDir;
use toml::Table;

/// A service as people have it, and a warning is an error.
const MANIFEST: &str = "\
[package]
name = \"service\"
version = \"0.1.0\"
edition = \"2024\"

[lints.rust]
warnings = \"deny\"

[dependencies]
";

/// What a service has before a recipe goes into it.
const SERVICE: &str = "\
axum = { version = \"0.8\", default-features = false, features = [\"http1\", \"tokio\"] }
tokio = { version = \"1\", features = [\"macros\", \"net\", \"rt-multi-thread\"] }
";

const MAIN: &str = include_str!("support/service.rs");

const WORKSPACE_OF_BOTH: &str = "\
[workspace]
members = [\"20*\"]
resolver = \"2\"

[profile.dev]
debug = false
codegen-units = 1

[profile.dev.build-override]
codegen-units = 1

# A recipe that shows a backtrace has lines there, as in any package, and none in the other.
[profile.dev.package.service-2021]
debug = \"line-tables-only\"
";

fn names() -> Vec<String> {
    let list: Table = read("crates/recipes/recipes.toml").parse().expect("it is TOML");
    let recipes = list["recipe"].as_array().expect("a table each").iter();
    recipes.map(|recipe| recipe["name"].as_str().expect("it has a name").to_string()).collect()
}

/// Copies every recipe with its tests, as its user would, who has no network.
fn copy_all(service: &Path) {
    for name in names() {
        let mut tour = program("tour");
        tour.args(["copy", &name, "--with-tests", "--apply"]).arg(service);
        let copied = tour.env("CARGO_NET_OFFLINE", "true").output().expect("it has been built");
        assert!(copied.status.success(), "{name}: {copied:?}");
    }
}

/// Where the services of both editions are, with all recipes, and built. Nothing is used in most of
/// them, where no test stands: a warning would be an error.
static SERVICES: LazyLock<PathBuf> = LazyLock::new(|| {
    let home = TempDir::new().unwrap();
    let file = |path: &str| home.path().join(path);
    write_if_changed(&file("Cargo.toml"), WORKSPACE_OF_BOTH);
    let lock = || fs::copy(Path::new(WORKSPACE).join("Cargo.lock"), file("Cargo.lock")).unwrap();
    lock();
    for edition in ["2024", "2021"] {
        fs::create_dir_all(file(edition).join("src")).unwrap();
        fs::write(file(edition).join("src/main.rs"), MAIN).unwrap();
        // The other service begins with all dependencies: cargo need not be asked for them again.
        let manifest = match edition {
            "2024" => MANIFEST.replace("service", "service-2024") + SERVICE,
            _ => fs::read_to_string(file("2024/Cargo.toml")).unwrap().replace("2024", edition),
        };
        fs::write(file(edition).join("Cargo.toml"), manifest).unwrap();
        copy_all(&file(edition));
    }
    let (old, new) = (file("2021/Cargo.toml"), file("2024/Cargo.toml"));
    let read = |path| fs::read_to_string(path).unwrap();
    assert_eq!(read(old).replace("2021", "2024"), read(new), "the second lacked something");

    // Beside them comes a package that has what this workspace has: with the same features, the dependencies
    // are built already. That `copy` asks for enough is what `scripts/alone` checks.
    let others = built::packages_without(None);
    fs::create_dir_all(file("others/src")).unwrap();
    fs::write(file("others/src/lib.rs"), "").unwrap();
    let others = format!(
        "[package]\nname = \"others\"\nedition = \"2024\"\n\n[lib]\ntest = false\ndoctest = false\n\n[dependencies]\n{}",
        manifest(&others)
    );
    fs::write(file("others/Cargo.toml"), others).unwrap();
    let all = WORKSPACE_OF_BOTH.replace("\"20*\"", "\"20*\", \"others\"");
    fs::write(file("Cargo.toml"), all).unwrap();
    lock();
    let services = Path::new(env!("CARGO_TARGET_TMPDIR")).join("copy-into");
    keep(home.path(), &services);
    let (succeeded, said) = cargo(&["build"], &services);
    assert!(succeeded, "{said}");
    services
});

/// The crate of the recipes has edition 2024 and the same tests. In a service of that edition they are
/// built and run only where `CI` is set.
#[test]
fn every_recipe_goes_into_a_service_of_each_edition_and_passes_its_tests_there() {
    let (words, services) = match std::env::var_os("CI") {
        Some(_) => (&["test"][..], 2),
        None => (&["test", "--exclude", "service-2024"][..], 1),
    };
    let (succeeded, said) = cargo(words, &SERVICES);
    assert!(succeeded, "{said}");
    assert_eq!(said.matches("test result: ok. ").count(), services, "{said}");
}

/// Runs cargo for both services. Returns what it says.
fn cargo(words: &[&str], service: &Path) -> (bool, String) {
    let output = Command::new(env!("CARGO"))
        .args(words)
        .args(["--workspace", "--offline", "--quiet"])
        .current_dir(service)
        .env("CARGO_TARGET_DIR", service.join("target"))
        .env_remove("CARGO_BUILD_TARGET")
        // Dependencies are shared with the workspace.
        .env("CARGO_BUILD_BUILD_DIR", Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap())
        .env("CARGO_INCREMENTAL", "0")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].map(|it| String::from_utf8_lossy(&it).into_owned());
    (output.status.success(), said.concat())
}

/// The packages in a place that stays: what has not changed is not built again.
fn keep(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    let names = |folder: &Path| {
        let entries = fs::read_dir(folder).unwrap();
        entries.map(|entry| entry.unwrap().file_name()).collect::<Vec<_>>()
    };
    let new = names(from);
    // A recipe that is gone.
    for old in names(to).into_iter().filter(|name| !new.contains(name) && name != "target") {
        fs::remove_file(to.join(old)).unwrap();
    }
    for name in new {
        let (from, to) = (from.join(&name), to.join(&name));
        match from.is_dir() {
            true => keep(&from, &to),
            false => write_if_changed(&to, &fs::read_to_string(&from).unwrap()),
        }
    }
}

/// The service as a process.
#[cfg(unix)] // sends signals, and limits the open files
mod process {
    use super::SERVICES;
    use std::io::{BufRead, BufReader, Write};
    use std::net::{SocketAddr, TcpStream};
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};
    use utils::probe::{Child, Ended, Signal};

    fn command() -> Command {
        Command::new(SERVICES.join("target/debug/service-2024"))
    }

    fn address(line: &str) -> SocketAddr {
        line.strip_prefix("listening on ").expect(line).trim().parse().expect(line)
    }

    /// The running service, whose stdin stays open, and its address.
    fn start(mut command: Command) -> (Child, SocketAddr) {
        let mut service = Child::with_stdin(&mut command);
        let address = address(&service.wait_for_line("listening on "));
        (service, address)
    }

    struct Client(BufReader<TcpStream>);

    impl Client {
        fn connect(address: SocketAddr) -> Self {
            let stream = TcpStream::connect(address).unwrap();
            // Only a service that has lost the connection lets this pass.
            stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
            Self(BufReader::new(stream))
        }

        /// Sends this, and returns the line that comes, or nothing at the end of the connection.
        fn ask(&mut self, text: &str) -> String {
            self.0.get_mut().write_all(text.as_bytes()).unwrap();
            let mut line = String::new();
            self.0.read_line(&mut line).unwrap();
            line
        }
    }

    fn ends_with(ended: &Ended, code: i32, lines: &str) {
        assert_eq!(ended.status.code(), Some(code), "{ended:#?}");
        assert!(ended.stdout.ends_with(lines), "{ended:#?}");
        assert_eq!(ended.stderr, "", "{ended:#?}");
    }

    const DRAINED: &str = "stopping\nserved: Ok(())\ndrained: Ok(())\n";

    /// The thread that waits for a line at stdin does not hold it up.
    #[test]
    fn a_signal_ends_it_with_the_code_of_that_signal_and_an_idle_client_at_once() {
        for (signal, code) in [(Signal::Interrupt, 130), (Signal::Terminate, 143)] {
            let (service, address) = start(command());
            let mut idle = Client::connect(address);
            assert_eq!(idle.ask("hello\n"), "HELLO\n");
            service.signal(signal);
            assert_eq!(idle.ask(""), "");
            drop(idle);
            ends_with(&service.end(), code, DRAINED);
        }
    }

    #[test]
    fn a_request_that_has_begun_is_answered_and_no_new_client_gets_in() {
        let (mut service, address) = start(command());
        let mut busy = Client::connect(address);
        assert_eq!(busy.ask("first\nhel"), "FIRST\n");
        service.signal(Signal::Terminate);
        service.wait_for_line("stopping");
        while TcpStream::connect(address).is_ok() {
            // The listener is closed behind that line.
        }
        assert_eq!(busy.ask("lo\n"), "HELLO\n");
        assert_eq!(busy.ask(""), "");
        drop(busy);
        ends_with(&service.end(), 143, DRAINED);
    }

    /// Its own limit is an hour.
    #[test]
    fn a_second_signal_cuts_off_what_does_not_end() {
        let (mut service, address) = start(command());
        let mut stalled = Client::connect(address);
        assert_eq!(stalled.ask("first\nhel"), "FIRST\n");
        service.signal(Signal::Terminate);
        service.wait_for_line("stopping");
        service.signal(Signal::Interrupt);
        ends_with(&service.end(), 143, "stopping\ndrained: Err(CutOff(1))\n");
    }

    #[test]
    fn a_word_that_is_typed_ends_it_too() {
        let (mut service, _) = start(command());
        service.type_in("hello\nquit\n");
        ends_with(&service.end(), 0, DRAINED);
    }

    /// The system has no file for another connection: they wait in its queue.
    #[test]
    fn without_a_file_for_a_client_it_neither_ends_nor_spins_and_goes_on_when_one_leaves() {
        const FILES: usize = 32;
        let mut few = Command::new("sh");
        few.args(["-c", &format!("ulimit -n {FILES} && exec \"$0\"")]);
        few.arg(command().get_program());
        let (mut service, address) = start(few);
        let begun = Instant::now();
        let clients: Vec<_> = (0..FILES).map(|_| Client::connect(address)).collect();
        service.wait_for_line("accept: ");
        drop(clients);
        assert_eq!(Client::connect(address).ask("hello\n"), "HELLO\n");
        service.signal(Signal::Terminate);
        let ended = service.end();
        let seconds = usize::try_from(begun.elapsed().as_secs()).unwrap();
        ends_with(&ended, 143, DRAINED);
        // Eight pauses up to a second, and again for each client that has left.
        let errors = ended.stdout.matches("accept: ").count();
        assert!((1..=(FILES + 1) * 9 + seconds).contains(&errors), "{errors} in {seconds} s");
    }

    /// After a failed assertion it would run on.
    struct Killed(std::process::Child);

    impl Drop for Killed {
        fn drop(&mut self) {
            let _ = self.0.kill();
        }
    }

    #[test]
    fn it_serves_and_ends_as_before_when_nobody_reads_its_stdout() {
        let mut command = command();
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut service = Killed(command.spawn().unwrap());
        let mut line = String::new();
        BufReader::new(service.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        // The reader is gone: what is written now is an error, and no signal.
        let mut client = Client::connect(address(&line));
        assert_eq!(client.ask("hello\n"), "HELLO\n");
        let id = service.0.id().to_string();
        assert!(Command::new("kill").arg(id).status().unwrap().success());
        assert_eq!(client.ask(""), "");
        drop(client);
        assert_eq!(service.0.wait().unwrap().code(), Some(143));
    }
}
