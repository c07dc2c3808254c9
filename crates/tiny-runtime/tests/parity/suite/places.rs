//! A panic that is the caller's fault names the caller's line.

use super::rt::{self, net, runtime::Builder, task, time};
use super::{local, one_thread, workers};
use std::cell::Cell;
use std::future::{pending, ready};
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::sync::Once;
use std::time::Duration;

type Place = (String, u32);

thread_local! {
    static PLACE: Cell<Option<Place>> = const { Cell::new(None) };
}

/// Where `work` panics.
fn place_of<T>(work: impl FnOnce() -> T) -> Option<Place> {
    let mut work = Some(work);
    place_of_call(&mut || drop(work.take().expect("called once")()))
}

fn place_of_call(work: &mut dyn FnMut()) -> Option<Place> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let place = info.location().map(|place| (place.file().to_owned(), place.line()));
            PLACE.set(place);
            before(info);
        }));
    });
    PLACE.set(None);
    let panicked = catch_unwind(AssertUnwindSafe(work)).is_err();
    PLACE.take().filter(|_| panicked)
}

/// On one line: that of the macro is then that of the call.
macro_rules! assert_here {
    ($work:expr) => {
        assert_eq!(
            place_of(|| $work),
            Some((file!().to_owned(), line!())),
            "{}",
            stringify!($work)
        );
    };
}

/// As above, where Tokio names a line of its own.
macro_rules! assert_here_at_last {
    ($work:expr) => {
        let place = place_of(|| $work).expect(stringify!($work));
        assert_eq!(place == (file!().to_owned(), line!()), !rt::IS_TOKIO, "{}", stringify!($work));
    };
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn outside_of_a_runtime() {
    let (now, never) = (time::Instant::now(), pending::<()>);
    let mut set = task::JoinSet::new();
    assert_here!(rt::runtime::Handle::current());
    assert_here!(rt::spawn(async {}));
    assert_here!(task::spawn_blocking(|| ()));
    assert_here!(task::spawn_local(async {}));
    assert_here!(set.spawn(async {}));
    assert_here!(set.spawn_blocking(|| ()));
    assert_here!(set.spawn_local(async {}));
    assert_here!(time::sleep(SECOND));
    assert_here!(time::sleep_until(now));
    assert_here!(time::timeout(SECOND, never()));
    assert_here!(time::timeout_at(now, never()));
    assert_here_at_last!(time::interval(SECOND));
    assert_here_at_last!(time::interval_at(now, SECOND));
    assert_here!(time::pause());
    assert_here!(time::resume());
    let socket = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.set_nonblocking(true).unwrap();
    assert_here!(net::UdpSocket::from_std(socket));
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let stream = std::net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    listener.set_nonblocking(true).unwrap();
    stream.set_nonblocking(true).unwrap();
    assert_here!(net::TcpListener::from_std(listener));
    assert_here!(net::TcpStream::from_std(stream));
}

#[test]
fn inside_of_a_runtime() {
    let (one, many, here) = (one_thread(), workers(1), local());
    one.block_on(async {
        assert_here!(one.block_on(ready(())));
        assert_here_at_last!(many.block_on(ready(())));
        assert_here!(here.block_on(ready(())));
        assert_here!(one.handle().block_on(ready(())));
        assert_here!(task::block_in_place(|| ()));
        assert_here_at_last!(task::spawn_local(async {}));
        assert_here!(time::resume());
        assert_here!(time::interval(Duration::ZERO));
        let cancelled = rt::spawn(pending::<()>());
        cancelled.abort();
        let error = cancelled.await.unwrap_err();
        assert_here!(error.into_panic());
        time::pause();
        assert_here!(time::pause());
    });
    many.block_on(async {
        assert_here!(time::pause());
    });
}

/// Large futures and closures take another way.
#[test]
fn with_a_large_future() {
    let large = [0_u8; 1 << 15];
    let future = || async move { large.len() };
    let mut set = task::JoinSet::new();
    assert_here!(rt::spawn(future()));
    assert_here!(set.spawn(future()));
    assert_here!(task::spawn_local(future()));
    assert_here!(task::spawn_blocking(move || large.len()));
    let (one, many, here) = (one_thread(), workers(1), local());
    one.block_on(async {
        assert_here!(one.block_on(future()));
        assert_here_at_last!(many.block_on(future()));
        assert_here!(here.block_on(future()));
        assert_here!(one.handle().block_on(future()));
    });
}

#[test]
fn of_a_builder() {
    let mut builder = Builder::new_multi_thread();
    assert_here!(builder.worker_threads(0));
    assert_here!(builder.max_blocking_threads(0));
    assert_here!(builder.event_interval(0));
    assert_here!(builder.global_queue_interval(0));
}

/// And its next runtime is what it would have been.
#[test]
fn a_multi_thread_builder_builds_no_local_runtime() {
    let mut builder = Builder::new_multi_thread();
    builder.worker_threads(3);
    assert_here_at_last!(builder.build_local(Default::default()));
    assert_eq!(builder.build().unwrap().metrics().num_workers(), 3);
}
