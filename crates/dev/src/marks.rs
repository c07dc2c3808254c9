//! The parts of a README that are written: `<!-- written: files -->` … `<!-- /written -->`.
//!
//! The text between the marks is replaced, in lines of its own or within one. The rest is written
//! by hand.

use tour::near::near;

const START: &str = "<!-- written: ";
const END: &str = "<!-- /written -->";

/// `text` with each part as `parts` has it, by its name. Each of them must be there, once.
pub fn filled(text: &str, parts: &[(&str, String)]) -> Result<String, String> {
    let mut filled = String::new();
    let mut seen = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(START) {
        let (name, after) = after.split_once(" -->").ok_or("a mark is not closed: ` -->`")?;
        let (old, after) =
            after.split_once(END).ok_or_else(|| format!("{START}{name} --> has no {END}"))?;
        if old.contains(START) || seen.contains(&name) {
            return Err(format!("{START}{name} --> is there twice, or has no {END}"));
        }
        let new = parts.iter().find(|(known, _)| *known == name).map(|(_, new)| new);
        let new = new.ok_or_else(|| unknown(name, parts))?;
        // Without the empty lines Markdown would take a table for text.
        let gap = if before.is_empty() || before.ends_with('\n') { "\n\n" } else { "" };
        filled += &format!("{before}{START}{name} -->{gap}{new}{gap}{END}");
        seen.push(name);
        rest = after;
    }
    match parts.iter().find(|(name, _)| !seen.contains(name)) {
        Some((name, _)) => Err(format!("it lacks the lines {START}{name} --> and {END}")),
        None => Ok(filled + rest),
    }
}

fn unknown(name: &str, parts: &[(&str, String)]) -> String {
    let known: Vec<_> = parts.iter().map(|(name, _)| *name).collect();
    match near(name, known.iter().copied()).as_slice() {
        [] => format!("nothing is written as {name} here, only {}", known.join(", ")),
        near => format!("nothing is written as {name} here; did you mean {}?", near.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(names: &[&'static str]) -> Vec<(&'static str, String)> {
        names.iter().map(|&name| (name, format!("the {name}"))).collect()
    }

    #[test]
    fn a_part_is_replaced_and_the_rest_stays() {
        let text = "# T\n\n<!-- written: files -->\nold\n<!-- /written -->\n\n\
                    Of <!-- written: count -->7<!-- /written --> it says more.\n";
        let expected = "# T\n\n<!-- written: files -->\n\nthe files\n\n<!-- /written -->\n\n\
                        Of <!-- written: count -->the count<!-- /written --> it says more.\n";
        let both = parts(&["files", "count"]);
        assert_eq!(filled(text, &both).unwrap(), expected);
        assert_eq!(filled(expected, &both).unwrap(), expected);
        assert_eq!(filled("hand\n", &[]).unwrap(), "hand\n");
    }

    #[test]
    fn wrong_marks_are_refused_with_what_is_near() {
        let part = "<!-- written: files -->\n<!-- /written -->\n";
        let twice = part.repeat(2);
        for (text, why) in [
            ("", "it lacks the lines <!-- written: files --> and <!-- /written -->"),
            ("<!-- written: files -->\n", "has no <!-- /written -->"),
            ("<!-- written: files", "not closed"),
            ("<!-- written: flies --><!-- /written -->", "did you mean files?"),
            ("<!-- written: xyzzy --><!-- /written -->", "only files"),
            (&*twice, "twice"),
            (&format!("<!-- written: files -->\n{part}"), "twice"),
        ] {
            let said = filled(text, &parts(&["files"])).unwrap_err();
            assert!(said.contains(why), "{text}: {said}");
        }
    }
}
