//! The text of a snippet before it is written.

/// Neither the check nor its test lets it be forgotten.
pub fn template(header: &str, on_tokio: bool) -> String {
    let (main, test) = match on_tokio {
        true => ("#[tokio::main]\npub async fn main()", "#[tokio::test]\n    async fn"),
        false => ("pub fn main()", "#[test]\n    fn"),
    };
    format!(
        "{header}

{main} {{
    todo!(\"what one sees\");
}}

#[cfg(test)]
mod tests {{
    {test} the_claim_as_a_sentence() {{
        todo!(\"what fails if the claim is false\");
    }}
}}
"
    )
}
