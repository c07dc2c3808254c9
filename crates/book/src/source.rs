//! The files of the workspace, and the parts of a program.

pub use tour::text::read;

/// Returns the program that you copy, and the tests at its foot, which may be empty.
pub fn split(source: &str) -> (&str, &str) {
    let tests = source.find("\n#[cfg(test)]\n");
    let (program, tests) = source.split_at(tests.unwrap_or(source.len()));
    (program.trim_end(), tests.trim())
}

/// The `//!` lines at the top, as Markdown. A block of code without a language is Rust.
pub fn docs(source: &str) -> String {
    let lines = source.lines().map_while(|line| line.strip_prefix("//!"));
    let mut in_code = false;
    let lines = lines.map(|line| match line.strip_prefix(' ').unwrap_or(line) {
        fence if fence.starts_with("```") => {
            in_code = !in_code;
            if in_code && fence == "```" { "```rust\n".to_string() } else { format!("{fence}\n") }
        }
        line => format!("{line}\n"),
    });
    lines.collect()
}

/// A block of code whose fence is longer than any in it.
pub fn block(language: &str, text: &str) -> String {
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// Returns a block that is closed until somebody opens it.
pub fn folded(summary: &str, markdown: &str) -> String {
    format!("<details>\n<summary>{summary}</summary>\n\n{markdown}\n</details>\n\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_ends_where_its_tests_begin() {
        let source = "//! Claim.\n\nfn main() {}\n\n#[cfg(test)]\nmod tests {}\n";
        let (program, tests) = split(source);
        assert_eq!(program, "//! Claim.\n\nfn main() {}");
        assert_eq!(tests, "#[cfg(test)]\nmod tests {}");
        assert_eq!(split("fn main() {}\n"), ("fn main() {}", ""));
    }

    #[test]
    fn the_docs_are_the_first_comment() {
        assert_eq!(docs("//! One.\n//!\n//!     two\n\n//! three\n"), "One.\n\n    two\n");
        let code = "//! ```\n//! let x;\n//! ```\n//! ```text\n//! y\n//! ```\n";
        assert_eq!(docs(code), "```rust\nlet x;\n```\n```text\ny\n```\n");
    }

    #[test]
    fn a_fence_is_longer_than_those_within() {
        assert_eq!(block("rust", "x\n"), "```rust\nx\n```\n");
        assert_eq!(block("", "```\n"), "````\n```\n````\n");
    }
}
