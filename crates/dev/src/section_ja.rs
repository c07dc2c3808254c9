//! The README of a section crate in Japanese. All of it is written; the outputs and the differences
//! from the documents stand in the English one.

use crate::{ledger, readme};
use std::path::Path;
use tour::Language;
use tour::data::Crate;

pub fn page(root: &Path, krate: &Crate) -> Result<String, String> {
    let Crate { name, shows, .. } = krate;
    let folder = format!("crates/sections/{name}");
    let mut text = format!(
        "{}
# {name}

{}

{}
",
        ledger::WRITTEN,
        Language::Japanese.of(*shows),
        readme::files_ja(root, krate)?,
    );
    let statements = readme::statements(&folder, Language::Japanese);
    let exercises = readme::exercises(krate, Language::Japanese);
    for paragraph in [statements, exercises].into_iter().filter(|it| !it.is_empty()) {
        text += &format!("\n{paragraph}\n");
    }
    text += "\n出力と、文書との相違点は [README.md](README.md)(英語)にある。\n";
    Ok(text)
}
