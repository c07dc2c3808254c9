# What scripts/elsewhere does with a program, for bash.

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
# Nothing is left outside of the workspace, and nothing is downloaded.
export GOCACHE=$PWD/target/elsewhere GOPATH=$folder GOTOOLCHAIN=local GO111MODULE=off PYTHONDONTWRITEBYTECODE=1

passed=0
failed=0

# PROGRAM: prints what it prints, and counts whether that is what it says.
check() {
    local tool package printed expected
    read -r tool package < <(tool "$1")
    if ! command -v "$tool" >/dev/null; then
        echo "!!! SKIPPED: $1: there is no $tool here (Debian: $package)"
        return
    fi
    echo "$1"
    expected=$(sed -n '/^[#/]* Prints:$/,$ s/^[#/]*     //p' "$1")
    printed=$(run "$1" 2>&1) || printed+=$'\nIt has failed.'
    sed 's/^/    /' <<<"$printed"
    # Each line that it says is a pattern of bash: `[1-9] threads`.
    if [[ -n $expected && $printed == $expected ]]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    echo "  It says that it prints:"
    sed 's/^/    /' <<<"$expected"
}

# PROGRAM: what runs it, and the package of Debian that has that.
tool() {
    case $1 in
        *.go) echo go golang-go ;;
        *.mjs) echo node nodejs ;;
        *.py) echo python3 python3 ;;
        *) echo gcc gcc ;;
    esac
}

run() {
    case $1 in
        *.go) go run "$1" ;;
        *.mjs) node "$1" ;;
        *.py) python3 "$1" ;;
        *.sh) bash "$1" ;;
        *.c) gcc -pthread -o "$folder/program" "$1" && "$folder/program" ;;
    esac
}
