//! Guide FAQ Q1 — `#[tokio::main]` is a builder and a `block_on`, with `expect` instead of `unwrap`.

use std::future::ready;
use tokio::runtime::Builder;

/// Does what the macro makes of `async fn main() { … }`: the body first, then the runtime.
///
/// # Panics
///
/// If the machine has no more threads or file descriptors. Return the error of `build` instead
/// where a program can go on without.
pub fn main() {
    let body = async {
        println!("{}", ready("built by hand").await);
    };

    Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("Failed building the Runtime")
        .block_on(body);
}

#[cfg(test)]
mod tests {
    use std::panic::catch_unwind;
    use std::thread::available_parallelism;
    use tokio::runtime::{Handle, RuntimeFlavor};

    /// Both by the macro and by hand: flavor, workers, timers and sockets.
    async fn seen_from_inside() -> (RuntimeFlavor, usize, [bool; 2]) {
        let handle = Handle::current();
        let timers = catch_unwind(|| drop(tokio::time::sleep(Default::default())));
        let sockets = catch_unwind(|| {
            let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
            socket.set_nonblocking(true).unwrap();
            tokio::net::UdpSocket::from_std(socket).unwrap();
        });
        let drivers = [timers.is_ok(), sockets.is_ok()];
        (handle.runtime_flavor(), handle.metrics().num_workers(), drivers)
    }

    #[tokio::main]
    async fn by_the_macro() -> (RuntimeFlavor, usize, [bool; 2]) {
        seen_from_inside().await
    }

    fn by_hand() -> (RuntimeFlavor, usize, [bool; 2]) {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .expect("Failed building the Runtime")
            .block_on(seen_from_inside())
    }

    /// Proves G-Q1-2, D-0-6, D-5-2.
    #[test]
    fn both_build_the_same_runtime() {
        let workers = match std::env::var("TOKIO_WORKER_THREADS") {
            Ok(number) => number.parse().unwrap(),
            Err(_) => available_parallelism().unwrap().get(),
        };
        assert_eq!(by_hand(), (RuntimeFlavor::MultiThread, workers, [true; 2]));
        assert_eq!(by_the_macro(), by_hand());
    }

    /// A runtime takes a descriptor for its driver. With none left there is no runtime.
    #[cfg(target_os = "linux")] // takes the descriptors away with `setrlimit`
    /// Proves G-Q1-2.
    #[test]
    fn where_no_runtime_can_be_built_the_macro_panics_in_its_own_words() {
        use rustix::process::{Resource, getrlimit, setrlimit};

        let ended = utils::probe::in_child(std::time::Duration::from_secs(60), || {
            let limit = getrlimit(Resource::Nofile);
            setrlimit(Resource::Nofile, rustix::process::Rlimit { current: Some(3), ..limit })
                .unwrap();
            by_the_macro();
        });
        assert!(!ended.status.success(), "{ended:#?}");
        assert!(ended.stderr.contains("Failed building the Runtime: "), "{ended:#?}");
    }
}
