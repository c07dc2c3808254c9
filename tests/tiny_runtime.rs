//! Promise: tiny-runtime runs what Tokio runs. Every file of every section, unchanged, is built with
//! tiny-runtime in Tokio's place; what builds is run, and prints what the README shows.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use support::{Diagnostic, Section, Stranger, WORKSPACE, sections, write_if_changed};
use toml::{Table, Value};

const FACADE: &str = include_str!("support/tokio_on_tiny_runtime.rs");

/// Why a file does not build: what the compiler misses, and why it is not there.
const LACKING: [(&str, &str); 11] = [
    ("`fs`", "files are the blocking pool's, and no concept of their own"),
    ("`signal`", "signals"),
    ("`TcpSocket`", "options of sockets that are not open yet"),
    ("`Interest`", "descriptors of others"),
    ("`LocalSet`", "superseded by `LocalRuntime`"),
    ("`runtime_flavor`", "a handle does not tell"),
    ("`on_thread_", "hooks of threads"),
    ("`reqwest`", "needs Tokio's runtime"),
    ("`console_subscriber`", "needs Tokio's runtime"),
    ("in `tokio_util`", "spawns onto Tokio's runtime"),
    ("`lookup_host`", "names are resolved by `connect` and `bind` only"),
];

/// Programs that show Tokio from inside: a text of tiny-runtime, and what Tokio prints there.
const DIFFERENT: [(&str, &str, &str); 10] = [
    ("runtime-builder--main_thread", ": tiny-runtime", ": tokio-rt-worker"),
    ("incidents--saturated_worker", ": tiny-runtime", ": tokio-rt-worker"),
    (
        "function-coloring--block_on_callers",
        "there is no tiny-runtime here: call this in `block_on`, in a task, or while the guard of \
         `Runtime::enter` lives",
        "there is no reactor running, must be called from the context of a Tokio 1.x runtime",
    ),
    // Channels are Tokio's, and know nothing of a budget that is not Tokio's.
    ("sync-vs-async--cooperative", "messages: 0 turns", "messages: 7 turns"),
    (
        "scheduler--budget",
        "1000 messages: polls 1, turns of the neighbour 0",
        "1000 messages: polls 8, turns of the neighbour 7",
    ),
    // A sleep takes 32 bytes here, and 112 there.
    (
        "anti-patterns--large_futures",
        "stack: 1000048\ngood_large_heap: 72\ngood_boxed_array: 56",
        "stack: 1000128\ngood_large_heap: 152\ngood_boxed_array: 136",
    ),
    ("runtime-comparison--bytes_per_task", "heap: 240 bytes", "heap: 152 bytes"),
    ("runtime-comparison--bytes_per_task", "future: 1240 bytes", "future: 1152 bytes"),
    ("runtime-comparison--bytes_per_task", "tasks: 160 bytes", "tasks: 256 bytes"),
    ("runtime-comparison--bytes_per_task", "goroutine: 12", "goroutine: 8"),
];

#[test]
fn every_section_that_needs_no_more_than_tiny_runtime_has_prints_the_same_on_it() {
    let sections = sections();
    let programs: Vec<_> = sections
        .iter()
        .flat_map(|section| {
            section.all_parts().map(|part| (name(section, part), section.source(part)))
        })
        .collect();
    let dependencies = dependencies(&sections);
    let alone = Stranger::new("tiny-runtime", "alone", &dependencies, &programs);
    write_facade(&alone.folder.join("facade"));
    let lacking = why_not_built(alone.check(), &programs);

    let together = together(&sections, &dependencies, &lacking);
    let running: Vec<_> = sections
        .iter()
        .flat_map(|section| section.parts.iter().map(move |part| (section, part)))
        .filter(|(section, part)| !lacking.contains(&name(section, part)))
        .collect();
    assert!(running.len() > programs.len() / 2, "{} programs run", running.len());
    // The programs mostly sleep, so that many can run at once; but not all, since their clock is real.
    let printed = running.chunks(16).flat_map(|some| {
        let threads = some.iter().map(|(section, part)| together.run(&section.name, &[part], &[]));
        let threads: Vec<_> = threads.collect();
        let printed: Vec<_> = threads.into_iter().map(|thread| thread.join().unwrap()).collect();
        some.iter().map(|(section, part)| name(section, part)).zip(printed)
    });
    let printed = printed.map(|(program, mut printed)| {
        for (_, tiny, tokio) in DIFFERENT.iter().filter(|(different, ..)| *different == program) {
            assert!(printed.contains(tiny), "{program} does not print {tiny:?}: {printed}");
            printed = printed.replace(tiny, tokio);
        }
        (program, printed)
    });
    let printed: BTreeMap<_, _> = printed.collect();
    for section in &sections {
        assert_documented(section, &printed);
    }
}

