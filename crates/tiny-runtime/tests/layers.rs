//! The folders are the layers, and a layer only looks down: no file names a file that stands
//! further up, so there is no circle, and the README's reading order needs no look ahead.
//!
//! The order is that of the `mod` lines. A file that holds `mod` and `use` alone is a door: it
//! stands after its parts, and a name that it passes on counts as the part's. Any other file stands
//! before its parts.

#![cfg(not(loom))]

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::HashMap;
use std::fs;
use std::path::Path;

const README: &str = include_str!("../README.md");

/// A module's name from the root of the crate: `runtime/task/join`; of the root itself: nothing.
type Name = String;

struct File {
    name: Name,
    tokens: Vec<TokenTree>,
    is_door: bool,
}

/// The crate's files in their order.
fn files() -> Vec<File> {
    let mut files = Vec::new();
    collect(Name::new(), &mut files);
    files
}

fn collect(name: Name, files: &mut Vec<File>) {
    let path = if name.is_empty() { "lib" } else { &name };
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src").join(format!("{path}.rs"));
    let source = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let tokens = source.parse::<TokenStream>().unwrap().into_iter().collect::<Vec<_>>();
    let parts = parts(&tokens).into_iter().map(|part| join(&name, &part)).collect::<Vec<_>>();
    // Everything but the lines of `mod` and `use` starts with one of these words.
    let code = ["fn", "struct", "enum", "impl", "trait", "const", "static", "macro_rules"];
    let is_door = !tokens.iter().any(|token| code.iter().any(|word| is(token, word)));
    let file = File { name, tokens, is_door };
    if is_door {
        parts.into_iter().for_each(|part| collect(part, files));
        files.push(file);
    } else {
        files.push(file);
        parts.into_iter().for_each(|part| collect(part, files));
    }
}

/// The modules that are files of their own, but for what only tests.
fn parts(tokens: &[TokenTree]) -> Vec<Name> {
    let mods = tokens.windows(3).filter(|next| is(&next[0], "mod") && is(&next[2], ";"));
    mods.map(|next| next[1].to_string())
        .filter(|name| name != "tests" && name != "models")
        .collect()
}

fn join(module: &str, part: &str) -> Name {
    if module.is_empty() { part.to_owned() } else { format!("{module}/{part}") }
}

fn is(token: &TokenTree, text: &str) -> bool {
    !matches!(token, TokenTree::Group(_)) && token.to_string() == text
}

/// All paths below `tokens` that start with `crate`, `super` or `self`, as their segments from the
/// root.
fn paths(module: &[String], tokens: &[TokenTree], found: &mut Vec<Vec<String>>) {
    let mut rest = tokens;
    while let Some((first, after)) = rest.split_first() {
        rest = after;
        if let [name, TokenTree::Group(inner), after @ ..] = rest
            && is(first, "mod")
        {
            if !is(name, "tests") {
                let inner = inner.stream().into_iter().collect::<Vec<_>>();
                paths(&[module, &[name.to_string()]].concat(), &inner, found);
            }
            rest = after;
        }
        if let TokenTree::Group(group) = first {
            let inner = group.stream().into_iter().collect::<Vec<_>>();
            // `pub(in …)` says who may name an item, and names nothing itself.
            if !inner.first().is_some_and(|first| is(first, "in")) {
                paths(module, &inner, found);
            }
        }
        let start = match &*first.to_string() {
            "crate" => Some(Vec::new()),
            "self" => Some(module.to_vec()),
            "super" => Some(module[..module.len().saturating_sub(1)].to_vec()),
            _ => None,
        };
        if let Some(start) = start.filter(|_| rest.first().is_some_and(|next| is(next, ":"))) {
            rest = tail(start, rest, found);
        }
    }
}

