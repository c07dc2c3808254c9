# The surroundings of scripts/surroundings, for bash, in a clone and with a folder for builds of which
# neither has a plain name.

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS CARGO_BUILD_TARGET CARGO_NET_OFFLINE
export CARGO_TARGET_DIR="$folder/target 対象" CARGO_INCREMENTAL=0
git clone --quiet "$workspace" "$folder/非同期 Rust"
cd "$folder/非同期 Rust"

# COMMAND...: succeeds, and warns of nothing.
quietly() {
    echo "$*"
    "$@" >"$folder/log" 2>&1 || { cat "$folder/log"; return 1; }
    if grep -A 20 '^warning' "$folder/log"; then
        return 1
    fi
}

# A few packages that are quickly built, and in which most kinds of test occur.
some=(--package join-select --package tour --package state-machine)

a_path_of_two_words() {
    quietly cargo run
    quietly cargo run -- guide 4.2
    quietly cargo test "${some[@]}"
}

# As rust-analyzer asks.
all_targets() { quietly cargo check --workspace --all-targets; }

without_network() { CARGO_NET_OFFLINE=true quietly cargo test "${some[@]}"; }

not_root_and_a_home_to_read_only() {
    local there='mount --bind "$HOME" "$HOME" && mount -o remount,bind,ro "$HOME" && exec "$@"'
    local someone=(unshare --user --map-user=1000 --map-group=1000)
    if ! unshare --user --map-root-user --mount true; then
        echo "!!! SKIPPED: there are no user namespaces here: nothing runs as somebody else"
        return
    fi
    quietly unshare --user --map-root-user --mount bash -c "$there" _ "${someone[@]}" \
        cargo test "${some[@]}"
}

# What cargo builds lies in another folder then.
a_target_that_is_named() {
    CARGO_BUILD_TARGET=$(rustc -vV | sed -n 's/^host: //p') quietly cargo test "${some[@]}"
}

# A checkout as Git makes it on Windows, where .gitattributes does not say otherwise.
crlf() {
    git ls-files -z | xargs -0 sed -i 's/$/\r/'
    quietly cargo test --package tour
    quietly cargo test --package promises -- \
        section_map:: statements:: quiz:: differences::
    git checkout --quiet .
}

documentation() { RUSTDOCFLAGS="--deny warnings" quietly cargo doc --workspace --no-deps; }

nextest() {
    if ! cargo nextest --version >/dev/null 2>&1; then
        echo "!!! SKIPPED: there is no cargo-nextest here: cargo install --locked cargo-nextest"
        return
    fi
    quietly cargo nextest run "${some[@]}"
}

optimised() {
    quietly cargo run --release --package join-select
    quietly cargo test --release "${some[@]}"
}

# They replace the flag of the workspace: what needs that one says so, and all else runs.
other_flags() {
    local flags="-C debuginfo=0"
    RUSTFLAGS=$flags quietly cargo check --workspace --all-targets
    RUSTFLAGS=$flags quietly cargo test "${some[@]}"
    local said
    for program in "observability task_dump" "scheduler ping_pong"; do
        if said=$(RUSTFLAGS=$flags cargo run --quiet --package ${program% *} -- ${program#* } 2>&1); then
            echo "$program runs without the flag" >&2
            return 1
        fi
        grep 'RUSTFLAGS="--cfg tokio_unstable"' <<<"$said"
    done
}
