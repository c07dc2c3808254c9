//! The runtimes, one a file, and what a program has to depend on to have each.

mod async_std;
#[cfg(feature = "embassy")]
mod embassy;
#[cfg(all(feature = "glommio", target_os = "linux"))]
mod glommio;
mod smol;
mod tiny_runtime;
mod tokio;

use crate::program::whole;
use crate::runtime::Runtime;

pub struct Contender {
    pub name: &'static str,
    /// One line: what the reader should know before they compare it.
    pub about: &'static str,
    /// The lines below `[dependencies]` of a program that uses nothing else. `$TINY_RUNTIME` is a folder.
    pub needs: &'static str,
    pub how: How,
}

/// The way in which its program comes into this build.
#[derive(Clone, Copy)]
pub enum How {
    Built(fn() -> Result<(), String>),
    /// Why not.
    Left(&'static str),
    /// `elsewhere/one_program.go`, if this machine has Go.
    Go,
}

/// Tokio first: the others are compared with it.
pub const ALL: [Contender; 8] = [
    Contender {
        name: "tokio",
        about: "a worker for each core; they steal from each other",
        needs: r#"tokio = { version = "1", features = ["io-util", "net", "rt-multi-thread", "time"] }"#,
        how: How::Built(|| tokio::Tokio::<true>::run(whole::<tokio::Tokio<true>>())),
    },
    Contender {
        name: "tokio-1",
        about: "Tokio's flavor current_thread: all tasks on the caller's thread",
        needs: r#"tokio = { version = "1", features = ["io-util", "net", "rt", "time"] }"#,
        how: How::Built(|| tokio::Tokio::<false>::run(whole::<tokio::Tokio<false>>())),
    },
    Contender {
        name: "async-std",
        about: "unmaintained (RUSTSEC-2025-0052); the documents name it",
        needs: r#"async-std = "1""#,
        how: How::Built(|| async_std::AsyncStd::run(whole::<async_std::AsyncStd>())),
    },
    Contender {
        name: "smol",
        about: "its global executor: one thread, unless SMOL_THREADS asks for more",
        needs: r#"smol = "2""#,
        how: How::Built(|| smol::Smol::run(whole::<smol::Smol>())),
    },
    Contender {
        name: "embassy",
        about: "for chips, here on std: one thread, no sockets, no task is freed",
        needs: "embassy-executor = { version = \"0.10\", features = [\"executor-thread\", \"platform-std\"] }\n\
                embassy-time = { version = \"0.5\", features = [\"std\"] }",
        how: EMBASSY,
    },
    Contender {
        name: "glommio",
        about: "a runtime for each core, on io_uring, Linux only: this is one",
        needs: r#"glommio = "0.9""#,
        how: GLOMMIO,
    },
    Contender {
        name: "tiny-runtime",
        about: "the runtime of this workspace: a worker for each core; they steal",
        needs: "tiny-runtime = { path = '$TINY_RUNTIME' }",
        how: How::Built(|| tiny_runtime::TinyRuntime::run(whole::<tiny_runtime::TinyRuntime>())),
    },
    Contender {
        name: "go",
        about: "the same program in Go: another language, another compiler",
        needs: "",
        how: How::Go,
    },
];

#[cfg(feature = "embassy")]
const EMBASSY: How =
    How::Built(|| embassy::Embassy::run(crate::program::without_sockets::<embassy::Embassy>()));
#[cfg(not(feature = "embassy"))]
const EMBASSY: How = How::Left("it is not in this build: --features embassy");

#[cfg(all(feature = "glommio", target_os = "linux"))]
const GLOMMIO: How = How::Built(|| glommio::Glommio::run(whole::<glommio::Glommio>()));
#[cfg(not(target_os = "linux"))]
const GLOMMIO: How = How::Left("it needs Linux");
#[cfg(all(not(feature = "glommio"), target_os = "linux"))]
const GLOMMIO: How = How::Left("it is not in this build: --features glommio");