/// `::a::b` or `::a::{b, c::d}`, behind `path`; returns what follows it.
fn tail<'a>(
    mut path: Vec<String>,
    mut rest: &'a [TokenTree],
    found: &mut Vec<Vec<String>>,
) -> &'a [TokenTree] {
    while let [colon, second, next, after @ ..] = rest
        && is(colon, ":")
        && is(second, ":")
    {
        match next {
            TokenTree::Group(group) if group.delimiter() == Delimiter::Brace => {
                let inner = group.stream().into_iter().collect::<Vec<_>>();
                for tree in inner.split(|token| is(token, ",")).filter(|tree| !tree.is_empty()) {
                    let mut path = path.clone();
                    if !is(&tree[0], "self") {
                        path.push(tree[0].to_string());
                    }
                    tail(path, &tree[1..], found);
                }
                return after;
            }
            TokenTree::Ident(name) if *name == "super" => _ = path.pop(),
            TokenTree::Ident(name) => path.push(name.to_string()),
            _ => break, // `::<T>` or `::*`
        }
        rest = after;
    }
    found.push(path);
    rest
}

/// Returns what a file passes on: the last name of each of its `use` lines, and the path behind it.
fn passed_on(file: &File) -> HashMap<String, Vec<String>> {
    let module = segments(&file.name);
    let parts = parts(&file.tokens);
    let mut found = Vec::new();
    for line in file.tokens.split(|token| is(token, ";")) {
        let Some(start) = line.iter().position(|token| is(token, "use")) else { continue };
        let first = &line[start + 1];
        if parts.contains(&first.to_string()) {
            let path = [&module[..], &[first.to_string()]].concat();
            tail(path, &line[start + 2..], &mut found);
        } else {
            paths(&module, &line[start + 1..], &mut found);
        }
    }
    found.into_iter().filter_map(|path| Some((path.last()?.clone(), path))).collect()
}

fn segments(name: &str) -> Vec<String> {
    name.split('/').filter(|part| !part.is_empty()).map(String::from).collect()
}

/// The file in which what `path` names stands.
fn resolve(path: &[String], files: &HashMap<&str, &File>) -> Name {
    let depth =
        (0..=path.len()).rev().find(|n| files.contains_key(&*path[..*n].join("/"))).unwrap();
    let file = files[&*path[..depth].join("/")];
    let behind = path.get(depth).and_then(|name| passed_on(file).remove(name));
    match behind {
        Some(behind) if file.is_door => resolve(&behind, files),
        _ => file.name.clone(),
    }
}

#[test]
fn no_file_names_a_file_further_up() {
    let files = files();
    let by_name = files.iter().map(|file| (&*file.name, file)).collect::<HashMap<_, _>>();
    let place = |name: &str| files.iter().position(|file| file.name == name).unwrap();
    let mut edges = 0;
    let mut upward = Vec::new();
    for file in &files {
        let mut found = Vec::new();
        paths(&segments(&file.name), &file.tokens, &mut found);
        // A part is named without `crate`. A file that is no door stands before its parts.
        for line in file.tokens.split(|token| is(token, ";")).filter(|_| !file.is_door) {
            let first = line.iter().position(|token| is(token, "use")).map(|at| &line[at + 1..]);
            if let Some([first, rest @ ..]) = first
                && parts(&file.tokens).contains(&first.to_string())
            {
                tail([segments(&file.name), vec![first.to_string()]].concat(), rest, &mut found);
            }
        }
        for path in found {
            let named = resolve(&path, &by_name);
            edges += usize::from(named != file.name);
            if place(&named) > place(&file.name) {
                upward.push(format!(
                    "{} names {}, which is further up: {named}",
                    file.name,
                    path.join("::")
                ));
            }
        }
    }
    assert!(edges > 150, "the test reads the imports: {edges}");
    assert!(upward.is_empty(), "{upward:#?}");
}

#[test]
fn the_readme_lists_the_files_in_their_order() {
    let rows = README.lines().filter_map(|line| line.strip_prefix("| [`")?.split_once("`](src/"));
    let told = rows.map(|(name, rest)| {
        assert!(rest.starts_with(&format!("{name}.rs) |")), "{rest}");
        name.to_owned()
    });
    let there = files().into_iter().filter(|file| !file.is_door).map(|file| file.name);
    assert_eq!(told.collect::<Vec<_>>(), there.collect::<Vec<_>>());
}
