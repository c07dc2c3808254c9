//! error: unknown start of token: \u{2190}
//! Proves G-5.1-1.
//! Guide 5.1: the snippet as printed, with its arrows.

async fn foo() {
    let data = vec![1, 2, 3];
    let ref_to_data = &data; ← 自己参照
    some_async_op().await; ← 中断点
    println!("{:?}", ref_to_data);
}

async fn some_async_op() {}

fn main() {
    let _ = foo;
}
