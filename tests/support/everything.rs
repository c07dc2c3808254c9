//! All sections as one stranger has them: each a program of its parts, built without any flag.
//!
//! One set of dependencies serves all, the exercises too. That the literal dependencies of each crate
//! are enough for it alone is shown by `cargo run -p NAME`, which `documented_outputs` builds with
//! these alone.

use super::{Section, Stranger, WORKSPACE, read};
use std::path::Path;
use toml::{Table, Value};

/// The call of the document that needs the flag.
pub const CONSOLE_INIT: &str = "console_init";

/// The same one for each test that asks for it. All but the first find it built.
pub fn everything(sections: &[Section]) -> Stranger {
    let theirs: Table = read("crates/exercises/Cargo.toml").parse().expect("it is TOML");
    let theirs = theirs["dependencies"].as_table().expect("it has some").clone();
    let exercises = theirs.into_iter().chain([path_to("exercises")]).collect();
    let literal = sections.iter().map(literal_dependencies);
    let mut dependencies = union(literal.chain([exercises]));
    // Without TLS, whose C takes as long as all programs here. None of them speaks it.
    let reqwest = dependencies["reqwest"].as_table_mut().expect("it is one");
    reqwest.remove("features").expect("TLS is one");
    let init = "fn main() {\n    console_subscriber::init();\n}\n";
    let init = (CONSOLE_INIT.to_string(), init.to_string());
    let more = format!("{}{}", manifest(&dependencies), of_platforms(sections));
    programs_of("everything", sections, &more, |_, _| true, [init])
}

/// The programs of each section as one program, as in the section itself: the code that they have in
/// common is built once. `dependencies` is the end of the manifest.
pub fn programs_of(
    name: &str,
    sections: &[Section],
    dependencies: &str,
    has: impl Fn(&Section, &str) -> bool,
    more: impl IntoIterator<Item = (String, String)>,
) -> Stranger {
    let programs = sections.iter().filter_map(|section| {
        let parts: Vec<_> = section.all_parts().filter(|part| has(section, part)).collect();
        let modules = parts.iter().map(|part| {
            let path = section.path(part);
            format!("#[path = {path:?}]\nmod {part};\n")
        });
        let modules: String = modules.collect();
        let list = parts.iter().map(|part| part.as_str()).collect::<Vec<_>>().join(", ");
        let main = "fn main() -> std::process::ExitCode";
        let source = format!("{modules}\n{main} {{\n    utils::section!({list})\n}}\n");
        (!parts.is_empty()).then(|| (section.name.clone(), source))
    });
    let programs: Vec<_> = programs.chain(more).collect();
    let utils = manifest(&Table::from_iter([path_to("utils")]));
    // A backtrace names lines.
    let lines = format!("[profile.dev.package.stranger-{name}]\ndebug = \"line-tables-only\"\n");
    let dependencies = format!("{utils}{dependencies}\n\n{lines}");
    Stranger::new("sections", name, &dependencies, &programs)
}

/// Those of one platform left out.
pub fn literal_dependencies(section: &Section) -> Table {
    let mut own: Table = section.literal_dependencies().parse().expect("they are TOML");
    own.remove("target");
    own
}

/// All of them, each with all features that are asked for.
pub fn union(tables: impl IntoIterator<Item = Table>) -> Table {
    let mut all = Table::new();
    for (name, specification) in tables.into_iter().flatten() {
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
            all.as_array_mut().expect("inserted as one").extend(features);
        }
    }
    all
}

fn path_to(name: &str) -> (String, Value) {
    let path = Path::new(WORKSPACE).join("crates").join(name);
    let path = Value::from(path.to_str().expect("a path in UTF-8"));
    (name.to_string(), Value::Table(Table::from_iter([("path".to_string(), path)])))
}

/// As inline tables: a manifest goes on below them.
pub fn manifest(dependencies: &Table) -> String {
    dependencies.iter().map(|(name, it)| format!("{name} = {it}\n")).collect()
}

/// The tables of those of one platform, as they stand in the manifests.
fn of_platforms(sections: &[Section]) -> String {
    let literal = sections.iter().map(Section::literal_dependencies);
    literal
        .filter_map(|text| text.find("[target.").map(|at| text[at..].to_string() + "\n"))
        .collect()
}
