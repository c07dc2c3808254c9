//! The `main.rs` of a section crate: its modules, and the call of `section!`.
//!
//! The lines around them are written by hand: what the crate is about, options, stand-ins for
//! other systems, and the attributes of a module.

use crate::places;
use std::collections::HashMap;
use tour::Language;
use tour::data::{Crate, File};

const CALL: &str = "utils::section!(";
const WIDEST: usize = 100;

/// `main` with the modules of `krate`, each with its sections.
pub fn written(main: &str, krate: &Crate) -> Result<String, String> {
    called(&declared(main, &krate.files, |file| places::of(file, Language::English)), krate)
}

/// `mod try_join; // guide 4.2`, in running order, in place of those that are there.
fn declared(main: &str, files: &[File], sections: impl Fn(&File) -> String) -> String {
    let mut attributes: HashMap<&str, String> = HashMap::new();
    let (mut before, mut after, mut pending) = (String::new(), String::new(), String::new());
    for line in main.split_inclusive('\n') {
        let module = line.strip_prefix("mod ").and_then(|line| line.split_once(';'));
        if let Some((name, _)) = module {
            attributes.insert(name, std::mem::take(&mut pending));
            continue;
        }
        // They belong to the module below them, or to whatever else is there.
        if line.starts_with("#[") {
            pending += line;
            continue;
        }
        let text = std::mem::take(&mut pending) + line;
        let place = if attributes.is_empty() { &mut before } else { &mut after };
        *place += &text;
    }
    let module = |file: &File| {
        let attributes = attributes.get(file.name).map_or("", String::as_str);
        format!("{attributes}mod {}; // {}\n", file.name, sections(file))
    };
    let modules: String = files.iter().map(module).collect();
    if attributes.is_empty() {
        // A new crate has none yet.
        let (start, main) = before.split_once("fn main()").unwrap_or((&before, ""));
        return format!("{start}{modules}\nfn main(){main}");
    }
    before + &modules + &after + &pending
}

/// `section!(first, second; on request: server)`
fn called(main: &str, krate: &Crate) -> Result<String, String> {
    let (before, rest) = main.split_once(CALL).ok_or("it does not call `utils::section!(`")?;
    let (old, after) = rest.split_once(')').ok_or("its `utils::section!(` is not closed")?;
    let names = |on_request| {
        let files = krate.files.iter().filter(move |file| file.on_request == on_request);
        files.map(|file| file.name).collect::<Vec<_>>()
    };
    let (own, asked) = (names(false), names(true).join(", "));
    let asked = if asked.is_empty() { asked } else { format!("; on request: {asked}") };
    let line = format!("{}{asked}", own.join(", "));
    let letters = |text: &str| text.split_whitespace().collect::<String>();
    if letters(old) == letters(&line) {
        // However it is formatted.
        return Ok(main.to_string());
    }
    let start = before.rsplit('\n').next().unwrap_or_default();
    let end = after.split('\n').next().unwrap_or_default();
    if start.len() + CALL.len() + line.len() + ")".len() + end.len() <= WIDEST {
        return Ok(format!("{before}{CALL}{line}){after}"));
    }
    let indent = " ".repeat(start.len() - start.trim_start().len());
    let own = own.join(&format!(",\n{indent}    "));
    let asked = asked.replacen("; ", &format!(";\n{indent}    "), 1);
    Ok(format!("{before}{CALL}\n{indent}    {own}{asked}\n{indent}){after}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tour::Text;

    const MAIN: &str = "\
//! Things.

mod b; // guide 9
#[cfg(unix)]
mod a;

#[cfg(not(unix))] // it is Unix's
mod a {
    pub fn main() {}
}

fn main() -> std::process::ExitCode {
    utils::section!(b, a)
}
";

    fn krate(own: &[&'static str], asked: &[&'static str]) -> Crate {
        let file = |on_request| move |&name| File { krate: "k", name, on_request };
        let files = own.iter().map(file(false)).chain(asked.iter().map(file(true))).collect();
        Crate {
            name: "k",
            shows: Text::new("things", "もの"),
            files,
            notes: Vec::new(),
            claims_ja: Vec::new(),
        }
    }

    fn rewritten(main: &str, krate: &Crate) -> String {
        let declared = declared(main, &krate.files, |file| format!("guide {}", file.name));
        called(&declared, krate).unwrap()
    }

    #[test]
    fn modules_are_in_running_order_and_keep_their_attributes() {
        let expected = MAIN
            .replace(
                "mod b; // guide 9\n#[cfg(unix)]\nmod a;\n",
                "#[cfg(unix)]\nmod a; // guide a\nmod c; // guide c\n",
            )
            .replace("(b, a)", "(a; on request: c)");
        let krate = krate(&["a"], &["c"]);
        assert_eq!(rewritten(MAIN, &krate), expected);
        assert_eq!(rewritten(&expected, &krate), expected);
    }

    #[test]
    fn a_new_crate_gets_its_first_module() {
        let main = "//! Things.\n\nfn main() -> ExitCode {\n    utils::section!()\n}\n";
        let expected = "//! Things.\n\nmod a; // guide a\n\nfn main() -> ExitCode {\n    utils::section!(a)\n}\n";
        assert_eq!(rewritten(main, &krate(&["a"], &[])), expected);
    }

    #[test]
    fn what_is_too_long_for_a_line_has_one_each() {
        let long: Vec<&str> = (0..9).map(|_| "a_long_name").collect();
        let main = rewritten(MAIN, &krate(&long, &["c", "d"]));
        let (_, call) = main.split_once("utils::section!(\n").unwrap();
        let lines: Vec<_> = call.lines().collect();
        assert_eq!(lines[0], "        a_long_name,");
        assert_eq!(lines[8..11], ["        a_long_name;", "        on request: c, d", "    )"]);
    }

    #[test]
    fn what_rustfmt_has_made_of_the_call_stays() {
        let formatted = MAIN.replace("(b, a)", "(\n        b,\n        a\n    )");
        assert_eq!(called(&formatted, &krate(&["b", "a"], &[])).unwrap(), formatted);
        assert!(called("fn main() {}", &krate(&["a"], &[])).unwrap_err().contains("section!("));
    }
}
