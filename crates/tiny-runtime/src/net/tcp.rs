//! TCP: connections and their halves.

pub(super) mod stream;
mod split;
mod halves;
mod reunite;

pub use reunite::ReuniteError;
pub use split::{OwnedReadHalf, OwnedWriteHalf, ReadHalf, WriteHalf};
