//! error[E0277]: `PhantomPinned` cannot be unpinned
//! Guide 2.5: `Pin::new` is for types that may move, and a `Sleep` may not: hence `pin-project`.

use std::pin::Pin;
use std::task::{Context, Poll};
use tokio::time::{Duration, Sleep, sleep};

struct Delay {
    timer: Sleep,
}

impl Future for Delay {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.timer).poll(cx)
    }
}

#[tokio::main]
async fn main() {
    let timer = sleep(Duration::from_millis(10));
    Delay { timer }.await;
}
