//! Names that a module of Rust may have.

/// No name is that long, and a file system takes none of 256 letters.
const LONGEST: usize = 64;

/// Why a module in a file of its own cannot have this name, in any edition.
pub fn why_not(name: &str) -> Option<&'static str> {
    let is_small = |letter: char| letter.is_ascii_lowercase() || letter == '_';
    let is_one = name.starts_with(is_small)
        && name.chars().all(|letter| is_small(letter) || letter.is_ascii_digit());
    match is_one {
        false => Some("a module is called like this: `retry_twice`"),
        true if means_something(name) => Some("it means something else in Rust"),
        true if name.len() > LONGEST => Some("it has more than 64 letters"),
        true => None,
    }
}

/// It is a keyword of some edition, or the name of a crate or a file that is there already.
pub fn means_something(name: &str) -> bool {
    const TAKEN: [&str; 6] = ["main", "lib", "core", "std", "alloc", "_"];
    TAKEN.contains(&name) || KEYWORDS.contains(&name)
}

const KEYWORDS: [&str; 51] = [
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate",
    "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl",
    "in", "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref",
    "return", "self", "static", "struct", "super", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
