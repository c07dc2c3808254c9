//! The workspace as a site. Every page is made of what stands elsewhere: the data of the tour, the
//! programs, the READMEs, the recipes, the exercises. Here is only their order.

#![forbid(unsafe_code)]

mod links;
mod output;
mod pages;
mod readme;
mod recorded;
mod site;
mod source;

use output::Output;
pub use recorded::record;
use std::path::Path;
use tour::failure::Failure;

/// Writes the site of `workspace` into `output`.
///
/// # Errors
///
/// If `output` is a file, a folder with other things in it, or cannot be written: then nothing has
/// changed. If a file of the workspace cannot be read.
pub fn write(workspace: &Path, output: &Path) -> Result<(), Failure> {
    let output = Output::at(output)?;
    let pages = pages::all(workspace).map_err(Failure::unable)?;
    let built = site::build(workspace, &pages).map_err(Failure::unable)?;
    output.fill(&built.path().join(site::SITE))
}
