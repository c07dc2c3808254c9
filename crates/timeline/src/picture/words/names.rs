//! The names of lanes and places.

use crate::model::{Kind, Lane, Location};
use crate::picture::text::clean;
use std::path::Path;

/// Where cargo keeps the sources of what one depends on, in a folder for each registry.
const REGISTRY: &str = "/registry/src/";
/// Where the compiler keeps those of the standard library.
const LIBRARY: &str = "/library/";

/// Between backticks.
pub(super) fn name(lane: &Lane) -> String {
    format!("`{}`", plain_name(lane))
}

/// A thread is said to be one: `main` is also a future.
pub(crate) fn plain_name(lane: &Lane) -> String {
    match lane.kind {
        Kind::Worker if !lane.name.starts_with("worker") => format!("thread {}", clean(&lane.name)),
        _ => clean(&lane.name),
    }
}

/// `, ` between all, and `and` before the last: `` `fetch` and 30 × `Sleep 1 s` ``.
pub(super) fn list(names: &[String]) -> String {
    let mut counted: Vec<(usize, &str)> = Vec::new();
    for name in names {
        match counted.iter_mut().find(|(_, known)| known == name) {
            Some((count, _)) => *count += 1,
            None => counted.push((1, name)),
        }
    }
    let counted = counted.into_iter().map(|(count, name)| match count {
        1 => name.to_string(),
        _ => format!("{count} × {name}"),
    });
    match &counted.collect::<Vec<_>>()[..] {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] => format!("{} and {last}", first.join(", ")),
    }
}

/// ` at src/main.rs:14`, if it is known.
pub(super) fn at(lane: &Lane) -> String {
    lane.location.as_ref().map_or(String::new(), |it| format!(" at `{}`", place(it)))
}

/// `src/main.rs:14`: within its package, or of a dependency with the name of that.
fn place(Location { file, line }: &Location) -> String {
    let file = clean(file).replace('\\', "/");
    let dependency = file.split_once(REGISTRY).and_then(|(_, rest)| rest.split_once('/'));
    let library = file.split_once(LIBRARY).filter(|_| file.starts_with("/rustc/"));
    let own = || file.rfind("/src/").map(|at| &file[at + 1..]);
    let short = dependency.or(library).map(|(_, path)| path).or_else(own);
    format!("{}:{line}", short.unwrap_or(&file))
}

/// `main.rs:14`, for where there is little room.
pub(crate) fn file_and_line(location: &Location) -> String {
    let place = place(location);
    let file = Path::new(&place).file_name().map(|name| name.to_string_lossy().into_owned());
    file.unwrap_or(place)
}

/// `for the third time`
pub(super) fn times(number: u32) -> String {
    let ordinal = match number {
        1 => "first".to_string(),
        2 => "second".to_string(),
        3 => "third".to_string(),
        _ => {
            let end = match (number % 10, number % 100) {
                (1, it) if it != 11 => "st",
                (2, it) if it != 12 => "nd",
                (3, it) if it != 13 => "rd",
                _ => "th",
            };
            format!("{number}{end}")
        }
    };
    format!("for the {ordinal} time")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_in_a_dependency_begins_with_its_package() {
        let file = "/home/me/.cargo/registry/src/index.crates.io-1/tokio-1.54.1/src/time/sleep.rs";
        let location = Location { file: file.to_string(), line: 7 };
        assert_eq!(place(&location), "tokio-1.54.1/src/time/sleep.rs:7");
        assert_eq!(file_and_line(&location), "sleep.rs:7");
        let file = "/rustc/59807616/library/core/src/ops/function.rs".to_string();
        assert_eq!(place(&Location { file, line: 250 }), "core/src/ops/function.rs:250");
        let own = Location { file: "crates/a/src/b/c.rs".to_string(), line: 3 };
        assert_eq!((place(&own), file_and_line(&own)), ("src/b/c.rs:3".into(), "c.rs:3".into()));
        let own = Location { file: r"src\main.rs".to_string(), line: 3 };
        assert_eq!(
            (place(&own), file_and_line(&own)),
            ("src/main.rs:3".into(), "main.rs:3".into())
        );
    }

    #[test]
    fn what_is_there_several_times_is_counted() {
        let said =
            |names: &[&str]| list(&names.iter().map(|it| it.to_string()).collect::<Vec<_>>());
        assert_eq!(said(&["a", "b", "c"]), "a, b and c");
        assert_eq!(said(&["a", "b", "a", "a"]), "3 × a and b");
        assert_eq!((said(&["a", "a"]), said(&[])), ("2 × a".to_string(), String::new()));
    }

    #[test]
    fn a_number_has_the_ending_that_is_spoken() {
        let ends = [1, 2, 3, 4, 11, 12, 13, 21, 22, 23, 101, 111].map(times);
        let expected = [
            "first", "second", "third", "4th", "11th", "12th", "13th", "21st", "22nd", "23rd",
            "101st", "111th",
        ];
        assert_eq!(ends, expected.map(|it| format!("for the {it} time")));
    }

    #[test]
    fn a_list_has_an_and_before_its_last() {
        let names = ["a", "b", "c"].map(String::from);
        assert_eq!(list(&names), "a, b and c");
        assert_eq!((list(&names[..2]), list(&names[..1])), ("a and b".into(), "a".into()));
    }
}
