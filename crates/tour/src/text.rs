//! Every text of the tour has lines that end with `\n`, whatever a checkout has made of them.

/// Turns the ends `\r\n`, which Git or an editor may have put there, into `\n`.
pub fn lf(text: &'static str) -> &'static str {
    match text.contains('\r') {
        // Kept until the process ends, as the text itself is.
        true => text.replace("\r\n", "\n").leak(),
        false => text,
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// `text` as Git checks it out on Windows with its default settings there.
    pub fn crlf(text: &str) -> &'static str {
        text.replace('\n', "\r\n").leak()
    }

    #[test]
    fn only_the_ends_of_lines_change() {
        assert_eq!(lf(crlf("a\n\nb\n")), "a\n\nb\n");
        assert_eq!(lf("a\nb\rc"), "a\nb\rc");
    }
}
