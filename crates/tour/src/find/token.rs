//! Words, as they are compared: small letters, and without their endings.

use crate::typed::folded;

/// Returns what is compared of each word. English ones lose their ending: `retries`, `retrying`, `retry`.
pub fn stems(text: &str) -> Vec<String> {
    words(text).iter().map(|word| stem(word)).collect()
}

/// Runs of ASCII letters and digits, and Japanese words: where the script changes, another begins.
pub fn words(text: &str) -> Vec<String> {
    let text = folded(text).to_lowercase().replace(['\'', '’'], "");
    let letters: Vec<char> = text.chars().collect();
    let mut words: Vec<(Script, String)> = Vec::new();
    for run in letters.chunk_by(|one, next| Script::of(*one) == Script::of(*next)) {
        let (script, run) = (Script::of(run[0]), run.iter().collect::<String>());
        match words.last_mut() {
            // The ending of a verb, not a particle: 「止まる」, and 「値」「が」.
            Some((Script::Kanji, word))
                if script == Script::Hiragana && !PARTICLES.contains(&run.as_str()) =>
            {
                word.push_str(&run);
            }
            _ => words.push((script, run)),
        }
    }
    let is_word = |(script, _): &(Script, String)| *script != Script::None;
    words.into_iter().filter(is_word).map(|(_, word)| word).collect()
}

/// Behind a noun, these are words of their own.
const PARTICLES: [&str; 17] = [
    "が", "を", "は", "に", "の", "で", "と", "も", "へ", "や", "から", "まで", "より", "では",
    "には", "との", "での",
];

#[derive(Clone, Copy, PartialEq)]
enum Script {
    None,
    Ascii,
    Katakana,
    Hiragana,
    /// And whatever else is a letter.
    Kanji,
}

impl Script {
    fn of(letter: char) -> Self {
        match letter {
            _ if letter.is_ascii_alphanumeric() => Self::Ascii,
            '\u{30a1}'..='\u{30ff}' => Self::Katakana,
            '\u{3041}'..='\u{309f}' => Self::Hiragana,
            _ if letter.is_alphanumeric() => Self::Kanji,
            _ => Self::None,
        }
    }
}

/// Of a Japanese verb its kanji: 「止まる」, 「止める」.
fn stem_of_kanji(word: &str) -> String {
    let kanji = word.trim_end_matches(|letter| Script::of(letter) == Script::Hiragana);
    if kanji.is_empty() { word.into() } else { kanji.into() }
}

pub fn stem(word: &str) -> String {
    const ENDINGS: [(&str, &str); 10] = [
        ("ies", "y"),
        ("ied", "y"),
        ("ings", ""),
        ("ing", ""),
        ("ers", "er"),
        ("sses", "ss"),
        ("es", ""),
        ("ed", ""),
        ("ss", "ss"),
        ("s", ""),
    ];
    if !word.is_ascii() {
        return stem_of_kanji(word);
    }
    let ending = ENDINGS.into_iter().find(|(ending, _)| word.ends_with(ending));
    let (ending, with) = ending.unwrap_or(("", ""));
    let rest = &word[..word.len() - ending.len()];
    if rest.len() < 3 {
        return word.into();
    }
    let mut rest = format!("{rest}{with}");
    let twice = rest.as_bytes().windows(2).last().is_some_and(|end| end[0] == end[1]);
    // `stopping`, but not `call`.
    if matches!(ending, "ing" | "ings" | "ed") && twice && !rest.ends_with(['l', 's']) {
        rest.pop();
    }
    // `cache` and `caching`.
    if rest.len() > 3 && rest.ends_with('e') {
        rest.pop();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_runs_of_letters() {
        assert_eq!(words("Ctrl-C: `spawn_blocking`!"), ["ctrl", "c", "spawn", "blocking"]);
        assert_eq!(words("タイマー付き retry"), ["タイマー", "付き", "retry"]);
        assert_eq!(words("タスクが止まる"), ["タスク", "が", "止まる"]);
        assert_eq!(words("値が失われる。なぜ"), ["値", "が", "失われる", "なぜ"]);
        assert_eq!(words("ｒｅｔｒｙ can't"), ["retry", "cant"]);
        assert_eq!(words("ﾃﾞｯﾄﾞﾛｯｸが"), ["デッドロック", "が"]);
        assert_eq!(words(" \u{1b}[ "), [""; 0]);
    }

    #[test]
    fn the_forms_of_a_word_have_one_stem() {
        for forms in [
            &["retry", "retries", "retried", "retrying"][..],
            &["止まる", "止まらない", "止める"],
            &["stop", "stops", "stopped", "stopping"],
            &["cache", "caches", "cached", "caching"],
            &["call", "calls", "called", "calling"],
            &["process", "processes", "processing"],
            &["handle", "handles", "handled", "handling"],
            &["connection", "connections"],
            &["worker", "workers"],
            &["file", "files"],
        ] {
            let stems: Vec<String> = forms.iter().map(|form| stem(form)).collect();
            assert!(stems.iter().all(|one| *one == stems[0]), "{stems:?}");
        }
        for (one, other) in [("string", "stream"), ("bus", "busy"), ("pin", "ping"), ("is", "i")] {
            assert_ne!(stem(one), stem(other));
        }
    }
}
