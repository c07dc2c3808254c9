//! What a Tokio program did, poll by poll, drawn.

pub mod model;

pub use model::Timeline;
