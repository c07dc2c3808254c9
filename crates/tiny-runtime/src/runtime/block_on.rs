//! The smallest executor: poll, sleep until woken, poll again.
//!
//! It runs one future on the caller's thread. The future's waker leaves the token of `park.rs`.
//!
//! Tokio's counterpart: `CachedParkThread::block_on` in `tokio/src/runtime/park.rs`.

use crate::runtime::park::Parker;
use crate::runtime::task::coop;
use std::pin::pin;
use std::sync::Arc; // `Wake` demands std's
use std::task::{Context, Poll, Wake, Waker};

struct Token(Parker);

impl Wake for Token {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        self.0.unpark();
    }
}

/// Runs the future on this thread, which sleeps while the future waits.
pub(crate) fn block_on<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let token = Arc::new(Token(Parker::new(None)));
    let waker = Waker::from(token.clone());
    let mut context = Context::from_waker(&waker);
    loop {
        if let Poll::Ready(output) = coop::budget(|| future.as_mut().poll(&mut context)) {
            return output;
        }
        token.0.park();
    }
}
