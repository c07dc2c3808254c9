//! Call an async client from synchronous code, over a runtime that the facade owns.
//!
//! A call inside a runtime is an error instead of a panic, the facade may be dropped in async code,
//! and background tasks of the client go on between the calls.
//!
//! ```
//! # use recipes::sync_facade::{Facade, InsideRuntime};
//! struct Client;
//!
//! impl Client {
//!     async fn connect() -> Result<Self, std::io::Error> {
//!         Ok(Self)
//!     }
//!
//!     async fn user(&self, id: u64) -> String {
//!         tokio::time::sleep(std::time::Duration::from_millis(10)).await;
//!         format!("user {id}")
//!     }
//! }
//!
//! /// What the synchronous callers see.
//! struct BlockingClient(Facade<Client>);
//!
//! impl BlockingClient {
//!     fn user(&self, id: u64) -> Result<String, InsideRuntime> {
//!         self.0.call(async |client| client.user(id).await)
//!     }
//! }
//!
//! let client = BlockingClient(Facade::start(Client::connect).unwrap());
//! assert_eq!(client.user(1).unwrap(), "user 1");
//! ```

#![allow(dead_code, reason = "a package rarely needs all of it")]

use std::io;
use thiserror::Error;
use tokio::runtime::{Builder, Handle, Runtime};

/// An async client, and the runtime that its calls run on. Threads may share it.
#[derive(Debug)]
pub struct Facade<C> {
    // Dropped before the runtime, which it may need for its goodbye.
    client: C,
    runtime: Owned,
}

/// The caller is inside a runtime, whose thread a synchronous call would block. Await the async
/// client.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("a synchronous call in an async runtime: await the async client instead")]
pub struct InsideRuntime;

