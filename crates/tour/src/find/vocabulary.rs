//! The words that may be asked for.

use super::entries::Entry;
use super::token::{self, stem};
use crate::map::Words;
use std::collections::HashMap;
use strsim::damerau_levenshtein;

/// Each word, and in how many entries each stem is.
#[derive(Debug)]
pub struct Vocabulary {
    words: HashMap<String, usize>,
    stems: HashMap<String, usize>,
    entries: f64,
}

impl Vocabulary {
    pub fn of(entries: &[Entry], known: &Words) -> Self {
        let (mut words, mut stems) = (HashMap::new(), HashMap::new());
        for entry in entries {
            for word in entry.vocabulary() {
                *words.entry(word.to_string()).or_default() += 1;
            }
            let mut own: Vec<&String> =
                entry.fields.iter().flat_map(|field| &field.stems).collect();
            own.sort();
            own.dedup();
            for stem in own {
                *stems.entry(stem.clone()).or_default() += 1;
            }
        }
        for word in known.same.iter().flatten().flat_map(|words| token::words(words)) {
            stems.entry(stem(&word)).or_insert(1);
            words.entry(word).or_insert(1);
        }
        Self { words, stems, entries: entries.len() as f64 }
    }

    pub fn weight(&self, stem: &str) -> f64 {
        let count = self.stems.get(stem).copied().unwrap_or(1) as f64;
        (1.0 + self.entries / count).ln()
    }

    /// The word that a misspelt one is: `None` if it is known, or the beginning of a known one.
    pub fn near(&self, word: &str) -> Option<String> {
        const SHORTEST: usize = 4;
        const LONGEST: usize = 24;
        let letters = word.chars().count();
        let is_known = self.stems.contains_key(&stem(word))
            || self.stems.keys().any(|known| known.starts_with(word) || known.contains(word));
        if is_known || !word.is_ascii() || !(SHORTEST..=LONGEST).contains(&letters) {
            return None;
        }
        let most = if letters < 6 { 1 } else { 2 };
        let distances =
            self.words.iter().filter(|(known, _)| known.len().abs_diff(letters) <= most);
        let near =
            distances.map(|(known, count)| (damerau_levenshtein(word, known), *count, known));
        let near = near.filter(|(distance, ..)| *distance <= most);
        // Of equally near ones the most frequent, then the first in the alphabet.
        let best =
            near.min_by_key(|(distance, count, known)| (*distance, usize::MAX - count, *known));
        best.map(|(.., known)| known.clone())
    }
}
