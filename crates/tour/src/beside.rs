//! The files that a program names beside itself.

/// The names in `#[path = "harness.rs"]`, which stands above a `mod`. Whoever copies the program takes
/// them along.
pub fn beside(program: &str) -> impl Iterator<Item = &str> {
    let named = program.lines().filter_map(|line| line.strip_prefix("#[path = \""));
    named.filter_map(|rest| rest.strip_suffix("\"]"))
}
