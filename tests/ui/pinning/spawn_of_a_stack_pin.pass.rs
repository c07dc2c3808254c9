async fn my_async_fn() {}

#[tokio::main]
async fn main() -> Result<(), tokio::task::JoinError> {
    let fut = Box::pin(my_async_fn());
    tokio::spawn(fut).await?;
    let fut = std::pin::pin!(my_async_fn());
    fut.await;
    tokio::spawn(my_async_fn()).await
}
