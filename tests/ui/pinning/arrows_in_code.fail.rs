//! error: unknown start of token: \u{2190}
//! Proves G-5.1-1.
//! Guide 5.1: the snippet as printed, with its arrows.

async fn foo() {
    let data = vec![1, 2, 3];
    let reference = &data; ← data への参照
    std::future::ready(()).await; ← 中断ポイント
    println!("{reference:?}");
}

fn main() {
    let _ = foo;
}
