//! Words, as they are compared: small letters, and without their endings.

use crate::typed::folded;

/// What is compared of a word. English words lose their ending: `retries`, `retrying`, `retry`.
pub fn stems(text: &str) -> Vec<String> {
    words(text).iter().map(|word| stem(word)).collect()
}

/// Runs of ASCII letters and digits, and runs of other letters, such as Japanese ones.
pub fn words(text: &str) -> Vec<String> {
    let text = folded(text).to_lowercase().replace(['\'', '’'], "");
    let kind = |letter: char| match letter {
        _ if letter.is_ascii_alphanumeric() => 1,
        _ if letter.is_alphanumeric() => 2,
        _ => 0,
    };
    let letters: Vec<char> = text.chars().collect();
    let runs = letters.chunk_by(|one, next| kind(*one) == kind(*next));
    runs.filter(|run| kind(run[0]) != 0).map(|run| run.iter().collect()).collect()
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
        return word.into();
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
        assert_eq!(words("タイマー付き retry"), ["タイマー付き", "retry"]);
        assert_eq!(words("ｒｅｔｒｙ can't"), ["retry", "cant"]);
        assert_eq!(words(" \u{1b}[ "), [""; 0]);
    }

    #[test]
    fn the_forms_of_a_word_have_one_stem() {
        for forms in [
            &["retry", "retries", "retried", "retrying"][..],
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
