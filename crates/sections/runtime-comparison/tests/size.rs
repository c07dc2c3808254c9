//! What the runtime adds to a program. `scripts/size` prints more of it.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Optimised and stripped, without debug info: what one would ship.
/// Proves D-13-7.
#[test]
fn tokio_adds_more_than_100_kb_and_less_than_1_mb_to_a_program() {
    let hello = "fn main() {\n    println!(\"hello\");\n}\n";
    let on_tokio = "fn main() {\n    \
                    tokio::runtime::Runtime::new().unwrap().block_on(async { println!(\"hello\") });\n\
                    }\n";
    let added = size("hello-on-tokio", on_tokio) - size("hello", hello);
    assert!((100_000..1_000_000).contains(&added), "{added}");
}

/// The bytes of such a program, which is built once and then kept in `target/tmp`.
fn size(name: &str, program: &str) -> u64 {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    fs::create_dir_all(folder.join("src")).expect("target/tmp can be written");
    // `[workspace]` because target/ lies inside one.
    let manifest = format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n\n\
         [profile.release]\nstrip = true\n\n[dependencies]\n\
         tokio = {{ version = \"1.54\", features = [\"net\", \"rt-multi-thread\", \"time\"] }}\n"
    );
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../Cargo.lock");
    let lock = fs::read_to_string(lock).expect("the workspace has a lock file");
    for (file, text) in
        [("Cargo.toml", &*manifest), ("Cargo.lock", &lock), ("src/main.rs", program)]
    {
        let path = folder.join(file);
        // Written anew it would be built anew.
        if fs::read_to_string(&path).is_ok_and(|written| written == text) {
            continue;
        }
        fs::write(path, text).expect("target/tmp can be written");
    }
    let output = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--offline", "--release"])
        .current_dir(&folder)
        // Both share what they are built from, which only one of them links.
        .env("CARGO_TARGET_DIR", folder.with_file_name("hello-target"))
        // It would be one more folder on the way to what is built.
        .env_remove("CARGO_BUILD_TARGET")
        // Not the flags of this workspace: a stranger's build has none.
        .env("CARGO_ENCODED_RUSTFLAGS", "")
        .output()
        .expect("cargo runs this test, so it can be run");
    assert!(output.status.success(), "{output:?}");
    let program = format!("hello-target/release/{name}{}", std::env::consts::EXE_SUFFIX);
    fs::metadata(folder.with_file_name(program)).expect("it has been built").len()
}
