//! Promise: every `console` block of every README prints what it shows, to the byte.
//!
//! `TRYCMD=overwrite cargo test --test documented_outputs` writes the blocks anew. What is printed
//! on stdout and on stderr is compared as one text, as a terminal shows it.

use std::path::Path;
use std::time::Duration;

#[test]
fn every_console_block_prints_what_it_shows() {
    // trycmd runs as many cases at once as there are threads here. The programs mostly sleep.
    rayon::ThreadPoolBuilder::new().num_threads(8).build_global().expect("the first to ask");
    trycmd::TestCases::new()
        .register_bin("cargo", Path::new(env!("CARGO")))
        // Only the program speaks: no `Compiling`, no `Finished`, no backtrace.
        .env("CARGO_TERM_QUIET", "true")
        .env("RUST_BACKTRACE", "0")
        // The shell of somebody behind a proxy that has no way to this machine.
        .env("HTTP_PROXY", "http://127.0.0.1:1")
        .env("NO_PROXY", "example.org")
        .timeout(Duration::from_secs(120))
        .case("README.md")
        .case("crates/*/README.md");
}
