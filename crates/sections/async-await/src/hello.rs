//! Deep dive 2.2 — An `async fn` is a plain function that returns a future: one byte for a bare 42.

#[tokio::main]
pub async fn main() {
    println!("hello: {}, {}", hello().await, hello_desugared().await);
}

async fn hello() -> u32 {
    42
}

#[expect(clippy::manual_async_fn, reason = "what `async fn` stands for")]
fn hello_desugared() -> impl Future<Output = u32> {
    async move { 42 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    /// Proves D-2-3.
    #[test]
    fn a_hello_is_one_byte_and_ready_at_its_first_poll() {
        assert_eq!(size_of_val(&hello()), 1);
        assert_eq!(size_of_val(&hello_desugared()), 1);
        let mut cx = Context::from_waker(Waker::noop());
        assert_eq!(pin!(hello()).poll(&mut cx), Poll::Ready(42));
        assert_eq!(pin!(hello_desugared()).poll(&mut cx), Poll::Ready(42));
    }
}
