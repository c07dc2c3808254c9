//! Words that lead to crates/service.

use super::*;

/// The file of crates/service that one of the first three answers names.
const LEADS: &[(&str, &str)] = &[
    ("production service", "README.md"),
    ("axum sqlx example", "README.md"),
    ("rest api with sqlite", "README.md"),
    ("axum example project structure", "README.md"),
    ("graceful shutdown axum", "src/run.rs"),
    ("requests fail during a rolling deploy", "src/run.rs"),
    ("opentelemetry", "src/telemetry.rs"),
    ("otlp traces", "src/telemetry.rs"),
    ("grpc streaming", "src/rpc.rs"),
    ("tonic and axum on the same port", "src/rpc.rs"),
    ("kill -9 data loss", "src/store.rs"),
    ("power loss", "src/store.rs"),
    ("sqlite locked", "src/database.rs"),
    ("database is locked", "src/database.rs"),
    ("no space left on device", "src/database.rs"),
    ("pool timed out while waiting for an open connection", "src/problem.rs"),
    ("load shedding", "src/layers.rs"),
    ("ConcurrencyLimitLayer", "src/layers.rs"),
    ("slowloris", "src/deadlines.rs"),
    ("413 connection reset", "src/linger.rs"),
    ("ssrf", "src/addresses.rs"),
    ("web crawler per host limit", "src/checker.rs"),
    ("prometheus", "src/metrics.rs"),
    ("readiness probe", "src/metrics.rs"),
    ("sea-orm", "src/report.rs"),
    ("tower middleware overhead", "examples/load.rs"),
    ("本番サービス", "README.md"),
    ("本番で使える axum の例", "README.md"),
    ("gRPC ストリーミング", "src/rpc.rs"),
    ("分散トレーシング", "src/telemetry.rs"),
    ("データが消える", "src/store.rs"),
    ("過負荷", "src/layers.rs"),
    ("プライベートアドレス", "src/addresses.rs"),
];

#[test]
fn what_takes_several_libraries_leads_to_the_service() {
    for (words, file) in LEADS {
        let found = commands(words);
        let leads = |command: &String| {
            command.starts_with("scripts/service") && command.ends_with(&format!("  # {file}"))
        };
        assert!(found.iter().take(3).any(leads), "{words}: {found:?}");
    }
}

/// Each has a file to read, a test of that name if it is to run tests, and both languages.
#[test]
fn what_the_service_is_found_for_is_there() {
    let folder = Path::new(crate::WORKSPACE).join("crates/service");
    let tests = std::fs::read_dir(folder.join("tests/real")).unwrap();
    let tests = tests.flatten().filter_map(|file| std::fs::read_to_string(file.path()).ok());
    let main = std::fs::read_to_string(folder.join("tests/real/main.rs")).unwrap();
    let tests: String = tests.collect();
    for map::Service { problem, words, runs, file } in map::services() {
        assert!(folder.join(file).is_file(), "{file}");
        assert!(problem.en.width() <= 69, "it is cut off: {}", problem.en);
        assert!(words.len() > 3 && !problem.ja.is_empty(), "{}", problem.en);
        let Some(name) = runs.strip_prefix("test --test real ") else { continue };
        let names = |line: &str| line.contains("fn ") && line.contains(name);
        let is_there = main.contains(&format!("mod {name};")) || tests.lines().any(names);
        assert!(is_there, "{runs}");
    }
}
