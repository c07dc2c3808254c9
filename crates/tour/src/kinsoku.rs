//! Where a line may end: at a space, and beside a Japanese character, but not before 「。」 nor behind
//! 「「」.

use textwrap::core::Word;
use unicode_width::UnicodeWidthChar;

/// These begin no line.
const NEVER_FIRST: &str =
    "、。，．・：；？！）」』】〉》］｝ーぁぃぅぇぉっゃゅょァィゥェォッャュョ々〜…‥,.:;?!)]}%";
/// These end none.
const NEVER_LAST: &str = "（「『【〈《［｛([{";

/// The parts of `line` between which it may be broken.
pub fn words(line: &str) -> Box<dyn Iterator<Item = Word<'_>> + '_> {
    let (mut words, mut start, mut is_code) = (Vec::new(), 0, false);
    let mut last = None;
    for (at, letter) in line.char_indices() {
        let is_end_of_code = is_code && letter == '`';
        let may_break = match last {
            Some(' ') => letter != ' ',
            Some(before) => !is_code && is_between(before, letter),
            None => false,
        };
        if may_break {
            words.push(Word::from(&line[start..at]));
            start = at;
        }
        if letter == '`' {
            is_code = !is_end_of_code;
        }
        last = Some(letter);
    }
    if start < line.len() {
        words.push(Word::from(&line[start..]));
    }
    Box::new(words.into_iter())
}

/// A space keeps to the word before it.
fn is_between(before: char, after: char) -> bool {
    let is_wide = |letter: char| letter.width() == Some(2);
    (is_wide(before) || is_wide(after))
        && after != ' '
        && !NEVER_FIRST.contains(after)
        && !NEVER_LAST.contains(before)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(line: &str) -> Vec<String> {
        words(line).map(|it| format!("{}{}", it.word, it.whitespace)).collect()
    }

    #[test]
    fn english_is_broken_at_spaces_only() {
        assert_eq!(parts("a task, (two)  three/four"), ["a ", "task, ", "(two)  ", "three/four"]);
        assert_eq!(parts(""), [""; 0]);
    }

    #[test]
    fn japanese_is_broken_between_characters() {
        assert_eq!(parts("待つ Future の値"), ["待", "つ ", "Future ", "の", "値"]);
        assert_eq!(parts("Tokioの"), ["Tokio", "の"]);
    }

    #[test]
    fn no_line_begins_with_a_stop_or_ends_with_a_bracket() {
        assert_eq!(parts("待つ。「値」、"), ["待", "つ。", "「値」、"]);
        assert_eq!(parts("キュー(次)"), ["キュー", "(次)"]);
        assert_eq!(parts("待って"), ["待っ", "て"]);
    }

    #[test]
    fn code_is_one_word_up_to_its_spaces() {
        assert_eq!(parts("は`A完了 B`を"), ["は", "`A完了 ", "B`", "を"]);
    }
}
