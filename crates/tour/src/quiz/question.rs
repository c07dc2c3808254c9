//! A question, as `pages/quiz.md` has it.

use crate::map::{self, File};
use crate::text::lf;

#[derive(Debug, PartialEq)]
pub struct Question {
    /// `Q1` to `Q7` are the document's own; the others are named after their topic.
    pub id: &'static str,
    /// The section: `deep dive 6.2`.
    pub place: &'static str,
    /// The document's question or heading, byte for byte.
    pub title: &'static str,
    pub prompt: &'static str,
    pub answers: Vec<&'static str>,
    /// Where in `answers` the right one is.
    pub right: usize,
    pub why: &'static str,
    pub program: File,
    /// In the program's file.
    pub test: &'static str,
    /// What of the program's output answers the question. Empty if a test alone does.
    pub prints: &'static str,
}

pub fn all() -> Vec<Question> {
    parse(include_str!("../../pages/quiz.md")).expect("a test has parsed the questions")
}

fn parse(markdown: &'static str) -> Result<Vec<Question>, String> {
    let texts = lf(markdown).split("\n## ").skip(1);
    texts.map(|text| question(text).map_err(|lacks| format!("{lacks}: {text}"))).collect()
}

/// Its parts stand in one order, with an empty line between them.
fn question(text: &'static str) -> Result<Question, &'static str> {
    let (heading, rest) = text.split_once("\n\n").ok_or("no heading")?;
    let (id, heading) = heading.split_once(" — ").ok_or("no id")?;
    let (place, title) =
        heading.strip_suffix('」').and_then(|text| text.split_once('「')).ok_or("no title")?;

    let (prompt, rest) = rest.split_once("\n\n- [").ok_or("no answers")?;
    let (list, rest) = rest.split_once("\n\n").ok_or("no reason")?;
    let marked: Vec<_> = list.split("\n- [").filter_map(|item| item.split_once("] ")).collect();
    let answers: Vec<_> = marked.iter().map(|(_, answer)| *answer).collect();
    let crosses: Vec<_> = (0..marked.len()).filter(|&at| marked[at].0 == "x").collect();
    let [right] = crosses[..] else {
        return Err("not one right answer");
    };
    if !(2..=9).contains(&answers.len()) {
        return Err("not two to nine answers");
    }

    let (why, rest) = rest.split_once("\n\n").ok_or("no program")?;
    let (source, output) = rest.trim_end().split_once("\n\n").unwrap_or((rest.trim_end(), ""));
    let (program, test) = source.split_once(", `").ok_or("no test")?;
    let program = map::file(program).ok_or("no program")?;
    let test = test.strip_suffix('`').ok_or("no test")?;
    let lines = |text: &'static str| text.strip_prefix("```text\n")?.strip_suffix("\n```");
    let prints = if output.is_empty() { "" } else { lines(output).ok_or("no output")? };
    Ok(Question { id, place, title, prompt, answers, right, why, program, test, prints })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::tests::crlf;

    const PAGE: &str = "\
# Title

## a — deep dive 6.2「LIFO slot — cache」

One?

    code

- [ ] no
- [x] yes

Because.

[x](../../sections/a/src/x.rs), `it_is_so`

```text
one
two
```

## b — guide 1「B」

Two?

- [x] yes
- [ ] no

Because.

[y](../../sections/b/src/y.rs), `it_is_so_too`
";

    #[test]
    fn the_page_parses_to_seven_questions_of_the_document_and_eight_more() {
        let ids: Vec<_> = all().into_iter().map(|question| question.id).collect();
        assert_eq!(
            ids.join(" "),
            "Q1 Q2 Q3 Q4 Q5 Q6 Q7 \
             lifo yield budget thief wheel lag join_all try_join_all"
        );
    }

    #[test]
    fn a_checkout_of_windows_gives_the_same_questions() {
        let page = lf(include_str!("../../pages/quiz.md"));
        assert_eq!(parse(crlf(page)), parse(page));
    }

    #[test]
    fn a_question_has_all_its_parts() {
        let [a, b] = &parse(PAGE).unwrap()[..] else { panic!("not two") };
        let expected = Question {
            id: "a",
            place: "deep dive 6.2",
            title: "LIFO slot — cache",
            prompt: "One?\n\n    code",
            answers: vec!["no", "yes"],
            right: 1,
            why: "Because.",
            program: File { krate: "a", name: "x", on_request: false },
            test: "it_is_so",
            prints: "one\ntwo",
        };
        assert_eq!(a, &expected);
        assert_eq!((b.right, b.prints), (0, ""));
    }

    #[test]
    fn a_question_that_lacks_a_part_is_refused() {
        let refused = |from: &str, to: &str| {
            assert!(PAGE.contains(from));
            parse(PAGE.replacen(from, to, 1).leak()).err().unwrap()
        };
        assert!(refused("- [x] yes", "- [ ] yes").starts_with("not one right answer"));
        assert!(refused("- [ ] no", "- [x] no").starts_with("not one right answer"));
        assert!(refused("- [ ] no\n", "").starts_with("not two to nine"));
        assert!(refused("cache」", "cache").starts_with("no title"));
        assert!(refused("x.rs", "z.rs").starts_with("no program"));
        assert!(refused(", `it_is_so`", "").starts_with("no test"));
        assert!(refused("```text", "```").starts_with("no output"));
    }
}
