//! `--lang`, which every command takes.

use clap::Arg;
use clap::builder::PossibleValuesParser;
use tour::Language;

/// `Language::taken` has taken it out if it is right: this is for the help, and for what is wrong.
pub fn option() -> Arg {
    Arg::new("lang")
        .long("lang")
        .value_name("LANG")
        .global(true)
        .value_parser(PossibleValuesParser::new(Language::NAMES))
        .help("The language; by default that of the locale")
}
