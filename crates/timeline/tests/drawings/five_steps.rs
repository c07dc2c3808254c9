//! Guide 2.4, its five steps: the executor polls; the future keeps the waker and returns `Pending`,
//! and another task runs; the event comes and calls `wake`; the task is queued again; it is ready.

use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

#[derive(Default)]
struct SharedState {
    value: Option<String>,
    waker: Option<Waker>,
}

struct WaitForValue {
    shared: Arc<Mutex<SharedState>>,
}

impl Future for WaitForValue {
    type Output = String;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<String> {
        let mut state = self.shared.lock().unwrap();
        if let Some(value) = state.value.take() {
            return Poll::Ready(value);
        }
        state.waker = Some(cx.waker().clone());
        Poll::Pending
    }
}

fn set_value(shared: &Mutex<SharedState>, value: &str) {
    let mut state = shared.lock().unwrap();
    state.value = Some(value.to_string());
    if let Some(waker) = state.waker.take() {
        waker.wake();
    }
}

pub fn drawing() -> timeline::Drawing {
    timeline::draw(program())
}

async fn program() {
    let shared = Arc::new(Mutex::new(SharedState::default()));
    let setter = shared.clone();
    let waits = tokio::spawn(WaitForValue { shared });
    tokio::spawn(async move { set_value(&setter, "done") });
    assert_eq!(waits.await.unwrap(), "done");
}
