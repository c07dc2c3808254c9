#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod assemble;
#[cfg(feature = "files")]
pub mod chrome;
mod collect;
mod draw;
mod error;
mod findings;
#[cfg(feature = "files")]
pub mod html;
pub mod model;
mod named;
mod text;
#[cfg(feature = "files")]
mod picture;
#[cfg(feature = "files")]
mod shifts;
#[cfg(feature = "files")]
pub mod svg;

pub use collect::{Recorder, Runtime};
pub use draw::{draw, record};
pub use error::Error;
pub use findings::Thresholds;
pub use model::Timeline;
pub use named::{Named, named};
pub use text::Drawing;
