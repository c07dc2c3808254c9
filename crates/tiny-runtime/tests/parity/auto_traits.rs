//! Which auto traits a type has is part of its interface: each type that both runtimes have has the
//! same here as on Tokio, but for those that are listed with their reason.

use std::cell::Cell;
use std::future::{Pending, Ready};
use std::marker::PhantomPinned;
use std::rc::Rc;
use std::sync::MutexGuard;

/// Whether a type has a trait: the inherent constant exists only then, and comes first.
macro_rules! has {
    ($type:ty: $bound:path) => {{
        #[allow(dead_code, reason = "one of the two is used")]
        trait Otherwise {
            const HAS: bool = false;
        }
        impl<T: ?Sized> Otherwise for T {}
        #[allow(dead_code, reason = "one of the two is used")]
        struct Is<T: ?Sized>(std::marker::PhantomData<T>);
        #[allow(dead_code, reason = "one of the two is used")]
        impl<T: ?Sized + $bound> Is<T> {
            const HAS: bool = true;
        }
        <Is<$type>>::HAS
    }};
}

/// `Send`, `Sync`, `Unpin`, `UnwindSafe`, `RefUnwindSafe`, as far as the type has them.
macro_rules! traits {
    ($type:ty) => {
        names([
            has!($type: Send),
            has!($type: Sync),
            has!($type: Unpin),
            has!($type: std::panic::UnwindSafe),
            has!($type: std::panic::RefUnwindSafe),
        ])
    };
}

/// A type's name, without its crate, and its traits.
macro_rules! row {
    ($type:ty) => {
        (without_its_crate(stringify!($type)), traits!($type))
    };
}

const ALL: [&str; 5] = ["Send", "Sync", "Unpin", "UnwindSafe", "RefUnwindSafe"];

// Not in the macros, which would be built once for each type.
fn names(has: [bool; 5]) -> Vec<&'static str> {
    ALL.into_iter().zip(has).filter_map(|(name, has)| has.then_some(name)).collect()
}

fn without_its_crate(name: &str) -> String {
    name.replace(' ', "").split_once("::").unwrap().1.to_owned()
}

const UNWIND: &[&str] = &["UnwindSafe", "RefUnwindSafe"];

/// Where tiny-runtime has more. A `Sleep` points to nothing, and so may be moved; and there are no
/// hooks of the user's in a builder, no payload without a lock in an error, and no list with pointers
/// in a set.
const MORE: [(&str, &[&str]); 11] = [
    ("time::Sleep", &["Unpin"]),
    ("time::Timeout<Ready<u8>>", &["Unpin"]),
    ("time::Timeout<Pending<Rc<()>>>", &["Unpin"]),
    ("runtime::Builder", UNWIND),
    ("runtime::EnterGuard<'static>", UNWIND),
    ("task::JoinError", UNWIND),
    ("task::JoinSet<u8>", UNWIND),
    ("task::JoinSet<Rc<()>>", UNWIND),
    ("task::JoinSet<Cell<u8>>", UNWIND),
    ("task::JoinSet<PhantomPinned>", UNWIND),
    ("task::JoinSet<&'staticmutu8>", UNWIND),
];

/// Not `Send`; neither `Sync`; neither `UnwindSafe`; not `Unpin`.
type Local = Pending<Rc<()>>;
type Unsynced = Pending<Cell<u8>>;

/// Each type that both have.
macro_rules! types {
    ($rt:ident) => {
        [
            row!($rt::runtime::Builder),
            row!($rt::runtime::EnterGuard<'static>),
            row!($rt::runtime::Handle),
            row!($rt::runtime::LocalOptions),
            row!($rt::runtime::LocalRuntime),
            row!($rt::runtime::Runtime),
            row!($rt::runtime::RuntimeMetrics),
            row!($rt::runtime::TryCurrentError),
            row!($rt::task::AbortHandle),
            row!($rt::task::JoinError),
            row!($rt::task::JoinHandle<u8>),
            row!($rt::task::JoinHandle<Rc<()>>),
            row!($rt::task::JoinHandle<Cell<u8>>),
            row!($rt::task::JoinHandle<MutexGuard<'static, u8>>),
            row!($rt::task::JoinHandle<PhantomPinned>),
            row!($rt::task::JoinHandle<&'static mut u8>),
            row!($rt::task::JoinSet<u8>),
            row!($rt::task::JoinSet<Rc<()>>),
            row!($rt::task::JoinSet<Cell<u8>>),
            row!($rt::task::JoinSet<PhantomPinned>),
            row!($rt::task::JoinSet<&'static mut u8>),
            row!($rt::task::coop::Coop<Ready<u8>>),
            row!($rt::task::coop::Coop<Local>),
            row!($rt::task::coop::Coop<Unsynced>),
            row!($rt::task::coop::Unconstrained<Ready<u8>>),
            row!($rt::task::coop::Unconstrained<Local>),
            row!($rt::task::coop::Unconstrained<Unsynced>),
            row!($rt::time::Instant),
            row!($rt::time::Interval),
            row!($rt::time::MissedTickBehavior),
            row!($rt::time::Sleep),
            row!($rt::time::Timeout<Ready<u8>>),
            row!($rt::time::Timeout<Pending<Rc<()>>>),
            row!($rt::time::error::Elapsed),
            row!($rt::io::Interest),
            row!($rt::io::Ready),
            row!($rt::net::TcpListener),
            row!($rt::net::TcpStream),
            row!($rt::net::UdpSocket),
            row!($rt::net::tcp::OwnedReadHalf),
            row!($rt::net::tcp::OwnedWriteHalf),
            row!($rt::net::tcp::ReadHalf<'static>),
            row!($rt::net::tcp::ReuniteError),
            row!($rt::net::tcp::WriteHalf<'static>),
        ]
    };
}

#[test]
fn each_type_has_the_auto_traits_that_it_has_on_tokio() {
    let mut wrong = Vec::new();
    for ((name, tokio), (same, tiny)) in types!(tokio).into_iter().zip(types!(tiny_runtime)) {
        assert_eq!(name, same);
        let more = MORE.iter().find(|(different, _)| *different == name);
        let expected =
            |has: &&str| tokio.contains(has) || more.is_some_and(|(_, m)| m.contains(has));
        if tiny != ALL.into_iter().filter(expected).collect::<Vec<_>>() {
            wrong.push(format!("{name}: {tokio:?} on Tokio, {tiny:?} on tiny-runtime"));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// The probe itself.
#[test]
fn what_a_type_has_is_seen() {
    assert_eq!(traits!(u8), ALL);
    assert_eq!(traits!(Rc<Cell<u8>>), ["Unpin"]);
    assert_eq!(traits!(PhantomPinned), ["Send", "Sync", "UnwindSafe", "RefUnwindSafe"]);
    assert_eq!(traits!(Cell<u8>), ["Send", "Unpin", "UnwindSafe"]);
}
