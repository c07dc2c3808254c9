//! Whether a statement is true.

use crate::language::Text;

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    True,
    Imprecise,
    Wrong,
    DoesNotCompile,
    Racy,
    Outdated,
    Opinion,
    Unproven,
    /// No verdict: the document does not say it, and one must know it.
    Unsaid,
}

impl Verdict {
    /// Those of what the documents say.
    pub const ALL: [Self; 8] = [
        Self::True,
        Self::Imprecise,
        Self::Wrong,
        Self::DoesNotCompile,
        Self::Racy,
        Self::Outdated,
        Self::Opinion,
        Self::Unproven,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::Imprecise => "imprecise",
            Self::Wrong => "wrong",
            Self::DoesNotCompile => "does-not-compile",
            Self::Racy => "racy",
            Self::Outdated => "outdated",
            Self::Opinion => "opinion",
            Self::Unproven => "unproven",
            Self::Unsaid => "unsaid",
        }
    }

    /// As a reader is shown it. In English it is the name.
    pub fn label(self) -> Text {
        let japanese = match self {
            Self::True => "正しい",
            Self::Imprecise => "不正確",
            Self::Wrong => "誤り",
            Self::DoesNotCompile => "コンパイル不可",
            Self::Racy => "非決定的",
            Self::Outdated => "古い",
            Self::Opinion => "意見",
            Self::Unproven => "未検証",
            Self::Unsaid => "記述なし",
        };
        Text::new(self.name(), japanese)
    }

    /// Returns what it says of a statement.
    pub fn means(self) -> Text {
        let (english, japanese) = match self {
            Self::True => ("It holds as the document has it.", "文書のとおり成り立つ。"),
            Self::Imprecise => (
                "It is right in the main. Something is missing that one must know.",
                "大筋では正しいが、知っておくべきことが抜けている。",
            ),
            Self::Wrong => {
                ("It does not hold, and never did.", "成り立たない。過去に成り立ったこともない。")
            }
            Self::DoesNotCompile => (
                "The program is not accepted by the compiler as it is printed.",
                "掲載されたままのプログラムはコンパイルできない。",
            ),
            Self::Racy => (
                "The output, or its order, depends on chance or on another machine.",
                "出力やその順序が、偶然や実行環境によって変わる。",
            ),
            Self::Outdated => ("It held once.", "かつては成り立った。"),
            Self::Opinion => ("No program could show it.", "プログラムでは示せない。"),
            Self::Unproven => (
                "A program could show it. None here does, or not all of it.",
                "プログラムで示せるはずだが、ここでは示していないか、一部しか示していない。",
            ),
            Self::Unsaid => ("The document does not say it.", "文書には書かれていない。"),
        };
        Text::new(english, japanese)
    }

    /// Those that the data may have.
    pub fn each() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain([Self::Unsaid])
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::each().find(|verdict| verdict.name() == name)
    }
}
