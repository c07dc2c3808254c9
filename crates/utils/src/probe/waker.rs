use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Wake, Waker};

/// Counts the calls of `wake` and `wake_by_ref`, from whichever thread they come.
#[derive(Default)]
pub struct CountingWaker {
    wakes: AtomicUsize,
}

impl CountingWaker {
    /// The counter and a waker that feeds it. Clones of the waker feed the same counter.
    pub fn new() -> (Arc<Self>, Waker) {
        let counter = Arc::new(Self::default());
        let waker = Waker::from(counter.clone());
        (counter, waker)
    }

    pub fn wakes(&self) -> usize {
        self.wakes.load(Ordering::SeqCst)
    }
}

impl Wake for CountingWaker {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.wakes.fetch_add(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::CountingWaker;

    #[test]
    fn clones_of_one_waker_are_counted_together() {
        let (counter, waker) = CountingWaker::new();
        let clone = waker.clone();
        waker.wake_by_ref();
        clone.wake();
        assert_eq!(counter.wakes(), 2);
    }
}
