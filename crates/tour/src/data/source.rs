//! The files of the data.

use super::fields::Source;

/// All files but that of the recipes.
#[derive(Clone)]
pub struct Files {
    pub guide: Vec<Source>,
    pub deep_dive: Vec<Source>,
    pub crates: Source,
    pub claims: Source,
    pub quiz: Source,
}

macro_rules! source {
    ($($path:literal),+) => {
        Source {
            path: concat!("crates/tour/data/", $($path),+),
            text: include_str!(concat!("../../data/", $($path),+)),
        }
    };
}

macro_rules! chapters {
    ($folder:literal: $($chapter:literal)+) => {
        vec![$(source!($folder, "/", $chapter, ".toml")),+]
    };
}

pub fn files() -> Files {
    Files {
        guide: chapters!("guide": "00" "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "faq" "end"),
        deep_dive: chapters!(
            "deep-dive": "00" "01" "02" "03" "04" "05" "06" "07" "08" "09" "10" "11" "12" "13" "14"
                "15" "16" "17" "18" "19"
        ),
        crates: source!("crates.toml"),
        claims: source!("claims.ja.toml"),
        quiz: source!("quiz.toml"),
    }
}
