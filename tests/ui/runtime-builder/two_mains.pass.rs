#[tokio::main]
async fn by_the_macro() {}

fn main() {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(async {});
    by_the_macro();
}
