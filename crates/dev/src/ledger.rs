//! The statements of a document, as a page for the browser: `crates/tour/statements/*.md`.

use std::path::Path;
use tour::Language;
use tour::data::{Document, Proof, Section, Statement, Verdict};

/// The folder of the pages.
pub const FOLDER: &str = "crates/tour/statements";

/// The first line of a page that nobody edits.
pub const WRITTEN: &str =
    "<!-- Written by `cargo tour dev write` from crates/tour/data. Edit that. -->";

const HEAD: [&str; 2] = [
    "\
| id | verdict | where | it says | it holds | proof | since |
|---|---|---|---|---|---|---|
",
    "\
| ID | 判定 | 箇所 | 記述の要旨 | 実際 | 根拠 | いつから |
|---|---|---|---|---|---|---|
",
];

const HEAD_OF_UNSAID: [&str; 2] = [
    "\
| id | of what | it holds | proof | since |
|---|---|---|---|---|
",
    "\
| ID | 何について | 実際 | 根拠 | いつから |
|---|---|---|---|---|
",
];

/// From the root of the workspace.
pub fn path(document: &Document, language: Language) -> String {
    format!("{FOLDER}/{}{}.md", document.command, language.either("", ".ja"))
}

pub fn page(document: &Document, language: Language) -> String {
    let mut text = language.either(english(document), japanese(document));
    text += &super::readme::verdicts(language);
    text += "\n";
    for section in document.ledger() {
        text += &format!("\n## {}\n\n", section.title());
        if section.statements.is_empty() {
            text += &format!("{}\n", language.of(section.note));
            continue;
        }
        let (unsaid, said): (Vec<_>, Vec<_>) =
            section.statements.iter().partition(|it| it.verdict == Verdict::Unsaid);
        let row = |statement| row(statement, language);
        let [head, head_of_unsaid] = [HEAD, HEAD_OF_UNSAID].map(|[en, ja]| language.either(en, ja));
        if !said.is_empty() {
            text += head;
            text.extend(said.into_iter().map(row));
        }
        if !unsaid.is_empty() {
            let name = document.called(language);
            let (english, japanese) =
                (format!("What the {name} does not say:"), format!("{name}に書かれていないこと:"));
            text += &format!("\n{}\n\n{head_of_unsaid}", language.either(english, japanese));
            text.extend(unsaid.into_iter().map(row));
        }
    }
    text
}

fn english(document: &Document) -> String {
    let Document { command, name, title, .. } = document;
    format!(
        "{WRITTEN}
# {title}

Each statement of the {name}, by the number of its section, in our words. \"It holds\" is what is true instead,
or more precisely. The proof fails if that is not so: a test, a program that must not compile (case), or the
output that a README shows (console). \"Since\" is the version from which on it holds, where one is known.
`cargo run -- statements` prints this with the commands, and [the map](../map/{command}.md) has the programs.

"
    )
}

fn japanese(document: &Document) -> String {
    let Document { command, name_ja, title, .. } = document;
    format!(
        "{WRITTEN}
# {title}

{name_ja}の記述を節の番号順に並べ、私たちの言葉で要約した。「箇所」は文書の中の語句で、その場所を探すときに使う。「実際」は
正しい内容、またはより正確な内容。「根拠」は、それが成り立たなければ失敗するもの: テスト、コンパイルできてはならない
プログラム(case)、README に示した出力(console)。「いつから」は、分かっている場合に、成り立つようになったバージョン。
`cargo run -- statements --lang ja` は同じ内容をコマンド付きで表示する。プログラムは[地図](../map/{command}.ja.md)にある。

"
    )
}

fn row(statement: &Statement, language: Language) -> String {
    let Statement { id, verdict, twins, at, says, holds, proofs, since } = statement;
    let [says, holds] = [says, holds].map(|text| language.of(*text));
    let proofs: Vec<_> = proofs.iter().map(link).collect();
    let proof = if proofs.is_empty() { "–".to_string() } else { proofs.join(", ") };
    let same = match (twins.join(", "), language) {
        (twins, _) if twins.is_empty() => twins,
        (twins, Language::English) => format!(" (The same as {twins}.)"),
        (twins, Language::Japanese) => format!("({twins} と同じ内容。)"),
    };
    let holds = format!("{holds}{same}").trim_start().to_string();
    let place = if at.is_empty() { String::new() } else { format!("「{at}」") };
    match verdict {
        Verdict::Unsaid => cells(&[id, says, &holds, &proof, since]),
        _ => cells(&[id, language.of(verdict.label()), &place, says, &holds, &proof, since]),
    }
}

