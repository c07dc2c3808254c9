# What scripts/radar does, for bash: in a clone, whose lock file it may change.

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
git clone --quiet "$workspace" "$folder/clone"
cd "$folder/clone"
export CARGO_TARGET_DIR=$folder/target CARGO_INCREMENTAL=0

# What runs on Tokio, or compares with it.
packages=(--package promises --package tiny-runtime)
for section in crates/sections/*/; do packages+=(--package "$(basename "$section")"); done

# The highest of the lower bounds in the manifests: 1.54 is 1.54.0.
oldest_tokio() {
    local bound
    bound=$(sed -nE 's/^tokio = .*"(1\.[0-9.]+)".*/\1/p' crates/{*,sections/*}/Cargo.toml | sort -uV | tail -n 1)
    [[ $bound == *.*.* ]] && echo "$bound" || echo "$bound.0"
}

newest_tokio() {
    cargo update --quiet --package tokio
    sed -n '/^name = "tokio"$/{n;s/version = "\(.*\)"/\1/p;}' Cargo.lock
}

# TOOLCHAIN TOKIO: one row of the table.
row() {
    local cargo=(cargo "+$1") log=$folder/log version
    if ! version=$(rustc "+$1" --version 2>/dev/null | cut -d ' ' -f 2); then
        echo "there is no Rust $1 here: its rows stay as they are" >&2
        return
    fi
    "${cargo[@]}" update --quiet --package tokio --precise "$2"
    # The same packages in both commands, hence one build of each dependency. Whatever fails is a result.
    "${cargo[@]}" test --no-fail-fast "${packages[@]}" --bins --test conformance >"$log" 2>&1 || true
    "${cargo[@]}" test --no-fail-fast "${packages[@]}" --test promises -- copyable:: >>"$log" 2>&1 || true
    # Each part ends where the next file of tests runs; what is before the first is in all.
    local only='/^     Running / { inside = $0 ~ what; begun = 1 } inside || !begun'
    awk -v what='src/main.rs' "$only" "$log" >"$log.tests"
    awk -v what='tests/main.rs' "$only" "$log" >"$log.outputs"
    awk -v what='tests/conformance/' "$only" "$log" | grep -v '^test on_tiny::' >"$log.suite"
    echo "| $1 $version | $2 | $(date -u +%Y-%m-%d) | $(outputs "$log.outputs") | $(statements "$log.tests") | $(failed "$log.suite") |"
}

# LOG: the tests that fail, or that nothing was built.
failed() {
    local names
    if ! grep -q '^test result:' "$1"; then
        echo "does not build: $(grep -m 1 '^error' "$1" | tr '|' '/')"
        return
    fi
    names=$(sed -n 's/^test \(.*\) \.\.\. FAILED$/`\1`/p' "$1" | sort -u | paste -sd , | sed 's/,/, /g')
    echo "${names:-none}"
}

# LOG: the sections that print something else than their READMEs show.
outputs() {
    local names
    names=$(sed -nE 's/^([a-z-]+) does not print what its README shows.*/`\1`/p' "$1" | sort -u | paste -sd , | sed 's/,/, /g')
    [[ -n $names ]] && echo "$names" || failed "$1"
}

# LOG: the statements whose proofs fail, then the tests that prove none.
statements() {
    local ledger test ids all=() names
    names=$(failed "$1")
    if [[ $names != '`'* ]]; then
        echo "$names"
        return
    fi
    ledger=$(cargo run --quiet -- statements --json)
    for test in $(tr -d '`,' <<<"$names"); do
        ids=$(grep -F "\"name\": \"${test##*::}\"" <<<"$ledger" | sed 's/.*"id": "\([^"]*\)".*/\1/' | paste -sd ' ' || true)
        all+=("${ids:-\`$test\`}")
    done
    echo "${all[*]}"
}

# ROW...: into the table that stands between the marks. Rows of the same toolchains make room, all others stay.
write_table() {
    local readme=$workspace/crates/tour/README.md
    {
        printf '%s\n' "| Rust | Tokio | on | printed outputs | statements | conformance suite on Tokio |" \
            "| --- | --- | --- | --- | --- | --- |"
        {
            printf '%s\n' "$@"
            sed -n '/^<!-- radar -->$/,/^<!-- \/radar -->$/s/^| [a-z0-9]/&/p' "$readme"
        } | awk -v new=$# 'NR <= new { measured[$2] } NR <= new || !($2 in measured)' | LC_ALL=C sort -V
    } >"$folder/table"
    awk -v table="$folder/table" '
        /^<!-- radar -->$/ { print; print ""; while ((getline line < table) > 0) print line; print ""; inside = 1 }
        /^<!-- \/radar -->$/ { inside = 0 }
        !inside && !/^<!-- radar -->$/ { print }
    ' "$readme" >"$folder/readme"
    cp "$folder/readme" "$readme"
}
