//! error[E0382]: use of moved value: `value`
//! Guide 2.4: `.await` consumes a future, so only a hand-written poll can come after `Ready`.

async fn wait_for_value() -> u32 {
    42
}

#[tokio::main]
async fn main() {
    let value = wait_for_value();
    assert_eq!(value.await, 42);
    assert_eq!(value.await, 42);
}