/// A row of a Markdown table. A bar within a cell would end it.
pub fn cells(cells: &[&str]) -> String {
    let cell = |cell: &&str| match cell.is_empty() {
        true => " |".to_string(),
        false => format!(" {} |", cell.replace('|', r"\|")),
    };
    format!("|{}\n", cells.iter().map(cell).collect::<String>())
}

fn link(proof: &Proof) -> String {
    format!("[{}]({})", proof.name, relative(FOLDER, proof.path))
}

/// How a page in `folder` links to `path`.
pub fn relative(folder: &str, path: &str) -> String {
    let (folder, path) = (Path::new(folder), Path::new(path));
    let common = folder.components().zip(path.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(common).map(|_| "..".to_string());
    let down = path.components().skip(common);
    let down = down.map(|part| part.as_os_str().to_string_lossy().into_owned());
    up.chain(down).collect::<Vec<_>>().join("/")
}

/// Where a section stands on its page, as GitHub makes it from the heading.
pub fn anchor(section: &Section) -> String {
    let heading = section.title().to_lowercase().replace(' ', "-");
    heading.chars().filter(|it| it.is_alphanumeric() || "-_".contains(*it)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tour::Text;
    use tour::data::documents;

    #[test]
    fn a_statement_is_a_row_with_links_to_its_proofs() {
        let statement = Statement {
            id: "G-3.1-1",
            verdict: Verdict::DoesNotCompile,
            twins: vec!["D-2-1"],
            at: "自動変換",
            says: Text::new("It does.", "できる。"),
            holds: Text::new("It does not.", "できない。"),
            proofs: vec![Proof::named("tests/ui/async-await/edition_2021.fail.rs").unwrap()],
            since: "Rust 1.85",
        };
        let proof = "[case](../../../tests/ui/async-await/edition_2021.fail.rs) | Rust 1.85 |";
        let english = "| G-3.1-1 | does-not-compile | 「自動変換」 | It does. | \
                       It does not. (The same as D-2-1.) |";
        let japanese = "| G-3.1-1 | コンパイル不可 | 「自動変換」 | できる。 | \
                        できない。(D-2-1 と同じ内容。) |";
        assert_eq!(row(&statement, Language::English), format!("{english} {proof}\n"));
        assert_eq!(row(&statement, Language::Japanese), format!("{japanese} {proof}\n"));
        let unsaid = Statement { verdict: Verdict::Unsaid, at: "", twins: vec![], ..statement };
        let expected = format!("| G-3.1-1 | It does. | It does not. | {proof}\n");
        assert_eq!(row(&unsaid, Language::English), expected);
    }

    #[test]
    fn a_page_has_every_statement_in_both_languages() {
        for document in documents() {
            for language in [Language::English, Language::Japanese] {
                let page = page(document, language);
                let has = |it: &&Statement| page.contains(&format!("\n| {} | ", it.id));
                assert_eq!(
                    document.statements().filter(has).count(),
                    document.statements().count()
                );
            }
        }
    }

    #[test]
    fn a_bar_within_a_cell_does_not_end_it() {
        assert_eq!(cells(&["a|b", "", "c"]), "| a\\|b | | c |\n");
    }

    #[test]
    fn a_link_goes_up_and_down() {
        assert_eq!(relative("crates/a/b", "crates/c/d.rs"), "../../c/d.rs");
        assert_eq!(relative("crates/a/b", "crates/a/b/c.md"), "c.md");
        assert_eq!(relative("crates/a", "tests/b.rs"), "../../tests/b.rs");
    }

    #[test]
    fn an_anchor_is_what_github_makes_of_the_heading() {
        let [guide, deep_dive] = documents();
        let of = |document: &Document, id| anchor(document.section(id).unwrap());
        assert_eq!(of(guide, "4.1"), "41-join-と-select");
        assert_eq!(of(guide, "まとめ"), "まとめ");
        assert_eq!(of(deep_dive, "TL;DR"), "tldr");
    }
}
