//! Whether a statement is true.

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Verdict {
    True,
    /// Never was as the document has it.
    Corrected,
    /// Was true once.
    Outdated,
    /// Nothing that a program could show.
    Opinion,
    /// A program could show it, but not here.
    Unproven,
}

impl Verdict {
    pub const ALL: [Self; 5] =
        [Self::True, Self::Corrected, Self::Outdated, Self::Opinion, Self::Unproven];

    pub fn name(self) -> &'static str {
        match self {
            Self::True => "true",
            Self::Corrected => "corrected",
            Self::Outdated => "outdated",
            Self::Opinion => "opinion",
            Self::Unproven => "unproven",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.name() == name)
    }

    /// The document is not to be followed here.
    pub fn is_wrong(self) -> bool {
        matches!(self, Self::Corrected | Self::Outdated)
    }
}
