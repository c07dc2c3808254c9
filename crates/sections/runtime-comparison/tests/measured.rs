//! The words of the processes of `measure`, as far as they are the same on every machine: no times.

use measure::{ALL, Contender, crates};
use std::collections::{BTreeMap, HashMap};
use std::process::Command;
use std::sync::{Mutex, PoisonError};
use utils::probe::{Child, Ended};

/// Returns what this program prints with these words. The variables that set a number of threads are not set.
fn program(words: &[&str]) -> Ended {
    let mut command = Command::new(env!("CARGO_BIN_EXE_runtime-comparison"));
    command.args(words);
    for variable in ["TOKIO_WORKER_THREADS", "ASYNC_STD_THREAD_COUNT", "SMOL_THREADS"] {
        command.env_remove(variable);
    }
    Child::start(&mut command).end()
}

type Lines = HashMap<String, String>;

/// The lines of one run: `echo: 52100000 ns, result 5000`, `threads: 3`. Each runtime runs one time for all tests.
fn once(name: &'static str) -> Lines {
    static SAID: Mutex<BTreeMap<&str, Lines>> = Mutex::new(BTreeMap::new());
    // A test that fails with it says why, and the others go on.
    let mut said = SAID.lock().unwrap_or_else(PoisonError::into_inner);
    let run = || {
        let ended = program(&["once", name]);
        assert!(ended.status.success(), "{name}: {ended:#?}");
        lines(&ended.stdout)
    };
    said.entry(name).or_insert_with(run).clone()
}

/// The result in `52100000 ns, result 5000`.
fn result<'a>(lines: &'a Lines, part: &str) -> &'a str {
    lines[part].split_once("result ").unwrap().1
}

fn lines(text: &str) -> Lines {
    let pairs = text.lines().filter_map(|line| line.split_once(": "));
    pairs.map(|(name, value)| (name.trim().to_string(), value.to_string())).collect()
}

fn named(name: &str) -> &'static Contender {
    static CONTENDERS: [Contender; ALL.len()] = ALL;
    CONTENDERS.iter().find(|contender| contender.name == name).unwrap()
}

/// Those of the Go program too, which `scripts/elsewhere` compares with what it says.
/// Proves G-1.3-4, D-14-1.
#[test]
fn the_program_gives_the_same_results_on_every_runtime() {
    let go = include_str!("../elsewhere/one_program.go").replace("\r\n", "\n");
    let (_, printed) = go.split_once("// Prints:\n").unwrap();
    let expected = lines(&printed.replace("//", ""));
    for runtime in ["tokio", "tokio-1", "async-std", "smol", "tiny-runtime"] {
        let said = once(runtime);
        for part in ["timers", "channels", "echo", "cpu"] {
            assert_eq!(result(&said, part), result(&expected, part), "{runtime}: {part}");
        }
    }
}

/// Proves G-8.1-3.
#[cfg(target_os = "linux")] // counts what is in /proc
#[test]
fn tokio_has_a_worker_for_each_core_and_its_other_flavor_none() {
    let cores = std::thread::available_parallelism().unwrap().get();
    assert_eq!(once("tokio")["threads"], (cores + 1).to_string());
    let alone = once("tokio-1");
    assert_eq!((&*alone["threads"], &*alone["cpu on"]), ("1", "1"));
}

/// Proves G-8.1-3.
#[test]
fn smol_does_all_cpu_work_on_one_thread() {
    assert_eq!(once("smol")["cpu on"], "1");
}

/// The crate below each is another one: `tests/packages.rs`.
/// Proves G-8.1-1, G-8.1-2.
#[cfg(target_os = "linux")] // elsewhere it is another call
#[test]
fn tokio_async_std_and_smol_wait_with_epoll() {
    for runtime in ["tokio", "async-std", "smol", "tiny-runtime"] {
        assert_eq!(once(runtime)["waits with"], "epoll", "{runtime}");
    }
}

