//! The index by problem in the README of the workspace, and the table of the recipes.

use crate::ledger::{cells, relative};
use crate::readme::head;
use tour::Language;
use tour::data::{File, Group, Problem, Recipe, documents, groups};

/// The table of `recipes`, with links from a README in `folder`.
pub fn recipes(recipes: &[Recipe], folder: &str, language: Language) -> String {
    let english = ["problem", "recipe", "taught in"];
    let mut table = head(language.either(english, ["困りごと", "レシピ", "関連する節"]));
    for Recipe { name, problem, sections, .. } in recipes {
        let path = format!("crates/recipes/src/{name}.rs");
        let link = format!("[`{name}`]({})", relative(folder, &path));
        let sections = sections.iter().map(|place| in_language(place, language));
        let sections = sections.collect::<Vec<_>>().join(", ");
        table += &cells(&[language.of(*problem), &link, &sections]);
    }
    table.trim_end().to_string()
}

/// The names of the recipes, and their table behind a line that one opens.
pub fn folded_recipes(recipes: &[Recipe], language: Language) -> String {
    let link = |name: &str| format!("[`{name}`](crates/recipes/src/{name}.rs)");
    let names: Vec<_> = recipes.iter().map(|recipe| link(recipe.name)).collect();
    let summary = language.either("What each recipe is for", "それぞれのレシピの用途");
    let table = self::recipes(recipes, "", language);
    format!("{}\n\n{}", names.join(" · "), folded(summary, &table))
}

/// The groups of problems: each a line that one opens, with its table.
pub fn folded_problems(language: Language) -> String {
    let group = |group: &Group| {
        let table = problems(group.problems(), language);
        folded(language.of(group.name), &table)
    };
    groups().iter().map(group).collect::<Vec<_>>().join("\n\n")
}

/// GitHub and mdBook show the first line, and the rest when one clicks.
fn folded(summary: &str, table: &str) -> String {
    // Markdown stands in the code of a page here only between empty lines.
    let mut summary = summary.replace('&', "&amp;");
    while let Some(it) = summary.split('`').nth(1).map(String::from) {
        summary = summary.replacen(&format!("`{it}`"), &format!("<code>{it}</code>"), 1);
    }
    format!("<details>\n<summary>{summary}</summary>\n\n{table}\n\n</details>")
}

/// The table of `problems`: what shows each, the program to begin with first.
fn problems<'a>(problems: impl Iterator<Item = &'a Problem>, language: Language) -> String {
    let mut table = head(language.either(["problem", "shown by"], ["困りごと", "示すプログラム"]));
    for Problem { problem, programs, .. } in problems {
        let link = |file: &File| format!("[`{}`]({})", file.path(), file.source());
        let links: Vec<_> = programs.iter().map(link).collect();
        table += &cells(&[language.of(*problem), &links.join(", ")]);
    }
    table.trim_end().to_string()
}

/// `guide 4.1`, as the data has it.
fn in_language(place: &str, language: Language) -> String {
    let document = documents().iter().find(|document| place.starts_with(document.name));
    match document {
        Some(document) => place.replacen(document.name, document.called(language), 1),
        None => place.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tour::Text;

    #[test]
    fn a_recipe_is_found_by_its_problem() {
        let recipe = Recipe {
            name: "retry",
            problem: Text::new("Try again", "再試行する"),
            words: vec![],
            sections: vec!["guide 2.5"],
            needs: Default::default(),
            tests: Default::default(),
            rust: "1.85",
        };
        let table = |language| recipes(std::slice::from_ref(&recipe), "crates/recipes", language);
        let end = "\n| 再試行する | [`retry`](src/retry.rs) | ガイド 2.5 |";
        assert!(table(Language::Japanese).ends_with(end), "{}", table(Language::Japanese));
        let table = table(Language::English);
        assert!(
            table.ends_with("\n| Try again | [`retry`](src/retry.rs) | guide 2.5 |"),
            "{table}"
        );
    }

    #[test]
    fn a_problem_has_a_link_to_each_of_its_programs() {
        let file = |name| File { krate: "a", name, on_request: false };
        let programs = vec![file("bad"), file("good")];
        let problem = Text::new("It hangs", "止まらない");
        let table = problems(
            [&Problem { problem, words: vec![], programs, group: "" }].into_iter(),
            Language::English,
        );
        let links = "[`a/bad`](crates/sections/a/src/bad.rs), \
                     [`a/good`](crates/sections/a/src/good.rs)";
        assert!(table.ends_with(&format!("\n| It hangs | {links} |")), "{table}");
    }

    #[test]
    fn each_group_is_a_line_that_one_opens() {
        let text = folded_problems(Language::English);
        assert_eq!(text.matches("<details>").count(), groups().len());
        assert!(
            text.contains(
                "\n<summary><code>select!</code>, timeouts and cancellation</summary>\n\n|"
            )
        );
        assert!(folded_problems(Language::Japanese).contains("<summary><code>select!</code>、"));
    }
}
