//! Guide 6.2 — An executor polls the tasks that were woken.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Wake, Waker};

type Queue = Arc<Mutex<VecDeque<Arc<Task>>>>;

struct Task {
    future: Mutex<Pin<Box<dyn Future<Output = ()> + Send>>>,
    queue: Queue,
}

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        // It polls nothing: a wake may come in the middle of a poll of the same task.
        let queue = Arc::clone(&self.queue);
        queue.lock().unwrap().push_back(self);
    }
}

#[derive(Default)]
struct Executor(Queue);

impl Executor {
    fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        let future = Mutex::new(Box::pin(future) as _);
        let task = Task { future, queue: Arc::clone(&self.0) };
        self.0.lock().unwrap().push_back(Arc::new(task));
    }

    /// Polls what is in the queue until it is empty. Returns the number of polls.
    fn run(&self) -> usize {
        let mut polls = 0;
        while let Some(task) = { self.0.lock().unwrap().pop_front() } {
            let waker = Waker::from(Arc::clone(&task));
            let mut future = task.future.lock().unwrap();
            let _ = future.as_mut().poll(&mut Context::from_waker(&waker));
            polls += 1;
        }
        polls
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use std::task::Poll;

    /// Pending once, and wakes its own task.
    struct Yield(bool);

    impl Future for Yield {
        type Output = ();

        fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
            if std::mem::replace(&mut self.0, true) {
                return Poll::Ready(());
            }
            cx.waker().wake_by_ref();
            Poll::Pending
        }
    }

    #[test]
    fn tasks_that_wake_themselves_come_to_their_end() {
        let executor = Executor::default();
        let steps = Arc::new(Mutex::new(Vec::new()));
        for name in ["a", "b"] {
            let steps = Arc::clone(&steps);
            executor.spawn(async move {
                for step in 1..=2 {
                    steps.lock().unwrap().push(format!("{name}{step}"));
                    Yield(false).await;
                }
            });
        }
        assert_eq!(executor.run(), 6, "three polls each");
        assert_eq!(*steps.lock().unwrap(), ["a1", "b1", "a2", "b2"], "they alternate");
    }
}
