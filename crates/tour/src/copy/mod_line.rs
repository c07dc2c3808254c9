//! Where a `mod` line goes in a file: among the others, or below what the file says of itself.

use proc_macro2::{Delimiter, Span, TokenStream, TokenTree};
use std::ops::Range;

/// The top level of a file, as far as a `mod` line needs it.
#[derive(Debug, Default, PartialEq)]
pub struct Outline {
    modules: Vec<Module>,
    start: usize,
}

#[derive(Debug, PartialEq)]
struct Module {
    name: String,
    /// `mod name;`, in a file of its own.
    is_a_file: bool,
    /// From its first attribute on, counted from 0.
    lines: Range<usize>,
}

/// Whether a file has a module of some name.
#[derive(Debug, PartialEq)]
pub enum Presence {
    Absent,
    /// As `mod name;`.
    File,
    /// As `mod name { … }`.
    Inline,
}

impl Outline {
    /// `None` if it is not Rust.
    pub fn of(source: &str) -> Option<Self> {
        let tokens: Vec<TokenTree> = source.parse::<TokenStream>().ok()?.into_iter().collect();
        let mut outline = Self::default();
        // Where the item begins that is being read.
        let mut first = 0;
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            match (token, &tokens[at + 1..]) {
                (TokenTree::Punct(sign), [TokenTree::Punct(bang), TokenTree::Group(group), ..])
                    if sign.as_char() == '#' && bang.as_char() == '!' && at == first =>
                {
                    outline.start = last_line(group.span()) + 1;
                    (at, first) = (at + 3, at + 3);
                    continue;
                }
                (
                    TokenTree::Ident(word),
                    [TokenTree::Ident(name), end @ (TokenTree::Punct(_) | TokenTree::Group(_)), ..],
                ) if word == "mod" => {
                    let lines = first_line(tokens[first].span())..last_line(end.span()) + 1;
                    let is_a_file = matches!(end, TokenTree::Punct(_));
                    outline.modules.push(Module { name: name.to_string(), is_a_file, lines });
                    at += 2;
                }
                _ => {}
            }
            if ends_an_item(&tokens[at]) {
                first = at + 1;
            }
            at += 1;
        }
        Some(outline)
    }

    /// The line below what the file says of itself.
    pub fn start(&self) -> usize {
        self.start
    }

    pub fn has(&self, name: &str) -> Presence {
        match self.modules.iter().find(|module| module.name == name) {
            None => Presence::Absent,
            Some(module) if module.is_a_file => Presence::File,
            Some(_) => Presence::Inline,
        }
    }

    /// `source` with `line`, which declares the module `name`.
    ///
    /// In the last paragraph of such lines it comes before the first whose name is greater:
    /// rustfmt would put it there.
    pub fn with(&self, source: &str, name: &str, line: &str) -> String {
        let lines: Vec<&str> = source.split_inclusive('\n').collect();
        let end = if source.contains("\r\n") { "\r\n" } else { "\n" };
        let Some(group) = self.last_group(&lines) else {
            return at(&lines, self.start, &self.alone(&lines, line, end), end);
        };
        let next = group.iter().find(|module| module.name.as_str() > name);
        let place = match next {
            Some(module) => above_comments(&lines, module.lines.start),
            None => group.last().map_or(0, |module| module.lines.end),
        };
        at(&lines, place, &format!("{line}{end}"), end)
    }

    /// The last modules with files that stand without an empty line between them.
    fn last_group(&self, lines: &[&str]) -> Option<&[Module]> {
        let are_together = |one: &Module, next: &Module| {
            one.is_a_file
                && next.is_a_file
                && one.lines.end == above_comments(lines, next.lines.start)
        };
        let mut groups = self.modules.chunk_by(are_together).rev();
        // `mod tests;` at the end of a file is a group of its own.
        let is_plain = |module: &Module| {
            module.is_a_file && lines.get(module.lines.start).is_some_and(|it| !it.starts_with("#"))
        };
        groups.find(|group| group.iter().any(is_plain))
    }

    /// `line` as a paragraph below the head of a file.
    fn alone(&self, lines: &[&str], line: &str, end: &str) -> String {
        let is_blank = |at: usize| lines.get(at).is_none_or(|line| line.trim().is_empty());
        let before = if self.start == 0 { "" } else { end };
        let after = if is_blank(self.start) { "" } else { end };
        format!("{before}{line}{end}{after}")
    }
}

