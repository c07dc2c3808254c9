//! error[E0038]: the trait `Service` is not dyn compatible
//! Proves G-Q3-4, D-14-6.
//! Guide FAQ Q3: a native `async fn` cannot be called behind `dyn`.

trait Service {
    async fn call(&self) -> u32;
}

struct One;

impl Service for One {
    async fn call(&self) -> u32 {
        1
    }
}

#[tokio::main]
async fn main() {
    let service: &dyn Service = &One;
    println!("{}", service.call().await);
}
