//! The first line of a snippet.

/// The sections and the claim in ``//! Guide 4.1 — `join!` takes as long as its slowest future.``
pub fn header(source: &str) -> Option<(&str, &str)> {
    let (sections, claim) = source.lines().next()?.strip_prefix("//! ")?.split_once(" — ")?;
    (!claim.trim().is_empty()).then_some((sections, claim))
}