/// `#[…]` does not end an item, `;` and `{…}` do.
fn ends_an_item(token: &TokenTree) -> bool {
    match token {
        TokenTree::Punct(sign) => sign.as_char() == ';',
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        _ => false,
    }
}

/// The lines with `text` before the one at `place`.
fn at(lines: &[&str], place: usize, text: &str, end: &str) -> String {
    let place = place.min(lines.len());
    let before = lines[..place].concat();
    let break_off = if before.is_empty() || before.ends_with('\n') { "" } else { end };
    format!("{before}{break_off}{text}{}", lines[place..].concat())
}

/// A comment belongs to the line below it.
fn above_comments(lines: &[&str], place: usize) -> usize {
    let is_comment = |line: &&&str| line.trim_start().starts_with("//");
    place - lines[..place].iter().rev().take_while(is_comment).count()
}

fn first_line(span: Span) -> usize {
    span.start().line - 1
}

fn last_line(span: Span) -> usize {
    span.end().line - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(source: &str) -> String {
        let outline = Outline::of(source).expect("it is Rust");
        let text = outline.with(source, "retry", "mod retry;");
        let after = Outline::of(&text).expect("it still is");
        assert_eq!(after.has("retry"), Presence::File, "{text}");
        text
    }

    #[test]
    fn it_comes_where_rustfmt_would_put_it() {
        for (before, after) in [
            ("mod api;\nmod state;\n", "mod api;\nmod retry;\nmod state;\n"),
            ("mod a;\n\nmod b;\nfn f() {}\n", "mod a;\n\nmod b;\nmod retry;\nfn f() {}\n"),
            ("mod api; // ours\nuse a::b;\n", "mod api; // ours\nmod retry;\nuse a::b;\n"),
            (
                "mod api;\n// The state.\n#[macro_use]\nmod state;\n",
                "mod api;\nmod retry;\n// The state.\n#[macro_use]\nmod state;\n",
            ),
            ("pub(crate) mod z;\n", "mod retry;\npub(crate) mod z;\n"),
            ("mod a;\r\nfn f() {}\r\n", "mod a;\r\nmod retry;\r\nfn f() {}\r\n"),
            ("mod a;", "mod a;\nmod retry;\n"),
        ] {
            assert_eq!(with(before), after);
        }
    }

    #[test]
    fn without_another_it_comes_below_what_the_file_says_of_itself() {
        for (before, after) in [
            ("", "mod retry;\n"),
            ("fn main() {}\n", "mod retry;\n\nfn main() {}\n"),
            ("//! A service.\n", "//! A service.\n\nmod retry;\n"),
            (
                "//! A service.\n#![warn(\n    unsafe_code\n)]\nuse a::b;\n",
                "//! A service.\n#![warn(\n    unsafe_code\n)]\n\nmod retry;\n\nuse a::b;\n",
            ),
            ("#![doc = \"]\"]\n\nuse a::b;\n", "#![doc = \"]\"]\n\nmod retry;\n\nuse a::b;\n"),
            (
                "fn main() {}\n\n#[cfg(test)]\nmod tests {}\n",
                "mod retry;\n\nfn main() {}\n\n#[cfg(test)]\nmod tests {}\n",
            ),
            (
                "fn f() {}\n\n#[cfg(test)]\nmod tests;\n",
                "mod retry;\n\nfn f() {}\n\n#[cfg(test)]\nmod tests;\n",
            ),
        ] {
            assert_eq!(with(before), after);
        }
    }

    #[test]
    fn only_the_top_level_counts() {
        let source = "// mod retry;\nconst A: &str = \"\nmod retry;\n\";\nmod b { mod retry; }\n";
        assert_eq!(Outline::of(source).unwrap().has("retry"), Presence::Absent);
        assert_eq!(Outline::of("mod retry { }").unwrap().has("retry"), Presence::Inline);
        assert_eq!(Outline::of("pub mod retry;").unwrap().has("retry"), Presence::File);
        assert_eq!(Outline::of("fn main() {"), None);
    }
}
