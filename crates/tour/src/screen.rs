//! The screen: how wide, how high, in which language, and how a text gets onto it.

use crate::kinsoku;
use std::borrow::Cow;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};
use tour::Language;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// No text is wider, however wide the terminal.
const WIDEST: usize = 100;

/// The terminal, the file or the pipe that is printed on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Screen {
    pub width: usize,
    /// Of a terminal. A file or a pipe has none.
    pub height: Option<usize>,
    pub language: Language,
}

impl Screen {
    /// A file or a pipe, which somebody looks at later.
    pub const PIPE: Self = Self { width: 80, height: None, language: Language::English };

    /// The one that stdout goes to.
    pub fn here(language: Language) -> Self {
        let Some((width, height)) = terminal_size::terminal_size_of(std::io::stdout()) else {
            return Self { language, ..Self::PIPE };
        };
        let width = usize::from(width.0).min(WIDEST);
        Self { width, height: Some(height.0.into()), language }
    }
}

/// The lines of `text`, each in lines of at most `width` columns: broken at spaces, between Japanese
/// characters, and within a word that is longer than a line.
pub fn wrap(text: &str, width: usize) -> Vec<Cow<'_, str>> {
    let options = Options::new(width).word_separator(WordSeparator::Custom(kinsoku::words));
    let options = options.word_splitter(WordSplitter::NoHyphenation);
    textwrap::wrap(text, options.wrap_algorithm(WrapAlgorithm::FirstFit))
}

/// Returns what fits of `text` on one line of `width` columns.
pub fn cut(text: &str, width: usize) -> String {
    let line = text.replace('\n', " ");
    if line.width() <= width {
        return line;
    }
    let room = width.saturating_sub(1);
    let mut start = String::new();
    for letter in line.chars() {
        if start.width() + letter.width().unwrap_or(0) > room {
            break;
        }
        start.push(letter);
    }
    // Within a word, unless the line would lose much by that: Japanese has no spaces.
    let word = start.rfind(' ').filter(|at| start[..*at].width() * 3 >= room * 2);
    let start = if line[start.len()..].starts_with(' ') {
        &start
    } else {
        &start[..word.unwrap_or(start.len())]
    };
    format!("{}…", start.trim_end_matches([' ', ',', ':', ';']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_breaks_at_spaces_and_a_long_word_between_letters() {
        assert_eq!(wrap("one two three\nfour", 7), ["one two", "three", "four"]);
        assert_eq!(wrap("なぜ非同期が必要なのか", 9), ["なぜ非同", "期が必要", "なのか"]);
        assert_eq!(wrap("Future trait の核心", 12), ["Future trait", "の核心"]);
        assert_eq!(wrap("join! は最も遅い", 12), ["join! は最も", "遅い"]);
        assert_eq!(wrap("", 5), [""]);
    }

    #[test]
    fn what_does_not_fit_is_cut_with_a_sign() {
        assert_eq!(cut("one, two", 8), "one, two");
        assert_eq!(cut("one, two", 7), "one…");
        assert_eq!(cut("なぜ非同期", 5), "なぜ…");
        assert_eq!(cut("7 非同期エラー", 9), "7 非同期…");
        assert_eq!(cut("one two three", 11), "one two…");
        assert_eq!(cut("a\nb", 5), "a b");
        assert_eq!(cut("", 5), "");
    }
}
