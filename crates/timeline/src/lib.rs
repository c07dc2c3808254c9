#![doc = include_str!("../README.md")]
#![forbid(unsafe_code)]

mod assemble;
pub mod chrome;
mod collect;
mod draw;
mod error;
mod findings;
pub mod html;
pub mod model;
mod named;
mod text;
mod picture;
mod shifts;
pub mod svg;

pub use collect::{Recorder, Runtime};
pub use draw::{draw, record};
pub use error::Error;
pub use findings::Thresholds;
pub use model::Timeline;
pub use named::{Named, named};
pub use text::Drawing;