/// Why there is no facade.
#[derive(Debug, Error)]
pub enum StartError<E> {
    /// The caller is inside a runtime.
    #[error(transparent)]
    InsideRuntime(#[from] InsideRuntime),
    /// The system refuses a thread or a file descriptor.
    #[error("the runtime cannot start")]
    Runtime(#[source] io::Error),
    /// The client could not be made.
    #[error(transparent)]
    Client(E),
}

impl<C> Facade<C> {
    /// Starts a runtime with one worker, and makes the client inside it, as many clients require.
    ///
    /// The worker runs background tasks between the calls. A `current_thread` runtime would not,
    /// and nobody would close an idle connection.
    ///
    /// # Errors
    ///
    /// [`StartError`]. A panic of `make` is passed on.
    pub fn start<E>(make: impl AsyncFnOnce() -> Result<C, E>) -> Result<Self, StartError<E>> {
        outside()?;
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build();
        let runtime = Owned(Some(runtime.map_err(StartError::Runtime)?));
        let client = runtime.handle().block_on(make()).map_err(StartError::Client)?;
        Ok(Self { client, runtime })
    }

    /// Runs `call` and blocks this thread until it ends. Calls of several threads run at the same
    /// time.
    ///
    /// # Errors
    ///
    /// [`InsideRuntime`] on a thread that has entered a runtime, also in `spawn_blocking`, where
    /// `Handle::current().block_on` runs the async client itself. `call` has not run then.
    ///
    /// # Panics
    ///
    /// If `call` does. The facade stays usable.
    pub fn call<T>(&self, call: impl AsyncFnOnce(&C) -> T) -> Result<T, InsideRuntime> {
        outside()?;
        Ok(self.runtime.handle().block_on(call(&self.client)))
    }

    /// Returns the async client, for async callers. Its timers and sockets need the runtime of the
    /// facade, so the facade must outlive them.
    pub fn client(&self) -> &C {
        &self.client
    }
}

fn outside() -> Result<(), InsideRuntime> {
    // Stricter than necessary: Tokio tells whether there is a runtime, not whether blocking is
    // allowed.
    if Handle::try_current().is_ok() { Err(InsideRuntime) } else { Ok(()) }
}

/// `None` only while it is dropped.
#[derive(Debug)]
struct Owned(Option<Runtime>);

impl Owned {
    fn handle(&self) -> &Handle {
        self.0.as_ref().expect("it lives until the drop").handle()
    }
}

impl Drop for Owned {
    /// Dropping a `Runtime` blocks, and panics in async code. This does neither. No call is
    /// running, because each borrows the facade. Background tasks of the client are dropped.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::future::pending;
    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::mpsc::channel;
    use std::thread;
    use tokio::sync::{Barrier, oneshot};
    use tokio::task::{block_in_place, spawn_blocking};

    fn facade() -> Facade<u64> {
        Facade::start(async || Ok::<_, Infallible>(6)).unwrap()
    }

    async fn times_seven(number: &u64) -> u64 {
        tokio::task::yield_now().await;
        number * 7
    }

    #[test]
    fn a_thread_without_a_runtime_gets_its_answer() {
        assert_eq!(facade().call(times_seven).unwrap(), 42);
        assert_eq!(*facade().client(), 6);
    }

    #[test]
    fn the_client_is_made_in_the_runtime_and_its_error_is_returned() {
        let start = || Facade::start(async || Err::<(), _>(Handle::try_current().is_ok()));
        assert!(matches!(start(), Err(StartError::Client(true))));
        let refused = async || Err::<(), _>(io::Error::from(io::ErrorKind::ConnectionRefused));
        assert_eq!(Facade::start(refused).unwrap_err().to_string(), "connection refused");
    }

    /// Two calls that wait for each other end only if both run at once.
    #[test]
    fn calls_of_several_threads_run_at_once() {
        let (facade, both) = (facade(), Barrier::new(2));
        let meet = || facade.call(async |_| both.wait().await.is_leader()).unwrap();
        thread::scope(|scope| {
            let other = scope.spawn(meet);
            assert!(meet() != other.join().unwrap());
        });
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn inside_a_runtime_each_call_is_an_error_and_has_not_run() {
        let facade = thread::spawn(facade).join().unwrap();
        let never = async |_: &u64| panic!("it runs");
        assert_eq!(facade.call(never), Err(InsideRuntime));
        assert_eq!(block_in_place(|| facade.call(never)), Err(InsideRuntime));
        let facade = spawn_blocking(move || {
            assert_eq!(facade.call(never), Err(InsideRuntime));
            facade
        });
        assert_eq!(times_seven(facade.await.unwrap().client()).await, 42);
        let start = Facade::start(async || Ok::<_, Infallible>(()));
        assert!(matches!(start, Err(StartError::InsideRuntime(InsideRuntime))));
    }

    #[test]
    fn a_panic_of_a_call_is_passed_on_and_the_facade_goes_on() {
        let facade = facade();
        let call = || facade.call(async |_: &u64| panic!("on purpose"));
        let panic = catch_unwind(AssertUnwindSafe(call)).unwrap_err();
        assert_eq!(*panic.downcast::<&str>().unwrap(), "on purpose");
        assert_eq!(facade.call(times_seven).unwrap(), 42);
    }

    #[test]
    fn dropped_in_async_code_it_does_not_panic_and_ends_its_tasks() {
        let facade = facade();
        let (guard, ended) = oneshot::channel::<()>();
        let spawn = async |_: &u64| {
            tokio::spawn(async move {
                let _guard = guard;
                pending::<()>().await;
            });
        };
        facade.call(spawn).unwrap();
        let runtime = Builder::new_current_thread().build().unwrap();
        runtime.block_on(async { drop(facade) });
        // The guard went without a message: its task has been dropped.
        runtime.block_on(ended).unwrap_err();
    }

    #[test]
    fn a_task_that_the_client_spawned_goes_on_between_the_calls() {
        let (facade, (send, receive)) = (facade(), channel());
        let spawn = async |_: &u64| {
            tokio::spawn(async move {
                for number in 0..100 {
                    tokio::task::yield_now().await;
                    send.send(number).unwrap();
                }
            });
        };
        facade.call(spawn).unwrap();
        assert_eq!(receive.iter().take(100).last(), Some(99));
    }

    #[test]
    fn the_client_is_dropped_before_its_runtime() {
        struct Goodbye(Handle, Option<oneshot::Sender<bool>>);
        impl Drop for Goodbye {
            fn drop(&mut self) {
                // A task that is spawned after the end is cancelled.
                let said = self.0.block_on(self.0.spawn(async {})).is_ok();
                self.1.take().unwrap().send(said).unwrap();
            }
        }
        let (goodbye, said) = oneshot::channel();
        let make = async || Ok::<_, Infallible>(Goodbye(Handle::current(), Some(goodbye)));
        drop(Facade::start(make).unwrap());
        assert!(said.blocking_recv().unwrap());
    }
}
