//! The operating system refuses a thread or a descriptor: an error, and no more.

#![cfg(target_os = "linux")] // takes descriptors and memory away with `setrlimit`

use super::rt::{self, net::TcpListener, runtime::Builder, runtime::Runtime};
use super::{LONG, one_thread, workers};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::net::TcpStream;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;
use utils::probe::in_child;

fn limit(resource: Resource, current: u64) {
    let limit = Rlimit { current: Some(current), ..getrlimit(resource) };
    setrlimit(resource, limit).unwrap();
}

/// Runs `work` without address space for another stack: threads can not be started.
fn without_threads<R>(work: impl FnOnce() -> R) -> R {
    let before = getrlimit(Resource::As);
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = pages.split(' ').next().unwrap().parse().unwrap();
    // A stack has 2 MiB; small allocations find room in 1 MiB.
    limit(Resource::As, pages * 4_096 + (1 << 20));
    let result = work();
    setrlimit(Resource::As, before).unwrap();
    result
}

fn works(runtime: &Runtime) {
    let task = rt::spawn_on(runtime, async {
        rt::time::sleep(Duration::from_millis(1)).await;
        rt::spawn_blocking(|| 42).await.unwrap()
    });
    assert_eq!(rt::block_on(runtime, task).unwrap(), 42);
}

/// Tokio panics where it could return the error. Neither aborts, and afterwards all is well.
#[test]
fn workers_that_cannot_be_started_are_an_error_of_build() {
    let ended = in_child(LONG, || {
        let refused = without_threads(|| {
            let build = || Builder::new_multi_thread().worker_threads(2).enable_all().build();
            match catch_unwind(AssertUnwindSafe(build)) {
                Ok(built) => built.map(drop).is_err(),
                Err(_panic) => rt::IS_TOKIO,
            }
        });
        assert!(refused);
        works(&workers(2));
    });
    assert!(ended.status.success() && !ended.hung, "{ended:#?}");
}

/// Without any thread the closure can not be run: that is said, and nothing else is harmed.
#[test]
fn a_pool_thread_that_cannot_be_started_is_no_abort() {
    let ended = in_child(LONG, || {
        let runtime = one_thread();
        let refused = without_threads(|| {
            let spawn = || rt::spawn_blocking_on(&runtime, || 1);
            match catch_unwind(AssertUnwindSafe(spawn)) {
                Ok(closure) => rt::block_on(&runtime, closure).is_err(),
                Err(_panic) => true,
            }
        });
        assert!(refused);
        works(&runtime);
    });
    assert!(ended.status.success() && !ended.hung, "{ended:#?}");
}

/// There is one thread, busy or idle: the closure waits for it.
#[test]
fn a_closure_waits_for_the_threads_that_there_are() {
    let ended = in_child(LONG, || {
        let runtime = one_thread();
        let (open, gate) = std::sync::mpsc::channel::<()>();
        let (started, start) = std::sync::mpsc::channel();
        let first = rt::spawn_blocking_on(&runtime, move || {
            started.send(()).unwrap();
            gate.recv().unwrap_err();
        });
        start.recv().unwrap();
        let second = without_threads(|| rt::spawn_blocking_on(&runtime, || 42));
        drop(open);
        rt::block_on(&runtime, first).unwrap();
        assert_eq!(rt::block_on(&runtime, second).unwrap(), 42);
        works(&runtime);
    });
    assert!(ended.status.success() && !ended.hung, "{ended:#?}");
}

/// `accept` says so. When descriptors are free again, the connection that waited is accepted.
#[test]
fn without_descriptors_accept_is_an_error_that_passes() {
    let ended = in_child(LONG, || {
        rt::block_on(&one_thread(), async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let peer = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let before = getrlimit(Resource::Nofile);
            // Descriptors are given out from the lowest: the next is the limit.
            let next = std::os::fd::AsRawFd::as_raw_fd(&peer.try_clone().unwrap());
            limit(Resource::Nofile, next as u64);
            let error = listener.accept().await.unwrap_err();
            assert_eq!(error.raw_os_error(), Some(24), "EMFILE");
            assert!(TcpListener::bind("127.0.0.1:0").await.is_err());
            assert!(rt::net::TcpStream::connect(peer.local_addr().unwrap()).await.is_err());
            setrlimit(Resource::Nofile, before).unwrap();
            let (_stream, address) = listener.accept().await.unwrap();
            assert_eq!(address, peer.local_addr().unwrap());
        });
    });
    assert!(ended.status.success() && !ended.hung, "{ended:#?}");
}

#[test]
fn without_descriptors_there_is_no_runtime_to_be_built() {
    let ended = in_child(LONG, || {
        let before = getrlimit(Resource::Nofile);
        limit(Resource::Nofile, 3);
        assert!(Builder::new_current_thread().enable_all().build().is_err());
        assert!(Builder::new_multi_thread().enable_all().build().is_err());
        setrlimit(Resource::Nofile, before).unwrap();
        works(&one_thread());
        works(&workers(2));
    });
    assert!(ended.status.success() && !ended.hung, "{ended:#?}");
}
