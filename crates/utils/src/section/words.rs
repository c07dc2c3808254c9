//! The words of a section about its parts: the near one, the usage, and which part speaks.

use super::Part;
use super::about::{About, heading};
use std::ffi::OsStr;
use std::path::Path;
use textwrap::{Options, WordSeparator, WordSplitter};

/// Returns the name that a mistyped word may have meant.
pub fn near<'a>(word: &str, names: impl Iterator<Item = &'a str> + Clone) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    // No name is that long, and the distance to a longer word would take the time of its square.
    if word.len() > 64 {
        return None;
    }
    let distance = |name: &&str| strsim::damerau_levenshtein(&word, name);
    let close =
        names.clone().min_by_key(distance).filter(|name| distance(name) <= (word.len() / 3).max(1));
    close.or_else(|| names.clone().find(|name| word.len() > 2 && name.contains(&word)))
}

/// Says that there is no such part, and which one is near.
pub(super) fn unknown(section: &str, parts: &[Part], word: &OsStr) -> String {
    let near = near(&word.to_string_lossy(), parts.iter().map(|part| part.name));
    let meant = near.map(|near| format!("Did you mean {near}?\n"));
    // Its `Debug` escapes what a terminal would obey.
    format!("error: {section} has no part {word:?}\n{}", meant.unwrap_or_default())
}

/// Returns what stands before the output of a part, on a terminal.
pub(super) fn announced(part: &str, folder: &Path, about: &[About], is_japanese: bool) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    let path = folder.join("src").join(part).with_extension("rs");
    let path = path.strip_prefix(here).unwrap_or(&path).display();
    let Some(about) = about.iter().find(|about| about.part == part) else {
        return format!("▸ {part} · {path}\n");
    };
    let mut text = format!(
        "▸ {} · {path}\n{}\n",
        heading(folder, &about.sections),
        wrapped("  ", &about.claim),
    );
    if !about.differs.is_empty() {
        let sections = about.differs.join(", ");
        text += &match is_japanese {
            true => format!("  文書の {sections} には誤りがある。README の Differences を参照。\n"),
            false => {
                format!("  The document is wrong in {sections}: see Differences in the README.\n")
            }
        };
    }
    text
}

pub(super) fn usage(section: &str, parts: &[Part], about: &[About], is_japanese: bool) -> String {
    let widest = parts.iter().map(|part| part.name.len()).max().unwrap_or_default();
    let line = |part: &Part| {
        let claim = about.iter().find(|about| about.part == part.name).map(|about| &*about.claim);
        wrapped(&format!("  {:widest$}  ", part.name), claim.unwrap_or_default()) + "\n"
    };
    let lines = |on_request| {
        parts.iter().filter(|part| part.on_request == on_request).map(line).collect::<String>()
    };
    let asked = lines(true);
    let only =
        if is_japanese { "名前を指定したときだけ動く" } else { "Only when named" };
    let asked = if asked.is_empty() { asked } else { format!("\n{only}:\n{asked}") };
    if is_japanese {
        return format!(
            "使い方: cargo run -p {section} [-- PART...]\n\n\
             すべてを順に、または名前を指定したものを実行する:\n{}{asked}\n\
             オプション:\n  --list      名前の一覧を表示する\n  -h, --help  この説明を表示する\n",
            lines(false),
        );
    }
    format!(
        "Usage: cargo run -p {section} [-- PART...]\n\n\
         Runs all parts in order, or the named ones:\n{}{asked}\n\
         Options:\n  --list      Print the names of the parts\n  -h, --help  Print help\n",
        lines(false),
    )
}

/// Puts `start` before the text, in lines of 80 columns. Japanese lines end as those of a book.
fn wrapped(start: &str, text: &str) -> String {
    let indent = " ".repeat(start.len());
    let options = Options::new(80).word_separator(WordSeparator::UnicodeBreakProperties);
    let options = options.word_splitter(WordSplitter::NoHyphenation);
    textwrap::fill(text, options.initial_indent(start).subsequent_indent(&indent))
}

pub(super) fn listed(part: &Part) -> String {
    let note = if part.on_request { " (only when named)" } else { "" };
    format!("{}{note}", part.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::process::ExitCode;
    fn parts() -> [Part; 3] {
        let part = |name, on_request| Part { name, main: || ExitCode::SUCCESS, on_request };
        [part("try_join", false), part("join_all", false), part("server", true)]
    }

    #[test]
    fn a_mistyped_part_has_a_near_one() {
        for (word, expected) in [
            ("try_jion", Some("try_join")),
            ("Try-Join", Some("try_join")),
            ("join", Some("try_join")),
            ("all", Some("join_all")),
            ("serve", Some("server")),
            ("xyzzy", None),
            ("", None),
            (&"x".repeat(1_000_000), None),
        ] {
            assert_eq!(near(word, parts().iter().map(|part| part.name)), expected, "{word:.20}");
        }
    }

    #[test]
    fn the_usage_says_what_each_part_shows() {
        let row = |part: &str, claim: &str| About {
            part: part.to_string(),
            sections: "guide 4.2".to_string(),
            claim: claim.to_string(),
            differs: vec!["4.2".to_string()],
        };
        let about = [row("try_join", "The first error ends it."), row("server", "It waits.")];
        let japanese = usage("things", &parts(), &about, true);
        assert!(japanese.starts_with("使い方: cargo run -p things"), "{japanese}");
        assert!(
            japanese.contains("名前を指定したときだけ動く:\n  server    It waits.\n"),
            "{japanese}"
        );
        let usage = usage("things", &parts(), &about, false);
        let expected = "\
Usage: cargo run -p things [-- PART...]

Runs all parts in order, or the named ones:
  try_join  The first error ends it.
  join_all  \n
Only when named:
  server    It waits.

Options:
";
        assert!(usage.starts_with(expected), "{usage}");
    }

    #[test]
    fn a_long_claim_goes_on_below_its_beginning() {
        let claim = "A claim that is longer than what is left of a line of 80 columns on a screen.";
        let expected =
            "  try_join  A claim that is longer than what is left of a line of 80 columns on
            a screen.";
        assert_eq!(wrapped("  try_join  ", claim), expected);
        let japanese = wrapped("  ", &format!("{}。実", "実".repeat(39)));
        let expected = format!("  {}\n  実。実", "実".repeat(38));
        assert_eq!(japanese, expected, "no line begins with its stop");
    }

    #[test]
    fn a_part_is_announced_with_its_section_its_source_and_the_mistake_of_the_document() {
        let folder = std::env::current_dir().unwrap().join("../sections/join-select");
        let about = [About {
            part: "try_join".to_string(),
            sections: "guide 4.2, deep dive 11.5".to_string(),
            claim: "The first error ends it.".to_string(),
            differs: vec!["4.2".to_string()],
        }];
        let text = announced("try_join", &folder, &about, false);
        let lines: Vec<_> = text.lines().collect();
        assert!(lines[0].starts_with("▸ guide 4.2 エラーハンドリング付き並行処理 · "), "{text}");
        assert!(lines[0].ends_with("try_join.rs"), "{text}");
        assert_eq!(lines[1], "  The first error ends it.");
        assert_eq!(lines[2], "  The document is wrong in 4.2: see Differences in the README.");
        assert!(announced("join_all", &folder, &about, false).starts_with("▸ join_all · "));
        let japanese = announced("try_join", &folder, &about, true);
        let last = "  文書の 4.2 には誤りがある。README の Differences を参照。";
        assert_eq!(japanese.lines().last(), Some(last));
    }
}
