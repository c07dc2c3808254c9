//! A line of what somebody types, however long it is.

use std::io::{BufRead, ErrorKind, Result};

/// No answer is longer: of a line, no more bytes are kept.
const LONGEST: usize = 200;

/// The bytes of the next line without its end; `None` at the end of the input.
pub fn next(input: &mut impl BufRead) -> Result<Option<Vec<u8>>> {
    let (mut line, mut is_end) = (Vec::new(), true);
    loop {
        let bytes = match input.fill_buf() {
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            bytes => bytes?,
        };
        let end = bytes.iter().position(|&byte| byte == b'\n');
        let taken = end.map_or(bytes.len(), |at| at + 1);
        is_end &= taken == 0;
        let kept = end.unwrap_or(taken).min(LONGEST - line.len());
        line.extend_from_slice(&bytes[..kept]);
        input.consume(taken);
        if end.is_some() || taken == 0 {
            return Ok((!is_end).then_some(line));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufReader, Cursor};

    fn lines(text: &str, buffer: usize) -> Vec<String> {
        let mut input = BufReader::with_capacity(buffer, Cursor::new(text));
        let lines = std::iter::from_fn(|| next(&mut input).unwrap());
        lines.map(|line| String::from_utf8(line).unwrap()).collect()
    }

    #[test]
    fn a_line_ends_where_it_ends_however_it_comes() {
        for buffer in [1, 2, 3, 100] {
            assert_eq!(lines("one\n\ntwo\nthree", buffer), ["one", "", "two", "three"]);
            assert_eq!(lines("", buffer), Vec::<String>::new());
            assert_eq!(lines("\n", buffer), [""]);
        }
    }

    #[test]
    fn of_a_long_line_the_rest_is_dropped_and_the_next_one_is_whole() {
        for buffer in [1, LONGEST, 10 * LONGEST] {
            let text = format!("{}\nnext\n", "x".repeat(5 * LONGEST));
            assert_eq!(lines(&text, buffer), [&*"x".repeat(LONGEST), "next"]);
        }
    }
}
