# The `poll` that the compiler makes of an async fn with two suspensions, beside one written by hand in C: not twice as long.
# Proves D-1-8.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
rustc --edition 2024 --crate-type lib --codegen opt-level=3 --emit asm -o "$folder/rust.s" machine_code/rust.rs
gcc -O3 -S -o "$folder/c.s" machine_code/c.c

# FILE SYMBOL: the instructions of one function.
instructions() {
    awk -v symbol="$2" '$0 ~ symbol ".*:$" { inside = 1 } inside && /^\t[a-z]/ { n++ } /cfi_endproc/ { inside = 0 } END { print n }' "$1"
}
rust=$(instructions "$folder/rust.s" '^_.*example.*closure')
c=$(instructions "$folder/c.s" '^_?poll')
((rust < 2 * c)) && verdict=yes || verdict=no
echo "poll: $rust instructions by Rust, $c in C; less than twice as many: $verdict"

# Prints:
#     poll: [0-9]* instructions by Rust, [0-9]* in C; less than twice as many: yes
