use pin_project::pin_project;
use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::time::{Duration, Sleep, sleep};

#[pin_project]
struct Delay {
    #[pin]
    timer: Sleep,
}

impl Future for Delay {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        self.project().timer.poll(cx)
    }
}

#[tokio::main]
async fn main() {
    let timer = sleep(Duration::from_millis(10));
    Delay { timer }.await;
}
