//! Wrong: puts the task into the queue twice.

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
        let queue = Arc::clone(&self.queue);
        queue.lock().unwrap().extend([Arc::clone(&self), self]);
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
