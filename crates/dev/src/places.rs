//! Sections in a sentence: `guide 4.1–4.3, FAQ Q2, deep dive 11.5`.

use tour::Language;
use tour::data::{Document, File, Section};

/// A section and its document.
pub type Place<'a> = (&'a Document, &'a Section);

/// By document, in the order of the map.
pub fn list(places: &[Place<'_>], language: Language) -> String {
    let documents = places.chunk_by(|a, b| a.0.name == b.0.name);
    let documents = documents.map(|own| {
        let ids: Vec<_> = own.iter().map(|(_, section)| section.id).collect();
        format!("{} {}", own[0].0.called(language), ranges(&ids))
    });
    documents.collect::<Vec<_>>().join(", ")
}

/// Those of one file.
pub fn of(file: &File, language: Language) -> String {
    list(&file.places().collect::<Vec<_>>(), language)
}

/// `1.1–1.3, 8.2, FAQ Q1`. Two neighbours are no range.
pub fn ranges(ids: &[&str]) -> String {
    let mut parts = Vec::new();
    let mut rest = ids;
    while let [first, ..] = rest {
        let run = rest.windows(2).take_while(|pair| is_next(pair[0], pair[1])).count();
        let length = if run >= 2 { run + 1 } else { 1 };
        let faq = if first.starts_with('Q') { "FAQ " } else { "" };
        parts.push(match length {
            1 => format!("{faq}{first}"),
            _ => format!("{faq}{first}–{}", rest[length - 1]),
        });
        rest = &rest[length..];
    }
    parts.join(", ")
}

/// `4.2` comes after `4.1`, `Q2` after `Q1`.
fn is_next(one: &str, other: &str) -> bool {
    let split = |id: &str| {
        let (before, number) = id.split_at(id.rfind(['.', 'Q'])? + 1);
        Some((before.to_string(), number.parse::<u32>().ok()?))
    };
    split(one).zip(split(other)).is_some_and(|((a, one), (b, other))| a == b && one + 1 == other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tour::data::documents;

    #[test]
    fn three_neighbours_are_a_range() {
        assert_eq!(ranges(&["1.1", "1.2", "1.3", "8.2"]), "1.1–1.3, 8.2");
        assert_eq!(ranges(&["6.1", "6.2"]), "6.1, 6.2");
        assert_eq!(ranges(&["4.4", "5.1", "5.2"]), "4.4, 5.1, 5.2");
        assert_eq!(ranges(&["Q1", "Q2", "Q3", "まとめ"]), "FAQ Q1–Q3, まとめ");
        assert_eq!(ranges(&["TL;DR", "1", "2", "3"]), "TL;DR, 1, 2, 3");
        assert_eq!(ranges(&[]), "");
    }

    #[test]
    fn the_sections_of_both_documents_stand_in_their_order() {
        let [guide, deep_dive] = documents();
        let place = |document: &'static Document, id| (document, document.section(id).unwrap());
        let places = [place(guide, "4.1"), place(guide, "まとめ"), place(deep_dive, "11.5")];
        let [english, japanese] = [Language::English, Language::Japanese];
        assert_eq!(list(&places, english), "guide 4.1, まとめ, deep dive 11.5");
        assert_eq!(list(&places, japanese), "ガイド 4.1, まとめ, Deep Dive 11.5");
    }
}
