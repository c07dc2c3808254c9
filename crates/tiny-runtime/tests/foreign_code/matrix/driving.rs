//! Driving the runtime of a world, on its thread or on its worker, until foreign code has acted.

use super::acts::World;
use super::rt::task::{self, JoinError, JoinHandle};
use super::{Flavor, discard};
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;

impl World {
    pub fn drive<T: Send + 'static>(
        &self,
        future: impl Future<Output = T> + Send + 'static,
    ) -> Result<T, &'static str> {
        self.join(self.handle.spawn(future))
    }

    pub fn join<T>(&self, task: JoinHandle<T>) -> Result<T, &'static str> {
        // Beside a worker nothing is kept here: the act that drops the runtime drops it for good.
        let runtime = if self.flavor == Flavor::OneThread { self.runtime() } else { None };
        let joined = match runtime {
            Some(runtime) => runtime.block_on(task),
            None => futures::executor::block_on(task),
        };
        joined.map_err(|error: JoinError| {
            let why = if error.is_panic() { "panic" } else { "cancelled" };
            discard(error);
            why
        })
    }

    /// Lets the runtime run until the foreign code has acted.
    pub fn drive_until_acted(self: &Arc<Self>) {
        self.drive_until(Self::has_acted);
    }

    /// The same, until a waker was woken, or there is nobody to wake it.
    pub fn drive_until_woken(self: &Arc<Self>) {
        let woken = |world: &Self| world.woken.load(SeqCst) || !world.has_runtime();
        self.drive_until(move |world| world.has_acted() && woken(world));
    }

    fn drive_until(self: &Arc<Self>, is_over: impl Fn(&Self) -> bool + Copy + Send + 'static) {
        let world = self.clone();
        let acted = async move {
            while !is_over(&world) {
                task::yield_now().await;
            }
        };
        // The act may end the runtime.
        let _cancelled = self.drive(acted);
        while !is_over(self) {
            thread::yield_now();
        }
    }
}

pub async fn let_all_run() {
    for _ in 0..4 {
        task::yield_now().await;
    }
}
