//! Whether a statement is true.

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

    /// What it says of a statement.
    pub fn means(self) -> &'static str {
        match self {
            Self::True => "It holds as the document has it.",
            Self::Imprecise => "It is right in the main. Something is missing that one must know.",
            Self::Wrong => "It does not hold, and never did.",
            Self::DoesNotCompile => "The program is not accepted by the compiler as it is printed.",
            Self::Racy => "The output, or its order, depends on chance or on another machine.",
            Self::Outdated => "It held once.",
            Self::Opinion => "No program could show it.",
            Self::Unproven => "A program could show it. None here does, or not all of it.",
            Self::Unsaid => "The document does not say it.",
        }
    }

    /// Those that the data may have.
    pub fn each() -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().chain([Self::Unsaid])
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::each().find(|verdict| verdict.name() == name)
    }
}
