//! The bits for which a socket can be ready, and for which a task can wait.
//!
//! Tokio's counterpart: `tokio/src/io/{ready,interest}.rs`. There are also bits for errors and urgent data.

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
    /// The one that comes first. Only shared waiters have it.
    Either,
}

impl Direction {
    /// Returns the bits of this direction. A bit for writing stands one place left of that for reading.
    pub(crate) fn mask(self) -> u32 {
        let read = READABLE | READ_CLOSED;
        match self {
            Self::Read | Self::Write => read << self as u32,
            Self::Either => read | read << 1,
        }
    }
}

/// The direction to wait for. `Interest::READABLE | Interest::WRITABLE` waits for either.
///
/// ```
/// use tiny_runtime::io::Interest;
/// # use tiny_runtime::net::{TcpListener, TcpStream};
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let listener = TcpListener::bind("127.0.0.1:0").await?;
/// # let client = TcpStream::connect(listener.local_addr()?).await?;
/// let ready = client.ready(Interest::READABLE | Interest::WRITABLE).await?;
/// assert!(ready.is_writable());
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Interest(pub(crate) Direction);

impl Interest {
    /// Bytes, or the end of the stream. [`Interest`] has an example.
    pub const READABLE: Self = Self(Direction::Read);
    /// Room, or that the peer reads no more. [`Interest`] has an example.
    pub const WRITABLE: Self = Self(Direction::Write);

    /// Returns both, as `|` does.
    ///
    /// ```
    /// use tiny_runtime::io::Interest;
    /// const EITHER: Interest = Interest::READABLE.add(Interest::WRITABLE);
    /// assert_eq!(EITHER, Interest::READABLE | Interest::WRITABLE);
    /// ```
    #[must_use]
    pub const fn add(self, other: Self) -> Self {
        match (self.0, other.0) {
            (Direction::Read, Direction::Read) | (Direction::Write, Direction::Write) => self,
            _ => Self(Direction::Either),
        }
    }

    /// Returns whether it waits for bytes.
    ///
    /// ```
    /// use tiny_runtime::io::Interest;
    /// assert!(Interest::READABLE.is_readable() && !Interest::WRITABLE.is_readable());
    /// ```
    pub const fn is_readable(self) -> bool {
        !matches!(self.0, Direction::Write)
    }

    /// Returns whether it waits for room.
    ///
    /// ```
    /// use tiny_runtime::io::Interest;
    /// assert!(Interest::WRITABLE.is_writable() && !Interest::READABLE.is_writable());
    /// ```
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

/// The directions for which a socket was reported ready. Only a try says whether it still is.
///
/// ```
/// use tiny_runtime::io::{Interest, Ready};
/// # use tiny_runtime::net::{TcpListener, TcpStream};
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// # let listener = TcpListener::bind("127.0.0.1:0").await?;
/// # let mut client = TcpStream::connect(listener.local_addr()?).await?;
/// # let (mut server, _) = listener.accept().await?;
/// drop(client);
/// let ready = server.ready(Interest::READABLE).await?;
/// assert!(ready.is_readable()); // the end of the stream can be read
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Ready(pub(crate) u32);

impl Ready {
    /// Nothing. [`Ready`] has an example.
    pub const EMPTY: Self = Self(0);
    /// Bytes are there. [`Ready`] has an example.
    pub const READABLE: Self = Self(READABLE);
    /// There is room for bytes. [`Ready`] has an example.
    pub const WRITABLE: Self = Self(WRITABLE);
    /// The peer sends no more. [`Ready`] has an example.
    pub const READ_CLOSED: Self = Self(READ_CLOSED);
    /// The peer reads no more. [`Ready`] has an example.
    pub const WRITE_CLOSED: Self = Self(WRITE_CLOSED);

    /// Returns whether it is ready for nothing.
    ///
    /// ```
    /// use tiny_runtime::io::Ready;
    /// assert!(Ready::EMPTY.is_empty() && !Ready::READABLE.is_empty());
    /// ```
    pub fn is_empty(self) -> bool {
        self == Self::EMPTY
    }

    /// Returns whether a read is worth a try: it finds bytes, or the end of the stream.
    ///
    /// ```
    /// use tiny_runtime::io::Ready;
    /// assert!(Ready::READABLE.is_readable() && Ready::READ_CLOSED.is_readable());
    /// ```
    pub fn is_readable(self) -> bool {
        self.0 & Direction::Read.mask() != 0
    }

    /// Returns whether a write is worth a try: it finds room, or an error.
    ///
    /// ```
    /// use tiny_runtime::io::Ready;
    /// assert!(Ready::WRITABLE.is_writable() && Ready::WRITE_CLOSED.is_writable());
    /// ```
    pub fn is_writable(self) -> bool {
        self.0 & Direction::Write.mask() != 0
    }

    /// Returns whether the peer sends no more.
    ///
    /// ```
    /// use tiny_runtime::io::Ready;
    /// assert!((Ready::READABLE | Ready::READ_CLOSED).is_read_closed());
    /// ```
    pub fn is_read_closed(self) -> bool {
        self.0 & READ_CLOSED != 0
    }

    /// Returns whether the peer reads no more.
    ///
    /// ```
    /// use tiny_runtime::io::Ready;
    /// assert!((Ready::WRITABLE | Ready::WRITE_CLOSED).is_write_closed());
    /// ```
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
