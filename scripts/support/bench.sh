# What scripts/bench does beside measuring, for bash.

# ALLOCATOR: builds the program that measures with it.
build() {
    local features=io-uring,plot
    [ "$1" = system ] || features+=,$1
    (cd "$workspace" && cargo rustc --quiet --release --package bench --features "$features" -- ${flags[@]+"${flags[@]}"})
    cp target/bench/release/bench "target/bench/with-$1"
}

# FOLDER: makes a workspace of bench, of the tiny-runtime of this working copy, and of that of another one
# under the name `beside`. Sets `workspace` and `flags`.
beside() {
    local manifest
    if [ ! -f "$1/crates/tiny-runtime/Cargo.toml" ]; then
        echo "error: --beside wants a working copy of this repository, and '$1' has no crates/tiny-runtime" >&2
        exit 2
    fi
    workspace=$(mktemp -d)
    trap 'rm -rf "$workspace"' EXIT
    cp -R crates/bench crates/tiny-runtime Cargo.lock "$workspace"
    cp -R "$1/crates/tiny-runtime" "$workspace/beside"
    { printf '%s\n' '[workspace]' 'members = ["*"]' 'resolver = "3"' && sed -n '/^\[workspace.package\]/,/^$/p' Cargo.toml
    } >"$workspace/Cargo.toml"
    cd "$workspace"
    # What only their tests need is not here.
    for manifest in */Cargo.toml; do
        awk '/^\[/ { skip = /dev-dependencies\]/ } !skip' "$manifest" >manifest && mv manifest "$manifest"
    done
    sed -i.old 's/^name = "tiny-runtime"/name = "beside"/' beside/Cargo.toml
    sed -i.old 's|^tiny-runtime = .*|&\nbeside = { path = "../beside", features = ["tokio-io"] }|' bench/Cargo.toml
    cd "$OLDPWD"
    flags=(--cfg beside)
}
