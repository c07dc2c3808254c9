//! The parts of a section crate's README that are not in the data.

/// A block of what a command prints.
pub struct Printed<'a> {
    /// After `$ `.
    pub command: &'a str,
    pub lines: &'a str,
}

/// The blocks that begin with a command, in their order.
pub fn printed(readme: &str) -> Vec<Printed<'_>> {
    let blocks = readme.split("```console\n").skip(1);
    let blocks = blocks.filter_map(|rest| rest.split_once("\n```").map(|(block, _)| block));
    let printed = blocks.filter_map(|block| {
        let (command, lines) = block.split_once('\n')?;
        Some(Printed { command: command.strip_prefix("$ ")?, lines: lines.trim_end() })
    });
    printed.collect()
}

/// Tells whether the blocks of a crate have these lines, one after the other.
pub fn has_lines(readme: &str, krate: &str, lines: &str) -> bool {
    let command = format!("cargo run -p {krate}");
    let lines = format!("\n{lines}\n");
    let own = |block: &Printed<'_>| block.command.starts_with(&command);
    let has = |block: &Printed<'_>| format!("\n{}\n", block.lines).contains(&lines);
    printed(readme).iter().any(|block| own(block) && has(block))
}

/// The points below `## Differences from the document`, each as Markdown without its dash.
pub fn differences(readme: &str) -> Vec<String> {
    let (_, below) = readme.split_once("## Differences from the document").unwrap_or_default();
    let below = below.split("\n## ").next().unwrap_or_default();
    let points = below.split("\n- ").skip(1);
    points.map(|point| point.split("\n\n").next().unwrap_or_default().trim().to_string()).collect()
}

/// Whether a point is about the section `id` of the document called `name`. It begins with its places:
/// `4.4, 8.3: …`, `Deep dive 11.5: …`. `bare` is the document of a number that stands alone.
pub fn is_about(point: &str, name: &str, id: &str, bare: &str) -> bool {
    let start = |known: &str| {
        let named = point.get(..known.len()).is_some_and(|it| it.eq_ignore_ascii_case(known));
        named.then(|| &point[known.len()..])
    };
    let (document, rest) = match (start("guide"), start("deep dive")) {
        (Some(rest), _) => ("guide", rest),
        (_, Some(rest)) => ("deep dive", rest),
        _ => (bare, point),
    };
    let words = rest.split([' ', ',', ':']).filter(|word| !word.is_empty() && *word != "and");
    let mut places = words.take_while(|word| is_an_id(word));
    document == name && places.any(|place| place == id)
}

/// `4`, `4.1`, `Q2`, `TL;DR`, `まとめ`.
fn is_an_id(word: &str) -> bool {
    let number = word.strip_prefix('Q').unwrap_or(word);
    let is_number = number.split('.').all(|part| part.parse::<u8>().is_ok());
    is_number || ["TL;DR", "まとめ"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    const README: &str = "# x\n\n```console\n$ cargo run -p x\none\ntwo\n\n```\n\n\
        ## Differences from the document\n\n- 4.4, 8.3: first\n  goes on.\n- Deep dive 11.5: second.\n\n## After\n\n- no\n";

    #[test]
    fn a_block_is_a_command_and_its_lines() {
        let [printed] = &printed(README)[..] else { panic!("one block") };
        assert_eq!((printed.command, printed.lines), ("cargo run -p x", "one\ntwo"));
    }

    #[test]
    fn a_program_has_its_own_lines_of_a_block() {
        let readme = "```console\n$ cargo run -p x\none\ntwo\nthree\n```\n";
        let has = |lines| has_lines(readme, "x", lines);
        assert!(has("one") && has("two\nthree") && has("one\ntwo\nthree"));
        assert!(!has("one\nthree"), "they are not one after the other");
        assert!(!has("tw") && !has("wo\nthree"), "lines are whole");
        assert!(!has_lines(readme, "y", "one"));
    }

    #[test]
    fn a_difference_names_its_sections() {
        let all = differences(README);
        assert_eq!(all, ["4.4, 8.3: first\n  goes on.", "Deep dive 11.5: second."]);
        let about = |point: &str, document, id| is_about(point, document, id, "guide");
        assert!(about(&all[0], "guide", "4.4") && about(&all[0], "guide", "8.3"));
        assert!(!about(&all[0], "deep dive", "4.4") && !about(&all[0], "guide", "4"));
        assert!(about(&all[1], "deep dive", "11.5") && !about(&all[1], "guide", "11.5"));
        assert!(about("9.1 lets one call stop 4.1", "guide", "9.1"));
        assert!(!about("9.1 lets one call stop 4.1", "guide", "4.1"));
        assert!(is_about("TL;DR, 6.2: x", "deep dive", "6.2", "deep dive"));
    }
}
