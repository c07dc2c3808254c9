//! The facts of this workspace, read once, for whatever shows, writes or checks them.

#![forbid(unsafe_code)]

mod beside;
pub mod data;
pub mod failure;
mod header;
pub mod language;
pub mod module_name;
pub mod near;
pub mod text;
pub mod visible;

pub use beside::beside;
pub use header::header;
pub use language::{Language, Text};
