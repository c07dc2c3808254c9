//! How well an entry answers a question.

use super::entries::{Entry, Field};
use super::question::{Question, Term};

/// Of a word that begins so.
const BEGINNING: f64 = 0.6;
/// If people ask in just these words.
const ASKED: f64 = 2.0;
/// Of a phrase of which the question has next to nothing.
const FRAGMENT: f64 = 0.5;
/// An answer that is far worse than the best is noise.
const LEAST: f64 = 0.2;

/// The entries that answer `question`, best first, each command once.
pub fn best<'a>(entries: &'a [Entry], question: &Question) -> Vec<&'a Entry> {
    let scored = entries.iter().map(|entry| (score(entry, question), entry));
    let mut scored: Vec<(f64, &Entry)> = scored.filter(|(score, _)| *score > 0.0).collect();
    // Equal ones stay in the order of the entries.
    scored.sort_by(|(one, _), (other, _)| other.total_cmp(one));
    let least = scored.first().map_or(0.0, |(best, _)| best * LEAST);
    let mut found: Vec<&Entry> = Vec::new();
    for (score, entry) in scored {
        if score >= least && !found.iter().any(|other| other.command == entry.command) {
            found.push(entry);
        }
    }
    found
}

fn score(entry: &Entry, question: &Question) -> f64 {
    let (mut sum, mut answered, mut asked) = (0.0, 0.0, 0.0);
    let shares: Vec<f64> = entry.fields.iter().map(|field| share(field, question)).collect();
    for term in &question.terms {
        let best = entry.fields.iter().zip(&shares);
        let best = best.map(|(field, share)| field.weight * share * quality(field, term));
        let best = best.fold(0.0, f64::max);
        sum += best * term.weight;
        answered += if best > 0.0 { term.weight } else { 0.0 };
        asked += term.weight;
    }
    if asked == 0.0 {
        return 0.0;
    }
    // Half an answer is much less than half of the whole one.
    let covered = (answered / asked).powf(1.5);
    let is_asked = entry
        .fields
        .iter()
        .any(|field| field.is_asked && question.phrases.iter().any(|phrase| is_in(phrase, field)));
    let asked = if is_asked { ASKED } else { 1.0 };
    sum * covered * entry.kind.weight() * asked
}

/// Returns how much a phrase counts if the question has only a part of it: `retry-after` is not `retry`.
fn share(field: &Field, question: &Question) -> f64 {
    let own = field.phrase();
    if !field.is_asked || own.is_empty() {
        return 1.0;
    }
    let had = own.iter().filter(|stem| question.meant.contains(*stem));
    FRAGMENT + (1.0 - FRAGMENT) * had.count() as f64 / own.len() as f64
}

/// Whether people ask in these words: the question has all words of the phrase, one after another.
fn is_in(phrase: &[String], field: &Field) -> bool {
    let own = field.phrase();
    !own.is_empty() && phrase.windows(own.len()).any(|window| window == own)
}

fn quality(field: &Field, term: &Term) -> f64 {
    let has = |stem: &String| field.stems.iter().any(|own| own == stem);
    if has(&term.stem) {
        return 1.0;
    }
    let begins = |own: &String| match term.stem.is_ascii() {
        true => term.stem.len() >= 3 && own.starts_with(&term.stem),
        false => own.contains(&term.stem),
    };
    let begins = if field.stems.iter().any(begins) { BEGINNING } else { 0.0 };
    let same = term.same.iter().filter(|(words, _)| words.iter().all(has));
    same.map(|(_, weight)| *weight).fold(begins, f64::max)
}

#[cfg(test)]
mod tests {
    use super::super::entries::Kind;
    use super::super::vocabulary::Vocabulary;
    use super::*;
    use crate::map::Words;

    /// The commands of those of `texts` that answer, best first. Each is its own command. One with
    /// a `*` is a name, which says more than a sentence; with a `?` it is a phrase in which people ask.
    fn best(texts: &[&str], question: &str) -> Vec<String> {
        let one = |text: &&str| {
            let field = match text.chars().next() {
                Some('?') => Field::asked(4.0, text),
                Some('*') => Field::new(4.0, text),
                _ => Field::new(1.5, text),
            };
            let fields = vec![field];
            let (text, command) = (text.to_string(), text.to_string());
            Entry { kind: Kind::Program, text, command, fields }
        };
        let entries: Vec<Entry> = texts.iter().map(one).collect();
        let words = Words {
            stop: vec!["the"],
            same: vec![vec!["stuck", "deadlock"], vec!["shut down", "exit"]],
        };
        let question = Question::asked(question, &words, &Vocabulary::of(&entries, &words));
        super::best(&entries, &question).into_iter().map(|entry| entry.command.clone()).collect()
    }

    #[test]
    fn what_stands_for_a_word_or_a_phrase_is_found_behind_the_word_itself() {
        assert_eq!(best(&["a deadlock", "it is stuck"], "stuck"), ["it is stuck", "a deadlock"]);
        assert_eq!(best(&["the exit", "the end"], "shut down"), ["the exit"]);
        // One word of the phrase stands for nothing.
        assert_eq!(best(&["the exit", "the end"], "down"), [""; 0]);
    }

    #[test]
    fn an_answer_to_all_words_is_better_than_to_one() {
        let texts = ["*channel", "channels and tasks", "*task"];
        assert_eq!(best(&texts, "channel task")[0], "channels and tasks");
    }

    #[test]
    fn a_word_that_is_everywhere_says_little() {
        let texts = ["a task", "task two", "task three", "pinned"];
        assert_eq!(best(&texts, "pinned task")[0], "pinned");
    }

    #[test]
    fn of_two_phrases_the_one_counts_more_of_which_more_is_asked() {
        let texts = ["?retry after a failure", "?retry limit"];
        assert_eq!(best(&texts, "retry")[0], "?retry limit");
    }

    #[test]
    fn what_answers_far_worse_than_the_best_is_left_out() {
        assert_eq!(best(&["*pinned task", "a task"], "pinned task"), ["*pinned task"]);
        assert_eq!(best(&["*pinned", "*task"], "pinned task").len(), 2);
    }

    #[test]
    fn a_command_is_shown_once() {
        assert_eq!(best(&["twice", "twice"], "twice"), ["twice"]);
    }
}
