//! The first line of a snippet: ``//! Guide 3.1, deep dive 2.2 — `await` suspends.``
//!
//! It is the only place that has the claim. The sections are those that the file is for; the data
//! may have it in more.

use crate::places::Place;
use tour::data::{Document, section};

#[derive(Debug, PartialEq)]
pub struct Header<'a> {
    pub places: Vec<Place<'a>>,
    pub claim: String,
}

/// The header of a source. The error says what its first line should be.
pub fn header<'a>(map: &'a [Document], source: &str) -> Result<Header<'a>, String> {
    let Some((sections, claim)) = tour::header(source) else {
        return Err("its first line is not `//! Guide 4.1 — claim`".to_string());
    };
    Ok(Header { places: places(map, sections)?, claim: claim.to_string() })
}

/// `Guide 3.1, 3.2, deep dive 2.2`
fn places<'a>(map: &'a [Document], list: &str) -> Result<Vec<Place<'a>>, String> {
    let (mut document, mut places) = ("", Vec::new());
    for part in list.split(", ") {
        let mut id = part;
        for start in ["Guide ", "guide ", "Deep dive ", "deep dive "] {
            if let Some(rest) = part.strip_prefix(start) {
                (document, id) = (start, rest);
            }
        }
        let id = id.strip_prefix("FAQ ").unwrap_or(id);
        let place = section(map, &format!("{}{id}", document.to_lowercase()));
        places.push(place.map_err(|wrong| format!("its first line: {wrong}"))?);
    }
    Ok(places)
}

/// The first line that says that `claim` is shown of `places`.
pub fn line(places: &[Place<'_>], claim: &str) -> String {
    let mut line = String::from("//! ");
    for own in places.chunk_by(|a, b| a.0.name == b.0.name) {
        let ids = own.iter().map(|(_, section)| match section.id.starts_with('Q') {
            true => format!("FAQ {}", section.id),
            false => section.id.to_string(),
        });
        let (name, ids) = (own[0].0.name, ids.collect::<Vec<_>>().join(", "));
        match line.len() {
            4 => line += &format!("{}{} {ids}", name[..1].to_uppercase(), &name[1..]),
            _ => line += &format!(", {name} {ids}"),
        }
    }
    format!("{line} — {claim}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use tour::data::documents;

    fn parsed(line: &str) -> Result<(Vec<String>, String), String> {
        let header = header(documents(), line)?;
        let name = |(document, section): &Place<'_>| format!("{} {}", document.name, section.id);
        Ok((header.places.iter().map(name).collect(), header.claim))
    }

    #[test]
    fn a_header_has_its_sections_and_its_claim_and_is_written_as_it_was_read() {
        for (first, ids) in [
            ("//! Guide 4.1 — One — two.", &["guide 4.1"][..]),
            ("//! Guide 1.1, 1.2 — A.", &["guide 1.1", "guide 1.2"]),
            (
                "//! Guide FAQ Q3, deep dive 14, 15 — A.",
                &["guide Q3", "deep dive 14", "deep dive 15"],
            ),
            ("//! Deep dive TL;DR, 6.2 — A.", &["deep dive TL;DR", "deep dive 6.2"]),
        ] {
            let (places, claim) = parsed(&format!("{first}\n//! more\n")).unwrap();
            assert_eq!(places, ids, "{first}");
            assert_eq!(line(&header(documents(), first).unwrap().places, &claim), first);
        }
    }

    #[test]
    fn any_other_first_line_says_what_is_wrong() {
        for (line, why) in [
            ("", "is not `//! Guide 4.1 — claim`"),
            ("// Guide 4.1 — A.", "is not `//! Guide 4.1 — claim`"),
            ("//! Guide 4.1 - A.", "is not `//! Guide 4.1 — claim`"),
            ("//! Guide 4.1 —  ", "is not `//! Guide 4.1 — claim`"),
            ("//! Guide 4.11 — A.", "did you mean 4.1?"),
            ("//! Gide 4.1 — A.", "`guide 4.1`, `deep dive 6.2`"),
        ] {
            let said = parsed(line).unwrap_err();
            assert!(said.contains(why), "{line}: {said}");
        }
    }
}
