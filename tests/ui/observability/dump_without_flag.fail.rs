//! error[E0599]: no method named `dump` found for struct `Handle`
//! Proves G-Q5-3.
//! Guide Q5: the feature `taskdump` is on, `--cfg tokio_unstable` is not.

#[tokio::main]
async fn main() {
    let runtime = tokio::runtime::Handle::current();
    let dump = runtime.dump().await;
    drop(dump);
}
