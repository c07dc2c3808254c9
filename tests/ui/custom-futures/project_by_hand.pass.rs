use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::time::{Duration, Sleep, sleep};

// Boxed, the timer keeps its place while the `Delay` moves: no projection is needed.
struct Delay {
    timer: Pin<Box<Sleep>>,
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.timer.as_mut().poll(cx)
    }
}

#[tokio::main]
async fn main() {
    let timer = Box::pin(sleep(Duration::from_millis(10)));
    Delay { timer }.await;
}
