//! Guide 3.4 — A future that borrows can be awaited and joined; to be spawned, it must own its data.

use tokio::task::JoinError;
use tokio::time::{Duration, sleep};

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    let data = vec![1, 2, 3, 4, 5];

    let len = process_data(&data).await;
    println!("長さ: {len}");

    // The task takes the data and gives it back, so nothing is cloned.
    let task = tokio::spawn(async move {
        let len = process_data(&data).await;
        println!("スポーンタスク内: 長さ = {len}");
        data
    });
    let data = task.await?;

    let (all, rest) = tokio::join!(process_data(&data), process_data_desugared(&data[1..]));
    println!("join!: {all}, {rest}");
    Ok(())
}

async fn process_data(data: &[u8]) -> usize {
    sleep(Duration::from_millis(10)).await;
    data.len()
}

/// The future may not outlive `data`: it keeps the reference that it was called with.
#[expect(clippy::manual_async_fn, reason = "what `async fn` stands for")]
fn process_data_desugared<'a>(data: &'a [u8]) -> impl Future<Output = usize> + 'a {
    async move {
        sleep(Duration::from_millis(10)).await;
        data.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use tokio::time::Instant;
    use utils::probe::allocations;

    /// Proves G-3.4-4.
    #[tokio::test(start_paused = true)]
    async fn both_forms_have_one_result_and_one_duration() {
        let data = [1, 2, 3, 4, 5];
        let start = Instant::now();
        assert_eq!(process_data(&data).await, 5);
        assert_eq!(start.elapsed(), Duration::from_millis(10));
        assert_eq!(process_data_desugared(&data).await, 5);
        assert_eq!(start.elapsed(), Duration::from_millis(20));
    }

    /// First as an argument, then as the variable that its body sees.
    /// Proves G-3.1-2, G-3.4-4.
    #[test]
    fn an_async_fn_stores_an_argument_that_it_needs_after_an_await_twice() {
        #[expect(clippy::manual_async_fn, reason = "the desugaring that is exact")]
        fn exactly<'a>(data: &'a [u8]) -> impl Future<Output = usize> + 'a {
            async move {
                let data = data;
                sleep(Duration::from_millis(10)).await;
                data.len()
            }
        }
        let data = [1, 2, 3, 4, 5];
        let once = size_of_val(&process_data_desugared(&data));
        assert_eq!(size_of_val(&process_data(&data)), once + size_of::<&[u8]>());
        assert_eq!(size_of_val(&exactly(&data)), once + size_of::<&[u8]>());
    }

    /// Proves G-3.4-3.
    #[tokio::test(start_paused = true)]
    async fn futures_that_borrow_one_value_are_joined() {
        let data = vec![1, 2, 3, 4, 5];
        let start = Instant::now();
        let lengths = tokio::join!(process_data(&data), process_data(&data[1..]));
        assert_eq!(lengths, (5, 4));
        assert_eq!(start.elapsed(), Duration::from_millis(10));
    }

    /// Proves G-3.4-5.
    #[tokio::test]
    async fn a_task_can_give_back_what_it_was_given_without_a_copy() {
        let data = vec![1, 2, 3, 4, 5];
        let address = data.as_ptr();
        let data = tokio::spawn(async move {
            assert_eq!(process_data(&data).await, 5);
            data
        })
        .await
        .unwrap();
        assert_eq!(data.as_ptr(), address);
    }

    /// For data that the caller needs meanwhile, an `Arc` costs no second copy.
    /// Proves G-3.4-5.
    #[tokio::test]
    async fn an_arc_is_enough_for_what_is_used_meanwhile() {
        let data: Arc<[u8]> = Arc::new([1, 2, 3, 4, 5]);
        let (allocated, shared) = allocations(|| Arc::clone(&data));
        assert_eq!(allocated, 0);
        let task = tokio::spawn(async move { process_data(&shared).await });
        let meanwhile = process_data(&data).await;
        assert_eq!((task.await.unwrap(), meanwhile), (5, 5));
    }

    #[test]
    fn a_literal_lives_long_enough_for_a_task() {
        fn is_static<F: Future + 'static>(_: &F) {}
        is_static(&process_data(b"12345"));
    }
}
