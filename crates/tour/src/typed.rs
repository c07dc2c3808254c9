//! Reads what somebody types with a Japanese input method as it is meant.

/// The half-width katakana, from U+FF66 on, in their order.
const KATAKANA: &str = "ヲァィゥェォャュョッーアイウエオカキクケコサシスセソタチツテト\
                        ナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン゛゜";

/// Full-width letters, digits and signs as those of ASCII, half-width katakana as the usual ones,
/// without the white space around them.
pub fn folded(typed: &str) -> String {
    let mut folded = String::new();
    for letter in typed.chars() {
        let letter = match letter {
            '\u{3000}' => ' ',
            '！'..='～' => {
                let distance = u32::from('！') - u32::from('!');
                char::from_u32(u32::from(letter) - distance).unwrap_or(letter)
            }
            'ｦ'..='ﾟ' => {
                let at = u32::from(letter) - u32::from('ｦ');
                KATAKANA.chars().nth(at as usize).unwrap_or(letter)
            }
            _ => letter,
        };
        match folded.chars().last().and_then(|before| marked(before, letter)) {
            Some(both) => {
                folded.pop();
                folded.push(both);
            }
            None => folded.push(letter),
        }
    }
    folded.trim().to_string()
}

/// `カ` and the mark behind it: `ガ`, which follows it among all characters, as `パ` does `バ`.
fn marked(letter: char, mark: char) -> Option<char> {
    let further = match (letter, mark) {
        ('ウ', '゛') => return Some('ヴ'),
        ('カ' | 'キ' | 'ク' | 'ケ' | 'コ' | 'サ' | 'シ' | 'ス' | 'セ' | 'ソ', '゛') => 1,
        ('タ' | 'チ' | 'ツ' | 'テ' | 'ト' | 'ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', '゛') => 1,
        ('ハ' | 'ヒ' | 'フ' | 'ヘ' | 'ホ', '゜') => 2,
        _ => return None,
    };
    char::from_u32(u32::from(letter) + further)
}

#[cfg(test)]
mod tests {
    use super::folded;
    use crate::map::documents;

    #[test]
    fn full_width_letters_and_half_width_katakana_are_as_good_as_the_usual_ones() {
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
            ("ﾀｲﾏｰ", "タイマー"),
            ("ｷｬﾝｾﾙ ﾃﾞｯﾄﾞﾛｯｸ ﾊﾟﾆｯｸ ｳﾞ", "キャンセル デッドロック パニック ヴ"),
            ("ｱﾞﾟ", "ア゛゜"),
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
