//! Words from outside, as they may reach a terminal: no control sequence in them works any more.

use std::ffi::OsStr;

/// A longer text is cut: no path is longer, and nobody reads on.
const LONGEST: usize = 4096;

/// `text` with every letter that a terminal obeys, or that hides or turns others, as its escape:
/// `\u{1b}`.
pub fn visible(text: &str) -> String {
    let mut shown = String::new();
    for (at, letter) in text.chars().enumerate() {
        if at == LONGEST {
            return shown + "…";
        }
        match letter {
            '\'' | '"' | '\\' => shown.push(letter),
            _ if is_blank(letter) => shown.push(letter),
            // A mark that belongs to the letter before it would be escaped without one.
            _ => shown.extend(format!("a{letter}").escape_debug().skip(1)),
        }
    }
    shown
}

/// Any width of a space: there is nothing to see, and nothing happens.
fn is_blank(letter: char) -> bool {
    letter.is_whitespace() && !letter.is_control() && !matches!(letter, '\u{2028}' | '\u{2029}')
}

/// The same of an argument or a path. A byte that is not UTF-8 becomes `\xff`.
pub fn shown(words: impl AsRef<OsStr>) -> String {
    let chunks = words.as_ref().as_encoded_bytes().utf8_chunks();
    let parts = chunks.map(|chunk| {
        let bytes = chunk.invalid().iter().map(|byte| format!("\\x{byte:02x}"));
        visible(chunk.valid()) + &bytes.collect::<String>()
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped() {
        assert_eq!(visible("\x1b[31mred\x07"), r"\u{1b}[31mred\u{7}");
        assert_eq!(visible("a\tb\r\nc\0\x7f"), r"a\tb\r\nc\0\u{7f}");
        for c1 in '\u{80}'..='\u{9f}' {
            assert_eq!(visible(&c1.to_string()), format!("\\u{{{:x}}}", u32::from(c1)));
        }
    }

    #[test]
    fn what_turns_or_hides_the_letters_around_it_is_escaped() {
        let bidi = ['\u{61c}', '\u{200e}', '\u{200f}'].into_iter();
        let bidi = bidi.chain('\u{202a}'..='\u{202e}').chain('\u{2066}'..='\u{2069}');
        for letter in bidi.chain(['\u{200b}', '\u{2028}', '\u{2029}', '\u{feff}']) {
            assert_eq!(visible(&letter.to_string()), format!("\\u{{{:x}}}", u32::from(letter)));
        }
    }

    #[test]
    fn everything_else_stays_as_it_is_and_once_is_enough() {
        // The last is a letter and its mark, as macOS has it in the names of files.
        for text in ["まとめ　Ｑ２", "4\u{a0}km", r#"C:\it's "so""#, "–→…🦀", "か\u{3099}"]
        {
            assert_eq!(visible(text), text);
        }
        assert_eq!(visible(&visible("\x1b")), visible("\x1b"));
    }

    #[test]
    fn what_is_too_long_is_cut() {
        let long = visible(&"あ".repeat(100_000));
        assert_eq!(long.chars().count(), LONGEST + 1);
        assert!(long.ends_with('…'));
    }

    #[cfg(unix)] // elsewhere an `OsStr` has no such byte
    #[test]
    fn a_byte_that_is_not_utf_8_keeps_its_number() {
        use std::os::unix::ffi::OsStrExt;
        assert_eq!(shown(OsStr::from_bytes(b"a\xffb\x1b")), r"a\xffb\u{1b}");
    }
}
