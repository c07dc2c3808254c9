//! Text as a picture and a page show it.

use maud::{Markup, html};
use unicode_width::UnicodeWidthStr;

/// Of a letter of the small type, in pixels.
const LETTER: f64 = 6.7;

/// Returns how many letters have room in this many pixels.
pub(crate) fn letters(pixels: i32) -> usize {
    (f64::from(pixels) / LETTER) as usize
}

/// Returns the pixels that `text` takes in the small type.
pub(crate) fn width(text: &str) -> i32 {
    (text.width() as f64 * LETTER).ceil() as i32
}

/// `12,345`
pub(crate) fn count(number: u64) -> String {
    let digits = number.to_string();
    let groups = digits.as_bytes().rchunks(3).rev();
    let groups: Vec<_> = groups.map(|group| String::from_utf8_lossy(group)).collect();
    groups.join(",")
}

/// A name as it may stand in a picture and between backticks. XML has no control characters.
pub(crate) fn clean(name: &str) -> String {
    let is_told = |letter: char| !letter.is_control() && !matches!(letter, '\u{fffe}' | '\u{ffff}');
    let name = name.chars().map(|it| if is_told(it) { it } else { '\u{fffd}' });
    name.collect::<String>().replace('`', "'")
}

/// Returns `text`, in which words between backticks are code.
pub(crate) fn rich(text: &str) -> Markup {
    html! {
        @for (at, part) in text.split('`').enumerate() {
            @if at % 2 == 1 { code { (part) } } @else { (part) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_has_groups_of_three() {
        let counts = [0, 999, 1_000, 12_345, 1_234_567].map(count);
        assert_eq!(counts, ["0", "999", "1,000", "12,345", "1,234,567"]);
    }

    #[test]
    fn a_name_has_nothing_that_xml_refuses() {
        assert_eq!(clean("a\u{1b}[31m`b`\n\u{ffff}"), "a\u{fffd}[31m'b'\u{fffd}\u{fffd}");
        assert_eq!(clean("取得 <1>"), "取得 <1>");
    }

    #[test]
    fn code_stands_between_backticks_and_nothing_is_markup() {
        assert_eq!(rich("`a<b>` waits").into_string(), "<code>a&lt;b&gt;</code> waits");
    }

    #[test]
    fn a_wide_letter_takes_two_places() {
        assert_eq!(width("取得"), width("abcd"));
    }
}
