//! One module a problem. Each file is complete: copy it with `cargo run -- copy NAME FOLDER`.
