//! Words that a mistyped one may have meant.

use strsim::damerau_levenshtein;

/// No name is that long, and the distance to a longer word would take the time of its square.
const LONGEST: usize = 64;

/// The candidates closest to `word`, at most three: one typing error away for a short word, one
/// in three letters for a long one. Failing that, those that contain it.
pub fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let word = word.to_lowercase();
    let letters = word.chars().count();
    if letters > LONGEST {
        return Vec::new();
    }
    let mut unique = Vec::new();
    for name in candidates {
        if !unique.contains(&name) {
            unique.push(name);
        }
    }
    let distance = |candidate: &str| damerau_levenshtein(&word, &candidate.to_lowercase());

    let closest = unique.iter().map(|name| distance(name)).min();
    let mut names: Vec<&str> = match closest {
        Some(closest) if closest <= (letters / 3).max(1) => {
            unique.into_iter().filter(|name| distance(name) == closest).collect()
        }
        // Of fewer letters nearly everything would contain it.
        _ if letters >= 3 => unique.into_iter().filter(|name| name.contains(&word)).collect(),
        _ => Vec::new(),
    };
    names.truncate(3);
    names
}

#[cfg(test)]
mod tests {
    use super::near;

    #[test]
    fn the_closest_come_alone() {
        assert_eq!(near("4.11", ["1", "1.1", "4", "4.1", "4.2", "11.1"]), ["4.1"]);
        assert_eq!(near("11", ["1", "2", "10", "12.1"]), ["1", "10"]);
    }

    #[test]
    fn swapped_letters_and_the_wrong_hyphen_are_one_error() {
        let names = ["try_join", "join_all", "join_and_select"];
        assert_eq!(near("try_jion", names), ["try_join"]);
        assert_eq!(near("Try-Join", names), ["try_join"]);
    }

    #[test]
    fn a_part_of_a_name_finds_the_name() {
        assert_eq!(near("timeout", ["delay", "with_timeout"]), ["with_timeout"]);
    }

    #[test]
    fn far_words_find_nothing() {
        assert_eq!(near("xyzzy", ["delay", "with_timeout"]), Vec::<&str>::new());
        assert_eq!(near("", ["delay"]), Vec::<&str>::new());
        assert_eq!(near(&"delay".repeat(1_000_000), ["delay"]), Vec::<&str>::new());
    }
}
