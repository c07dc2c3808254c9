//! Whether the same claim is judged alike wherever it stands.

use super::Document;

/// One claim has one verdict, wherever it stands.
pub fn agree(documents: &[Document]) -> Result<(), String> {
    let all = || documents.iter().flat_map(Document::statements);
    for one in all() {
        for twin in &one.twins {
            let wrong = |why: &str| format!("{}: its twin {twin} {why}", one.id);
            let other =
                all().find(|other| other.id == *twin).ok_or_else(|| wrong("is not there"))?;
            if !other.twins.contains(&one.id) {
                return Err(wrong("does not name it"));
            }
            if other.verdict != one.verdict {
                return Err(wrong(&format!(
                    "is {}, it is {}",
                    other.verdict.name(),
                    one.verdict.name()
                )));
            }
        }
    }
    Ok(())
}
