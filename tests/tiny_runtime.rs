//! Promise: tiny-runtime runs what Tokio runs. Every file of every section, unchanged, is built with
//! tiny-runtime in Tokio's place; what builds is run, and prints what the README shows.

use crate::support::compiler::{Compiler, Emit, Program};
use crate::support::{
    Dependencies, Diagnostic, Section, Stranger, WORKSPACE, at_once, built, manifest, path_to,
    printed, sections, union, write_if_changed,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use toml::{Table, Value};

const FACADE: &str = include_str!("support/tokio_on_tiny_runtime.rs");

/// Why a file does not build: what the compiler misses, and why it is not there.
const LACKING: [(&str, &str); 17] = [
    ("`fs`", "files are the blocking pool's, and no concept of their own"),
    ("`signal`", "signals"),
    ("`TcpSocket`", "options of sockets that are not open yet"),
    ("`Interest`", "descriptors of others"),
    ("`LocalSet`", "superseded by `LocalRuntime`"),
    ("`runtime_flavor`", "a handle does not tell"),
    ("`on_thread_", "hooks of threads"),
    ("`hyper_util`", "its executor and its timer are of Tokio's runtime"),
    ("`process`", "child processes"),
    ("`into_std`", "a socket does not leave its runtime"),
    ("`tokio::net::UnixListener`", "TCP and UDP are enough to see readiness"),
    ("`stdin`", "the standard streams"),
    ("`task_local`", "values of tasks"),
    ("`reqwest`", "needs Tokio's runtime"),
    ("`console_subscriber`", "needs Tokio's runtime"),
    ("in `tokio_util`", "spawns onto Tokio's runtime"),
    ("`lookup_host`", "names are resolved by `connect` and `bind` only"),
];

/// What brings Tokio's runtime along.
const WITHOUT: [&str; 3] = ["console-subscriber", "hyper-util", "reqwest"];

/// Programs that show Tokio from inside: a text of tiny-runtime, and what Tokio prints there.
const DIFFERENT: [(&str, &str, &str); 8] = [
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
    // Ten of them are reserved, for the next timers: `runtime/time/nodes.rs`.
    ("runtime-comparison--bytes_per_task", "tasks: 169 bytes", "tasks: 256 bytes"),
    ("runtime-comparison--bytes_per_task", "goroutine: 12", "goroutine: 8"),
];

#[test]
fn every_section_that_needs_no_more_than_tiny_runtime_has_prints_the_same_on_it() {
    let sections = sections();
    let workbench = Workbench::new();
    let lacking = workbench.lacking(&sections);
    let programs = workbench.programs(&sections, &lacking);
    let running: Vec<_> = sections
        .iter()
        .flat_map(|section| section.parts.iter().map(move |part| (section, part)))
        .filter(|(section, part)| !lacking.contains(&name(section, part)))
        .collect();
    assert!(running.len() > lacking.len(), "{} programs run", running.len());
    // The programs mostly sleep, so that many can run at once; but not all, since their clock is real.
    let printed = at_once(16, running, |(section, part)| {
        let mut program = Command::new(programs.join(section.name.replace('-', "_")));
        program.arg(part);
        (name(section, part), printed(program))
    });
    let printed = printed.into_iter().map(|(program, mut printed)| {
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

/// All that the sections depend on, built with tiny-runtime in Tokio's place.
struct Workbench {
    folder: PathBuf,
    compiler: Compiler,
    dependencies: Dependencies,
}

impl Workbench {
    fn new() -> Self {
        let mut all = dependencies();
        all.insert("utils".to_string(), path_to("utils").into());
        let stranger = Stranger::new("sections", "on-tiny-runtime", &manifest(&all), &[]);
        write_facade(&stranger.folder.join("facade"));
        let dependencies = stranger.dependencies();
        Self { compiler: Compiler::at_hand(), dependencies, folder: stranger.folder }
    }

    /// The files that do not compile, each for one of the reasons above.
    ///
    /// Those of a section are compiled as one program, and without these once more, until nothing is left to
    /// complain of: what one file lacks may hide what another one lacks.
    fn lacking(&self, sections: &[Section]) -> BTreeSet<String> {
        let mut lacking = BTreeMap::new();
        let mut open: Vec<_> = sections.iter().collect();
        for round in 1.. {
            let has = |section: &Section, part: &str| !lacking.contains_key(&name(section, part));
            open.retain(|section| section.all_parts().any(|part| has(section, part)));
            let folder = format!("round-{round}");
            let compiled = self.compile(&folder, &open, Emit::Metadata, has);
            let before = lacking.len();
            let mut with_errors = Vec::new();
            for (section, said) in open.into_iter().zip(compiled) {
                let errors: Vec<_> = said.iter().filter(|it| it.level == "error").collect();
                with_errors.extend((!errors.is_empty()).then_some(section));
                for error in errors {
                    let name = name(section, part(section, error));
                    *lacking.entry(name).or_insert_with(String::new) += &error.rendered;
                }
            }
            open = with_errors;
            if open.is_empty() {
                break;
            }
            assert!(lacking.len() > before, "without what does not compile, the rest does not");
        }
        why_not(lacking)
    }

    /// Compiles all others as the programs of their sections, and returns their folder.
    fn programs(&self, sections: &[Section], lacking: &BTreeSet<String>) -> PathBuf {
        let has = |section: &Section, part: &str| !lacking.contains(&name(section, part));
        let sections: Vec<_> = sections
            .iter()
            .filter(|section| section.all_parts().any(|part| has(section, part)))
            .collect();
        let said = self.compile("together", &sections, Emit::Program, has).concat();
        assert!(said.iter().all(|diagnostic| diagnostic.level != "error"), "{said:#?}");
        self.folder.join("together/out")
    }

    /// Returns what the compiler says of each section.
    fn compile(
        &self,
        folder: &str,
        sections: &[&Section],
        emit: Emit,
        has: impl Fn(&Section, &str) -> bool,
    ) -> Vec<Vec<Diagnostic>> {
        let folder = self.folder.join(folder);
        fs::create_dir_all(&folder).expect("target/tmp can be written");
        let programs = sections.iter().map(|section| {
            let (name, source) = program(section, &has);
            let file = folder.join(&name).with_extension("rs");
            write_if_changed(&file, &source);
            Program { name, file, libraries: libraries(section), emit }
        });
        let compiled = self.compiler.compile(programs.collect(), &self.dependencies, &folder);
        compiled.into_iter().map(|(_, said)| said).collect()
    }
}

fn libraries(section: &Section) -> BTreeMap<String, String> {
    let mut libraries = section.libraries();
    libraries.retain(|name, _| !WITHOUT.contains(&&*name.replace('_', "-")));
    let tokio = libraries.get_mut("tokio");
    tokio.into_iter().for_each(|library| *library = "tokio_on_tiny_runtime".to_string());
    libraries.insert("utils".to_string(), "utils".to_string());
    libraries
}

/// The file that an error is in.
fn part<'a>(section: &'a Section, error: &Diagnostic) -> &'a str {
    let lines = error.rendered.lines().map(str::trim_start);
    let place = lines.filter_map(|line| line.strip_prefix("--> ")).next();
    let file = place.and_then(|place| place.split(['/', '\\']).next_back()).unwrap_or_default();
    let mut parts = section.all_parts();
    let part = parts.find(|part| file.starts_with(&format!("{part}.rs:")));
    part.unwrap_or_else(|| panic!("{}: in no program: {}", section.name, error.rendered))
}

/// The name and the source of a section that has these parts.
fn program(section: &Section, has: impl Fn(&Section, &str) -> bool) -> (String, String) {
    let parts: Vec<_> = section.all_parts().filter(|part| has(section, part)).collect();
    let modules = parts.iter().map(|part| {
        let path = section.path(part);
        format!("#[path = {path:?}]\nmod {part};\n")
    });
    let modules: String = modules.collect();
    let list = parts.iter().map(|part| part.as_str()).collect::<Vec<_>>().join(", ");
    let main = "fn main() -> std::process::ExitCode";
    let source = format!("{modules}\n{main} {{\n    utils::section!({list})\n}}\n");
    (section.name.clone(), source)
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

/// The programs that did not compile, each for one of the reasons above, and each of these for one.
fn why_not(errors: BTreeMap<String, String>) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (name, text) in &errors {
        let reasons = LACKING.map(|(missed, _)| missed);
        let reasons: Vec<_> = reasons.into_iter().filter(|missed| text.contains(missed)).collect();
        assert!(!reasons.is_empty(), "{name} does not build, and `LACKING` misses why: {text}");
        used.extend(reasons);
    }
    let unused: Vec<_> = LACKING.iter().filter(|(missed, _)| !used.contains(missed)).collect();
    assert!(unused.is_empty(), "no program lacks it: {unused:?}");
    errors.into_keys().collect()
}

/// Those of all sections together, but for what brings Tokio's runtime along, and for Tokio. What does not
/// depend on it is as this workspace has it, and need not be built.
fn dependencies() -> Table {
    let literal = sections().into_iter().map(|section| section.literal_dependencies());
    let mut all = union(literal.map(|dependencies| {
        let mut own: Table = dependencies.parse().expect("they are TOML");
        // Those of one platform.
        own.remove("target");
        own
    }));
    all.retain(|name, _| !WITHOUT.contains(&name));
    // In tokio-util, what spawns.
    let util = all["tokio-util"].as_table_mut().expect("it is one");
    let features = util["features"].as_array_mut().expect("they are a list");
    features.retain(|feature| feature.as_str() != Some("rt"));
    let facade = [("package", "tokio-on-tiny-runtime"), ("path", "facade")];
    let facade = facade.map(|(key, value)| (key.to_string(), Value::from(value)));
    all.insert("tokio".to_string(), Value::Table(Table::from_iter(facade)));
    let as_built = built::packages_without(Some("tokio"));
    // Cargo takes a package once.
    all.retain(|name, _| as_built.values().all(|it| it["package"].as_str() != Some(name)));
    all.extend(as_built);
    all
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
