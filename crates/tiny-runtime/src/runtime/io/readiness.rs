//! What a socket can be ready for, in bits, and what one can wait for.
//!
//! Tokio's counterpart: `tokio/src/io/{ready,interest}.rs`. There also errors and urgent data.

use std::fmt;
use std::ops::BitOr;

pub(crate) const READABLE: u32 = 1;
pub(crate) const WRITABLE: u32 = 1 << 1;
/// The peer will send no more: a read returns what is left, then 0, and never `WouldBlock`.
pub(crate) const READ_CLOSED: u32 = 1 << 2;
/// A write fails, and never with `WouldBlock`.
pub(crate) const WRITE_CLOSED: u32 = 1 << 3;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    Read,
    Write,
    /// Whichever comes first. For shared waiters alone.
    Either,
}

impl Direction {
    /// A bit for writing stands to the left of the same for reading.
    pub(crate) fn mask(self) -> u32 {
        let read = READABLE | READ_CLOSED;
        match self {
            Self::Read | Self::Write => read << self as u32,
            Self::Either => read | read << 1,
        }
    }
}

/// What to wait for: `Interest::READABLE | Interest::WRITABLE` is whichever comes first.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Interest(pub(crate) Direction);

impl Interest {
    /// Bytes, or the end of what the peer sends.
    pub const READABLE: Self = Self(Direction::Read);
    /// Room, or that nobody reads any more.
    pub const WRITABLE: Self = Self(Direction::Write);

    /// Both, as `|`.
    #[must_use]
    pub const fn add(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Direction::Read, Direction::Read) | (Direction::Write, Direction::Write) => self,
            _ => Self(Direction::Either),
        }
    }

    /// Whether it waits for bytes.
    pub const fn is_readable(self) -> bool {
        !matches!(self.0, Direction::Write)
    }

    /// Whether it waits for room.
    pub const fn is_writable(self) -> bool {
        !matches!(self.0, Direction::Read)
    }
}

impl BitOr for Interest {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        self.add(other)
    }
}

impl fmt::Debug for Interest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Direction::Read => "READABLE",
            Direction::Write => "WRITABLE",
            Direction::Either => "READABLE | WRITABLE",
        })
    }
}

/// What a socket is ready for. Only a try tells whether it still is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ready(pub(crate) u32);

impl Ready {
    /// Nothing.
    pub const EMPTY: Self = Self(0);
    /// Bytes are there.
    pub const READABLE: Self = Self(READABLE);
    /// There is room for bytes.
    pub const WRITABLE: Self = Self(WRITABLE);
    /// The peer sends no more.
    pub const READ_CLOSED: Self = Self(READ_CLOSED);
    /// Nobody reads what is written.
    pub const WRITE_CLOSED: Self = Self(WRITE_CLOSED);

    /// Whether it is ready for nothing.
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// Whether a read is worth trying: bytes, or their end.
    pub fn is_readable(self) -> bool {
        self.0 & Direction::Read.mask() != 0
    }

    /// Whether a write is worth trying: room, or that nobody reads any more.
    pub fn is_writable(self) -> bool {
        self.0 & Direction::Write.mask() != 0
    }

    /// Whether the peer sends no more.
    pub fn is_read_closed(self) -> bool {
        self.0 & READ_CLOSED != 0
    }

    /// Whether nobody reads what is written.
    pub fn is_write_closed(self) -> bool {
        self.0 & WRITE_CLOSED != 0
    }
}

impl BitOr for Ready {
    type Output = Self;
    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ready")
            .field("is_readable", &self.is_readable())
            .field("is_writable", &self.is_writable())
            .field("is_read_closed", &self.is_read_closed())
            .field("is_write_closed", &self.is_write_closed())
            .finish()
    }
}
