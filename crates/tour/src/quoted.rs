//! A path for a shell.

use crate::visible::shown;
use std::path::Path;

/// As it stands if nothing in it is special there.
pub fn quoted(path: &Path) -> String {
    // `cd -app` would be an option, and `cd -` the folder before.
    let is_option = path.as_os_str().as_encoded_bytes().starts_with(b"-");
    let path = if is_option { &Path::new(".").join(path) } else { path };
    let text = shown(path);
    let signs = if cfg!(windows) { r"-_./\:+@" } else { "-_./:+@" };
    let plain = |letter: char| letter.is_alphanumeric() || signs.contains(letter);
    match path.to_str() == Some(&*text) {
        true if text.chars().all(plain) => text,
        // All that the shells of Windows have in common. No name there contains it.
        true if cfg!(windows) => format!("\"{text}\""),
        true => format!("'{}'", text.replace('\'', r"'\''")),
        // It must not reach the terminal as it is.
        false => format!("$'{}'", escaped(path)),
    }
}

/// Between `$'` and `'`, every byte that could not be typed.
fn escaped(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes().iter();
    let one = |&byte| match byte {
        b'\'' | b'\\' => format!("\\{}", char::from(byte)),
        b' '..=b'~' => char::from(byte).to_string(),
        _ => format!("\\x{byte:02x}"),
    };
    bytes.map(one).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_quoted_only_where_a_shell_would_split_it() {
        assert_eq!(quoted(Path::new("../my-app")), "../my-app");
        if cfg!(windows) {
            assert_eq!(quoted(Path::new("my app")), "\"my app\"");
            assert_eq!(quoted(Path::new("-app")), r".\-app");
            return;
        }
        assert_eq!(quoted(Path::new("-app")), "./-app");
        assert_eq!(quoted(Path::new("my app")), "'my app'");
        assert_eq!(quoted(Path::new("it's")), r"'it'\''s'");
        assert_eq!(quoted(Path::new("試す　１")), "'試す　１'");
        assert_eq!(quoted(Path::new("it's \x1b\u{9b}m")), r"$'it\'s \x1b\xc2\x9bm'");
    }
}
