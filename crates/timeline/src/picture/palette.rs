//! The colours, for light and dark, and what has which.

/// A name, and its colour in light and in dark.
const COLOURS: [(&str, &str, &str); 11] = [
    ("paper", "#ffffff", "#0f141a"),
    ("shade", "#f3f5f8", "#171d25"),
    ("edge", "#d5dbe1", "#303842"),
    ("ink", "#1d2329", "#e4e9ee"),
    ("soft", "#57606a", "#9aa5b1"),
    ("line", "#8b96a3", "#76818d"),
    ("poll", "#2f6fdb", "#5b9bff"),
    ("ready", "#1a8a4a", "#43c67a"),
    ("wake", "#b45f06", "#f0a63c"),
    ("gone", "#c9302c", "#ff7b72"),
    ("found", "#a5259a", "#e67be0"),
];

/// The colour of each thing, in a picture of its own and on a page.
pub(crate) const RULES: &str = include_str!("plot.css");

/// The colours of a picture of its own: those of the reader's system.
pub(crate) fn standing_alone() -> String {
    let all = |of: fn(&(_, &str, &str)) -> String| -> String { COLOURS.iter().map(of).collect() };
    let light = all(|(name, light, _)| format!("--tl-{name}:{light};"));
    let dark = all(|(name, _, dark)| format!("--tl-{name}:{dark};"));
    format!("svg{{{light}}}@media(prefers-color-scheme:dark){{svg{{{dark}}}}}")
}

/// The colours on a page: those of its `color-scheme`.
pub(crate) fn following() -> String {
    let colour = |(name, light, dark): &_| format!("--tl-{name}:light-dark({light},{dark});");
    format!(".tl{{{}}}", COLOURS.iter().map(colour).collect::<String>())
}