/// The programs of each section as one program, as in the section itself: the code that they have in
/// common is built once. All must build, also those that are not run.
fn together(sections: &[Section], dependencies: &str, lacking: &BTreeSet<String>) -> Stranger {
    let programs = sections.iter().filter_map(|section| {
        let built = |part: &&String| !lacking.contains(&name(section, part));
        let parts: Vec<_> = section.all_parts().filter(built).collect();
        let modules = parts.iter().map(|part| {
            let path = section.folder.join("src").join(format!("{part}.rs"));
            format!("#[path = {path:?}]\nmod {part};\n")
        });
        let list = parts.iter().map(|part| part.as_str()).collect::<Vec<_>>().join(", ");
        let modules: String = modules.collect();
        let main = "fn main() -> std::process::ExitCode";
        let source = format!("{modules}\n{main} {{\n    utils::section!({list})\n}}\n");
        (!parts.is_empty()).then(|| (section.name.clone(), source))
    });
    let utils = Path::new(WORKSPACE).join("crates/utils");
    // A backtrace names lines.
    let dependencies = format!(
        "{dependencies}utils = {{ path = {utils:?} }}\n\n\
         [profile.dev.package.stranger-together]\ndebug = \"line-tables-only\"\n"
    );
    let programs: Vec<_> = programs.collect();
    let together = Stranger::new("tiny-runtime", "together", &dependencies, &programs);
    write_facade(&together.folder.join("facade"));
    let said = together.build();
    assert!(said.iter().all(|diagnostic| diagnostic.level != "error"), "{said:#?}");
    together
}

/// What the README shows is what its programs print, in their order; those that do not run here
/// print at least a line each.
fn assert_documented(section: &Section, printed: &BTreeMap<String, String>) {
    let documented = section.documented_output();
    let mut rest = documented.as_str();
    let mut missing = 0;
    for part in &section.parts {
        let Some(printed) = printed.get(&name(section, part)) else {
            missing += 1;
            continue;
        };
        let start = match missing {
            0 => rest.starts_with(printed.as_str()).then_some(0),
            _ => rest
                .match_indices(printed.as_str())
                .map(|(at, _)| at)
                .find(|&at| rest[..at].ends_with('\n') && rest[..at].lines().count() >= missing),
        };
        let program = name(section, part);
        let start = start.unwrap_or_else(|| panic!("{program}: {printed}\nis not in:\n{rest}"));
        assert!(!printed.is_empty(), "{program} prints nothing");
        rest = &rest[start + printed.len()..];
        missing = 0;
    }
    assert!(rest.lines().count() >= missing, "{}: {rest:?}", section.name);
    assert!(missing > 0 || rest.is_empty(), "{}: not printed: {rest}", section.name);
}

/// The programs that did not build, each for one of the reasons above, and each of these for one.
fn why_not_built(diagnostics: Vec<Diagnostic>, programs: &[(String, String)]) -> BTreeSet<String> {
    let mut errors = BTreeMap::<_, String>::new();
    for error in diagnostics.into_iter().filter(|diagnostic| diagnostic.level == "error") {
        errors.entry(error.program).or_default().push_str(&error.rendered);
    }
    let mut used = BTreeSet::new();
    for (program, text) in &errors {
        assert!(programs.iter().any(|(name, _)| name == program), "{program}: {text}");
        let reasons = LACKING.map(|(missed, _)| missed);
        let reasons: Vec<_> = reasons.into_iter().filter(|missed| text.contains(missed)).collect();
        assert!(!reasons.is_empty(), "{program} does not build, and `LACKING` misses why: {text}");
        used.extend(reasons);
    }
    let unused: Vec<_> = LACKING.iter().filter(|(missed, _)| !used.contains(missed)).collect();
    assert!(unused.is_empty(), "no program lacks it: {unused:?}");
    errors.into_keys().collect()
}

/// Those of all sections together, but for what brings Tokio's runtime along, and for Tokio.
fn dependencies(sections: &[Section]) -> String {
    let mut all = Table::new();
    for section in sections {
        let own: Table = section.literal_dependencies().parse().expect("they are TOML");
        let own = own.into_iter().filter(|(name, _)| {
            !["console-subscriber", "reqwest", "target", "tokio"].contains(&name.as_str())
        });
        for (name, specification) in own {
            let mut own = match specification {
                Value::Table(table) => table,
                version => Table::from_iter([("version".to_string(), version)]),
            };
            let known = all.entry(&name).or_insert_with(|| Value::Table(own.clone()));
            let known = known.as_table_mut().expect("inserted as one");
            if !own.contains_key("default-features") {
                known.remove("default-features");
            }
            if let Some(Value::Array(features)) = own.remove("features") {
                let all = known.entry("features").or_insert_with(|| Value::Array(Vec::new()));
                let all = all.as_array_mut().expect("inserted as one");
                all.extend(features);
                // In tokio-util, what spawns.
                all.retain(|feature| feature.as_str() != Some("rt"));
            }
        }
    }
    let facade = [("package", "tokio-on-tiny-runtime"), ("path", "facade")];
    let facade = facade.map(|(key, value)| (key.to_string(), Value::from(value)));
    all.insert("tokio".to_string(), Value::Table(Table::from_iter(facade)));
    // Inline tables: the manifest goes on below this.
    all.iter().map(|(name, specification)| format!("{name} = {specification}\n")).collect()
}

fn write_facade(folder: &Path) {
    fs::create_dir_all(folder.join("src")).expect("target/tmp can be written");
    let tiny_runtime = Path::new(WORKSPACE).join("crates/tiny-runtime");
    let manifest = format!(
        "[package]\nname = \"tokio-on-tiny-runtime\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n\
         [dependencies]\n\
         real-tokio = {{ package = \"tokio\", version = \"1\", features = [\"io-util\", \"macros\", \"sync\"] }}\n\
         tiny-runtime = {{ path = {tiny_runtime:?}, features = [\"tokio-io\"] }}\n\
         tokio-macros = \"2\"\n",
    );
    write_if_changed(&folder.join("Cargo.toml"), &manifest);
    write_if_changed(&folder.join("src/lib.rs"), FACADE);
}

fn name(section: &Section, part: &str) -> String {
    format!("{}--{part}", section.name)
}
