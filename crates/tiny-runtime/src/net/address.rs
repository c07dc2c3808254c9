//! Addresses: numbers are used as they are; a name costs a thread of the blocking pool.
//!
//! Tokio's counterpart: `tokio/src/net/addr.rs`.

use crate::task::spawn_blocking;
use std::io::{Error, ErrorKind, Result};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

/// An address for `bind`, `connect` and `send_to`. You cannot implement it.
///
/// The operating system looks up names, as in `"localhost:80"` and `("localhost", 80)`. That blocks, so a
/// thread of the runtime's blocking pool does it.
///
/// ```
/// use std::net::Ipv4Addr;
/// use tiny_runtime::net::TcpListener;
/// # tiny_runtime::runtime::Builder::new_current_thread().build()?.block_on(async {
/// TcpListener::bind("127.0.0.1:0").await?;
/// TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
/// TcpListener::bind("localhost:0").await?; // looked up
/// # std::io::Result::Ok(())
/// # })?;
/// # std::io::Result::Ok(())
/// ```
pub trait ToSocketAddrs: sealed::Sealed {}

mod sealed {
    pub trait Sealed {
        fn target(&self) -> Target;
    }

    pub enum Target {
        /// Apart from `Many`, so that `send_to` allocates nothing.
        One(std::net::SocketAddr),
        Many(Vec<std::net::SocketAddr>),
        Name(String),
    }
}

use sealed::{Sealed, Target};

/// Returns all addresses of `target`. There may be none.
pub(super) async fn resolve(
    target: impl ToSocketAddrs,
) -> Result<impl Iterator<Item = SocketAddr>> {
    let (one, many) = match target.target() {
        Target::One(address) => (Some(address), Vec::new()),
        Target::Many(addresses) => (None, addresses),
        Target::Name(name) => {
            let look_up = move || std::net::ToSocketAddrs::to_socket_addrs(&name);
            (None, spawn_blocking(look_up).await.map_err(Error::other)??.collect())
        }
    };
    Ok(one.into_iter().chain(many))
}

/// Tries `attempt` with each address until one succeeds.
pub(super) async fn first<T>(
    target: impl ToSocketAddrs,
    mut attempt: impl FnMut(SocketAddr) -> Result<T>,
) -> Result<T> {
    let mut last = none();
    for address in resolve(target).await? {
        match attempt(address) {
            Err(error) => last = error,
            done => return done,
        }
    }
    Err(last)
}

/// Returns the error for a target without addresses.
pub(super) fn none() -> Error {
    Error::new(ErrorKind::InvalidInput, "no address to try")
}

macro_rules! numbers {
    ($($type:ty),*) => {$(
        impl ToSocketAddrs for $type {}
        impl Sealed for $type {
            fn target(&self) -> Target {
                Target::One(SocketAddr::from(*self))
            }
        }
    )*};
}

numbers!(SocketAddr, SocketAddrV4, SocketAddrV6, (IpAddr, u16), (Ipv4Addr, u16), (Ipv6Addr, u16));

impl ToSocketAddrs for [SocketAddr] {}
impl Sealed for [SocketAddr] {
    fn target(&self) -> Target {
        Target::Many(self.to_vec())
    }
}

impl ToSocketAddrs for str {}
impl Sealed for str {
    fn target(&self) -> Target {
        self.parse().map_or_else(|_no_numbers| Target::Name(self.to_owned()), Target::One)
    }
}

impl ToSocketAddrs for String {}
impl Sealed for String {
    fn target(&self) -> Target {
        self.as_str().target()
    }
}

impl ToSocketAddrs for (&str, u16) {}
impl Sealed for (&str, u16) {
    fn target(&self) -> Target {
        let (host, port) = *self;
        match host.parse::<IpAddr>() {
            Ok(address) => (address, port).target(),
            Err(_no_numbers) => Target::Name(format!("{host}:{port}")),
        }
    }
}

impl<T: ToSocketAddrs + ?Sized> ToSocketAddrs for &T {}
impl<T: Sealed + ?Sized> Sealed for &T {
    fn target(&self) -> Target {
        T::target(self)
    }
}
