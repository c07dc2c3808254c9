//! Guide 3.1: an older edition imports `Future`.

fn main() {
    drop(in_2021::hello());
}

#[no_implicit_prelude]
mod in_2021 {
    use ::std::future::Future;
    use ::std::prelude::rust_2021::*;

    pub fn hello() -> impl Future<Output = Option<u32>> {
        async { Some(42) }
    }
}
