# What scripts/platforms does for a target, for bash.

# The flag of the workspace, since RUSTFLAGS replaces it; and a warning is an error.
export RUSTFLAGS="--cfg tokio_unstable --deny warnings" CARGO_INCREMENTAL=0
# All targets share what runs on this machine, and nothing stays.
export CARGO_TARGET_DIR=$PWD/target/platforms WINEPREFIX=$PWD/target/platforms/wine WINEDEBUG=-all
trap 'rm -rf "$CARGO_TARGET_DIR"' EXIT
support=$PWD/scripts/support

skip() { echo "!!! SKIPPED: $*"; }

# TARGET: all of the workspace compiles there, but for the C of its dependencies.
checks() {
    local target=$1 name=${1//-/_}
    if ! rustup target add "$target"; then
        skip "$target cannot be had: whether everything compiles there is not known"
        return
    fi
    echo "$target: everything compiles"
    env SDKROOT="$PWD" "CC_$name=$support/no-cc" "CXX_$name=$support/no-cc" "AR_$name=$support/no-cc" \
        cargo check --quiet --workspace --all-targets --target "$target"
    rm -rf "${CARGO_TARGET_DIR:?}/$target"
}

# TARGET LINKER RUNNER: `tests` runs there. RUNNER is empty for what runs by itself.
runs() {
    local target=$1 linker=$2 runner=$3 variable program
    variable=CARGO_TARGET_$(tr a-z- A-Z_ <<<"$target")
    for program in "$linker" ${runner%% *}; do
        if ! command -v "$program" >/dev/null; then
            skip "$target: there is no $program, so nothing runs there"
            return
        fi
    done
    if ! rustup target add "$target"; then
        skip "$target cannot be had: nothing runs there"
        return
    fi
    echo "$target: some of it runs"
    export "${variable}_LINKER=$linker"
    # Cargo takes no empty one.
    [[ -z $runner ]] || export "${variable}_RUNNER=$runner"
    without=()
    # It asks cargo, and there is none in wine.
    [[ $runner != *wine* ]] || without=(--skip what_is_told_of_tokio_is_so)
    if [[ $runner == qemu* ]]; then
        # Also for what a test starts; but a shell starts nothing by qemu.
        export UTILS_PROBE_RUNNER=$runner
        without=(--skip without_descriptors_accept)
    fi
    ((${#without[@]} == 0)) || skip "$target: ${without[1]}"
    tests --target "$target"
    rm -rf "${CARGO_TARGET_DIR:?}/$target"
}

# CARGO'S ARGUMENTS...: what is quickly built and depends most on the platform, without C; all that
# fails, and not the first of it.
tests() {
    local failed=0
    # One command: each set of features would build Tokio and hyper anew. The tour, which has neither, comes
    # by itself: of it the program alone is tested here.
    cargo test --quiet --no-fail-fast "$@" --lib --bins --test steps --test time --test net \
        --package tiny-runtime --package join-select --package graceful-shutdown --package io-driver \
        -- "${without[@]}" || failed=1
    cargo test --quiet --no-fail-fast "$@" --package tour --bins -- "${without[@]}" || failed=1
    return "$failed"
}

# Where wine is, once it can run what Rust has built.
wine() {
    local wine
    wine=$(command -v wine64 || ls /usr/lib/wine/wine64 2>/dev/null || echo wine64)
    if command -v "$wine" >/dev/null && command -v x86_64-w64-mingw32-gcc >/dev/null; then
        mkdir -p "$WINEPREFIX"
        "$wine" wineboot --init >/dev/null 2>&1
        x86_64-w64-mingw32-gcc -shared "$support/bcryptprimitives.c" -ladvapi32 \
            -o "$WINEPREFIX/drive_c/windows/system32/bcryptprimitives.dll"
    fi
    echo "$wine"
}
