//! What a Tokio program did, poll by poll, drawn.

mod assemble;
mod collect;
mod draw;
mod error;
pub mod model;
mod named;

pub use collect::Recorder;
pub use draw::record;
pub use error::Error;
pub use model::Timeline;
pub use named::{Named, named};
