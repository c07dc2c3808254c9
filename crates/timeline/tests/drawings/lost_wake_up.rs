//! Two tasks wait at one place for one waker: the second takes it from the first.

use std::sync::{Arc, Mutex};
use std::task::{Poll, Waker};
use std::time::Duration;
use tokio::time::sleep;

#[derive(Default)]
struct Gate {
    is_open: bool,
    waker: Option<Waker>,
}

pub fn drawing() -> timeline::Drawing {
    timeline::draw(program())
}

async fn program() {
    let gate = Arc::new(Mutex::new(Gate::default()));
    let first = tokio::spawn(pass(gate.clone()));
    let second = tokio::spawn(pass(gate.clone()));
    sleep(Duration::from_millis(10)).await;
    open(&gate);
    second.await.unwrap();
    first.await.unwrap();
}

async fn pass(gate: Arc<Mutex<Gate>>) {
    std::future::poll_fn(|cx| {
        let mut gate = gate.lock().unwrap();
        if gate.is_open {
            return Poll::Ready(());
        }
        gate.waker = Some(cx.waker().clone());
        Poll::Pending
    })
    .await;
}

fn open(gate: &Mutex<Gate>) {
    let mut gate = gate.lock().unwrap();
    gate.is_open = true;
    if let Some(waker) = gate.waker.take() {
        waker.wake();
    }
}
