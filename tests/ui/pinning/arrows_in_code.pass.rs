//! The arrows are comments.

async fn foo() {
    let data = vec![1, 2, 3];
    let reference = &data; // ← data への参照
    std::future::ready(()).await; // ← 中断ポイント
    println!("{reference:?}");
}

fn main() {
    let _ = foo;
}
