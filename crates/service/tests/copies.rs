//! The recipes that are used here are copies, as `cargo run -- copy NAME crates/service` makes them:
//! without the tests, and with the name of this package in the example.

use std::fs::read_to_string;

const COPIES: [&str; 6] =
    ["bounded_jobs", "drain_on_signal", "periodic", "retry", "supervise", "tcp_server"];

#[test]
fn each_copy_is_its_recipe() {
    for name in COPIES {
        let here = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
        let recipes = concat!(env!("CARGO_MANIFEST_DIR"), "/../recipes/src");
        let [copy, recipe] = [here, recipes].map(|folder| {
            read_to_string(format!("{folder}/{name}.rs")).unwrap().replace("\r\n", "\n")
        });
        let (recipe, _tests) = recipe.split_once("\n#[cfg(test)]\n").unwrap();
        let recipe = recipe.replace("# use recipes::", "# use service::");
        assert!(copy == recipe, "cargo run -- copy {name} crates/service");
    }
}