/// Says so where the kernel does not let it run. A container may forbid io_uring.
/// Proves D-14-1, D-14-2.
#[cfg(all(feature = "glommio", target_os = "linux"))] // io_uring is Linux's
#[test]
fn glommio_runs_on_io_uring_and_on_one_core() {
    use std::io::Write;

    let ended = program(&["once", "glommio"]);
    if !ended.status.success() {
        let why = ["not permitted", "not implemented", "MemLock"];
        assert!(why.iter().any(|why| ended.stderr.contains(why)), "{ended:#?}");
        // Not `eprintln`, which a test that passes keeps to itself.
        let skipped = format!("\n!!! SKIPPED: glommio cannot run here: {}", ended.stderr);
        std::io::stderr().write_all(skipped.as_bytes()).expect("stderr is open");
        return;
    }
    let said = lines(&ended.stdout);
    assert_eq!((&*said["waits with"], &*said["cpu on"]), ("io_uring", "1"));
}

/// Proves D-14-1, D-14-7.
#[cfg(feature = "embassy")]
#[test]
fn embassy_runs_all_but_the_sockets_on_one_thread() {
    let (said, tokio) = (once("embassy"), once("tokio"));
    assert_eq!((&*said["echo"], &*said["cpu on"]), ("no sockets", "1"));
    for part in ["timers", "channels", "cpu"] {
        assert_eq!(result(&said, part), result(&tokio, part), "{part}");
    }
}

/// Proves G-8.1-7.
#[test]
fn tokio_brings_fewer_crates_than_smol_and_smol_fewer_than_async_std() {
    let [one_thread, tokio, smol, async_std] =
        ["tokio-1", "tokio", "smol", "async-std"].map(|name| crates(named(name)).unwrap());
    let all = [one_thread, tokio, smol, async_std];
    assert!(0 < one_thread && one_thread <= tokio && tokio < smol && smol < async_std, "{all:?}");
}

#[test]
fn a_runtime_that_is_not_there_is_refused_and_the_near_one_is_named() {
    for (words, near) in [
        (&["measure", "tokyo"][..], "Did you mean tokio?\n"),
        (&["measure", "tiny_runtime"], "Did you mean tiny-runtime?\n"),
        (&["once", "smoll"], "Did you mean smol?\n"),
        (&["measure", "smol", "\x1b[31m"], "error: there is no runtime \"\\u{1b}[31m\"\n"),
        (&["once"], "error: once takes the name of one runtime\n"),
        (&["once", "smol", "tokio"], "error: once takes the name of one runtime\n"),
    ] {
        let ended = program(words);
        assert_eq!((ended.status.code(), &*ended.stdout), (Some(2), ""), "{words:?}");
        assert!(ended.stderr.contains(near), "{words:?}: {}", ended.stderr);
        for Contender { name, .. } in &ALL {
            assert!(ended.stderr.contains(name), "{words:?}: {}", ended.stderr);
        }
    }
}

/// Beside the usage of the section, in its help and for what is no part of it.
#[test]
fn the_section_says_that_it_measures_too() {
    let line = "  cargo run -p runtime-comparison -- measure [RUNTIME...]\n";
    for words in [&["--help"][..], &["measure", "--help"]] {
        let help = program(words);
        assert!(help.status.success() && help.stdout.contains(line), "{help:#?}");
    }
    let unknown = program(&["mesure"]);
    assert!(unknown.status.code() == Some(2) && unknown.stderr.contains(line), "{unknown:#?}");
}

#[cfg(not(feature = "embassy"))]
#[test]
fn what_is_left_out_of_a_build_says_so() {
    let ended = program(&["once", "embassy"]);
    assert_eq!((ended.status.code(), &*ended.stdout), (Some(1), ""));
    assert_eq!(ended.stderr, "error: it is not in this build: --features embassy\n");
}

/// The whole of it, in a build that measures. Other builds start cargo for one.
#[cfg(not(debug_assertions))]
#[test]
fn the_tables_have_a_row_for_each_of_the_named_and_for_tokio() {
    let ended = program(&["measure", "tokio-1"]);
    assert!(ended.status.success(), "{ended:#?}");
    let rows = |name: &str| {
        ended.stdout.lines().filter(|line| line.starts_with(&format!("{name} "))).count()
    };
    assert_eq!(["tokio", "tokio-1", "smol"].map(rows), [3, 3, 0], "{}", ended.stdout);
}
