async fn wait_for_value() -> u32 {
    42
}

#[tokio::main]
async fn main() {
    assert_eq!(wait_for_value().await, 42);
    assert_eq!(wait_for_value().await, 42);
}
