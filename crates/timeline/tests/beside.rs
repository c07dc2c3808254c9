//! A drawing shows its program although another thread was the first at a place in Tokio's code. A test binary of its
//! own: only one thread is the first.

#![cfg(tokio_unstable)] // without the flag Tokio tells nothing

use std::thread;
use tokio::sync::Semaphore;

#[test]
fn a_semaphore_is_drawn_although_another_thread_had_one_first() {
    let drawing = timeline::draw(async {
        // Nothing records this thread.
        thread::spawn(|| drop(Semaphore::new(1))).join().unwrap();
        let semaphore = Semaphore::new(1);
        let _held = semaphore.acquire().await.unwrap();
        let _never = semaphore.acquire().await.unwrap();
    });
    assert!(drawing.to_string().contains("waits for a permit of Semaphore"), "{drawing}");
}
