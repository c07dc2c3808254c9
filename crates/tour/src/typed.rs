//! What somebody types with a Japanese input method, as it is meant.

/// Full-width letters, digits and signs as those of ASCII, without the white space around them.
pub fn folded(typed: &str) -> String {
    let half = |letter: char| match letter {
        '\u{3000}' => ' ',
        '！'..='～' => {
            let distance = u32::from('！') - u32::from('!');
            char::from_u32(u32::from(letter) - distance).unwrap_or(letter)
        }
        _ => letter,
    };
    typed.chars().map(half).collect::<String>().trim().to_string()
}

#[cfg(test)]
mod tests {
    use super::folded;
    use crate::map::documents;

    #[test]
    fn full_width_is_as_good_as_half() {
        for (typed, meant) in [
            ("３", "3"),
            ("　２　", "2"),
            ("ｑ", "q"),
            ("Ｑ２", "Q2"),
            ("４．１", "4.1"),
            ("ｔｒｙ＿ｊｏｉｎ", "try_join"),
            ("～！", "~!"),
            (" \t3\r\n", "3"),
            ("　", ""),
        ] {
            assert_eq!(folded(typed), meant);
        }
    }

    #[test]
    fn no_name_of_the_map_is_changed() {
        for section in documents().iter().flat_map(|document| &document.sections) {
            assert_eq!(folded(section.id), section.id);
        }
    }
}
