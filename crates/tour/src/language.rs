//! The two languages of the tour, and a text in both.

use std::ffi::OsString;

/// A language of the tour. The documents are Japanese; this workspace is English first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    Japanese,
}

/// The same in both languages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub en: &'static str,
    /// Empty as long as nobody has translated it.
    pub ja: &'static str,
}

/// The variable that comes before the locale: `en` or `ja`. The tour gives it to the programs that it starts.
pub const VARIABLE: &str = "TOUR_LANG";
const OPTION: &str = "--lang";

impl Language {
    pub const NAMES: [&str; 2] = ["en", "ja"];

    pub fn name(self) -> &'static str {
        self.either("en", "ja")
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::English, Self::Japanese].into_iter().find(|language| language.name() == name)
    }

    /// Returns the language that the environment asks for.
    pub fn here() -> Self {
        Self::set_by(|name| std::env::var(name).ok())
    }

    /// The first variable that is set decides, as POSIX has it for the language of messages.
    fn set_by(variable: impl Fn(&str) -> Option<String>) -> Self {
        let names = [VARIABLE, "LC_ALL", "LC_MESSAGES", "LANG"].into_iter();
        match names.filter_map(variable).find(|value| !value.is_empty()) {
            Some(value) if value.starts_with("ja") => Self::Japanese,
            _ => Self::English,
        }
    }

    /// Takes `--lang ja` or `--lang=ja` out of `arguments`, wherever it stands before a `--`. The last
    /// one counts. Whatever is no language stays there, for the parser to refuse.
    pub fn taken(arguments: &mut Vec<OsString>) -> Option<Self> {
        let mut last = None;
        while let Some((at, length, language)) = Self::asked_for(arguments) {
            arguments.drain(at..at + length);
            last = Some(language);
        }
        last
    }

    /// Where the option stands, and of how many words it is.
    fn asked_for(arguments: &[OsString]) -> Option<(usize, usize, Self)> {
        let mut words = arguments.iter().map(|it| it.to_str().unwrap_or_default());
        let before: Vec<&str> = words.by_ref().take_while(|it| *it != "--").collect();
        (0..before.len()).find_map(|at| match before[at].strip_prefix(OPTION)? {
            "" => Some((at, 2, Self::named(before.get(at + 1)?)?)),
            value => Some((at, 1, Self::named(value.strip_prefix('=')?)?)),
        })
    }

    pub fn either<T>(self, english: T, japanese: T) -> T {
        match self {
            Self::English => english,
            Self::Japanese => japanese,
        }
    }

    /// In English, if nobody has translated it.
    pub fn of(self, text: Text) -> &'static str {
        let japanese = if text.ja.is_empty() { text.en } else { text.ja };
        self.either(text.en, japanese)
    }
}

impl Text {
    pub const fn new(en: &'static str, ja: &'static str) -> Self {
        Self { en, ja }
    }

    pub fn is_empty(self) -> bool {
        self.en.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_variable_that_is_set_decides() {
        let by = |set: &[(&str, &str)]| {
            Language::set_by(|name| {
                let found = set.iter().find(|(known, _)| *known == name);
                found.map(|(_, value)| value.to_string())
            })
        };
        let (english, japanese) = (Language::English, Language::Japanese);
        assert_eq!(by(&[]), english);
        assert_eq!(by(&[("LANG", "ja_JP.UTF-8")]), japanese);
        assert_eq!(by(&[("LC_ALL", ""), ("LC_MESSAGES", "ja"), ("LANG", "C")]), japanese);
        assert_eq!(by(&[("LC_ALL", "C"), ("LC_MESSAGES", "ja"), ("LANG", "ja")]), english);
        assert_eq!(by(&[("TOUR_LANG", "en"), ("LC_ALL", "ja_JP.UTF-8")]), english);
        assert_eq!(by(&[("LANG", "de_DE.UTF-8")]), english);
    }

    #[test]
    fn the_option_is_taken_out_wherever_it_stands() {
        for (line, language, rest) in [
            ("tour --lang ja map 4", Some(Language::Japanese), "tour map 4"),
            ("tour map 4 --lang=en", Some(Language::English), "tour map 4"),
            ("tour --lang ja map --lang en", Some(Language::English), "tour map"),
            ("tour map --lang xx", None, "tour map --lang xx"),
            ("tour map --lang=xx", None, "tour map --lang=xx"),
            ("tour map --lang", None, "tour map --lang"),
            ("tour find -- --lang ja", None, "tour find -- --lang ja"),
            ("tour find --lang -- ja", None, "tour find --lang -- ja"),
            ("tour", None, "tour"),
        ] {
            let mut arguments = line.split(' ').map(OsString::from).collect();
            assert_eq!(Language::taken(&mut arguments), language, "{line}");
            assert_eq!(arguments.join(" ".as_ref()), rest, "{line}");
        }
    }

    #[test]
    fn what_is_not_translated_is_english() {
        let text = Text::new("task", "タスク");
        assert_eq!(Language::English.of(text), "task");
        assert_eq!(Language::Japanese.of(text), "タスク");
        assert_eq!(Language::Japanese.of(Text::new("task", "")), "task");
    }
}
