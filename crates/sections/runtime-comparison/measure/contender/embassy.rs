//! embassy, an executor for chips, on its platform `std`. It has no sockets: on a chip they are those of embassy-net,
//! a network stack of its own for a network card of its own.

use crate::runtime::Runtime;
use embassy_executor::raw::TaskStorage;
use embassy_executor::{Executor, Spawner};
use std::cell::{Cell, OnceCell};
use std::rc::Rc;
use std::time::Duration;

pub struct Embassy;

thread_local! {
    /// Of the one executor, where it runs.
    static SPAWNER: OnceCell<Spawner> = const { OnceCell::new() };
}

impl Runtime for Embassy {
    fn run(program: impl Future<Output = ()> + 'static) -> Result<(), String> {
        let executor = Box::leak(Box::new(Executor::new()));
        let has_ended = Rc::new(Cell::new(false));
        let ended = has_ended.clone();
        let program = async move {
            program.await;
            ended.set(true);
        };
        let begin = |spawner| {
            let is_first = SPAWNER.with(|place| place.set(spawner).is_ok());
            assert!(is_first, "this thread has had an executor");
            start(program);
        };
        executor.run_until(begin, || has_ended.get());
        Ok(())
    }

    fn spawn(task: impl Future<Output = ()> + Send + 'static) {
        start(task);
    }

    async fn sleep(duration: Duration) {
        embassy_time::Timer::after_micros(duration.as_micros() as u64).await;
    }
}

/// A task lives in a static. One that is made here is leaked: it is never freed.
fn start(task: impl Future<Output = ()> + 'static) {
    let place = Box::leak(Box::new(TaskStorage::new()));
    let token = place.spawn(|| task).expect("nothing else is in its place");
    SPAWNER.with(|spawner| spawner.get().expect("the executor runs").spawn(token));
}
