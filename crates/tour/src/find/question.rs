//! A question: its words, and what may stand for them.

use super::token::{stem, stems, words};
use super::vocabulary::Vocabulary;
use crate::map::Words;
use std::collections::HashSet;

/// A word that stands for another.
const WORD: f64 = 0.6;
/// The same word in Japanese, or in English.
const TRANSLATION: f64 = 0.9;
/// The quality of a word for a phrase, which means more than each of its words.
const PHRASE: f64 = 0.9;

/// Of a whole log, what comes first has to do.
pub const MOST: usize = 64;

#[derive(Debug)]
pub struct Question {
    pub terms: Vec<Term>,
    /// Each misspelt word, and how it is read.
    pub corrected: Vec<(String, String)>,
    /// Its words, and those that stand for them.
    pub meant: HashSet<String>,
    /// All its words, with those that say little and without, to be compared with what people ask.
    pub phrases: [Vec<String>; 2],
}

/// A word of a question.
#[derive(Debug)]
pub struct Term {
    pub stem: String,
    /// The words that stand for it, all of them together, and how well they do.
    pub same: Vec<(Vec<String>, f64)>,
    /// How rare it is: a word that is everywhere says little.
    pub weight: f64,
}

impl Question {
    pub fn asked(typed: &str, known: &Words, vocabulary: &Vocabulary) -> Self {
        let mut all = words(typed);
        all.truncate(MOST);
        let whole: Vec<String> = all.iter().map(|word| stem(word)).collect();
        let is_said = |word: &String| !known.stop.contains(&word.as_str());
        // `async` alone is a question too.
        if all.iter().any(is_said) {
            all.retain(is_said);
        }
        let mut corrected = Vec::new();
        for word in &mut all {
            if let Some(read) = vocabulary.near(word) {
                corrected.push((word.clone(), read.clone()));
                *word = read;
            }
        }
        let phrase: Vec<String> = all.iter().map(|word| stem(word)).collect();
        let lists: Vec<_> = known.same.iter().map(|list| stemmed(list)).collect();
        let term = |(at, stem): (usize, &String)| Term {
            stem: stem.clone(),
            same: same(&lists, &phrase, at),
            weight: vocabulary.weight(stem),
        };
        let mut terms: Vec<Term> = phrase.iter().enumerate().map(term).collect();
        // `join set` is `JoinSet`.
        for at in 1..phrase.len() {
            let joined = phrase[at - 1].clone() + &phrase[at];
            for place in [at - 1, at] {
                terms[place].same.push((vec![joined.clone()], PHRASE));
            }
        }
        let same = terms.iter().flat_map(|term| &term.same).flat_map(|(words, _)| words.clone());
        let meant = phrase.iter().cloned().chain(same).collect();
        Self { terms, corrected, meant, phrases: [whole, phrase] }
    }
}

/// Words and phrases that stand for each other.
fn stemmed(list: &[&str]) -> Vec<Vec<String>> {
    list.iter().map(|words| stems(words)).collect()
}

/// Returns what stands for the word at a place, alone or within a phrase.
fn same(lists: &[Vec<Vec<String>>], phrase: &[String], at: usize) -> Vec<(Vec<String>, f64)> {
    let mut same = Vec::new();
    for list in lists {
        let covers = |words: &Vec<String>| {
            let mut places = phrase.windows(words.len()).enumerate();
            places.any(|(start, window)| {
                window == words && (start..start + words.len()).contains(&at)
            })
        };
        for own in list.iter().filter(|words| covers(words)) {
            let is_ascii = |words: &[String]| words.iter().all(|word| word.is_ascii());
            let weight = |other: &[String]| match () {
                () if is_ascii(own) != is_ascii(other) => TRANSLATION,
                () if own.len() > 1 => PHRASE,
                () => WORD,
            };
            let others = list.iter().filter(|other| *other != own).cloned();
            same.extend(others.map(|other| (other.clone(), weight(&other))));
        }
    }
    same
}
