//! error[E0405]: cannot find trait `Future` in this scope
//! Proves G-3.1-1.
//! Guide 3.1: `Future` is in the prelude of edition 2024, and in none before.

fn main() {
    drop(in_2021::hello());
}

#[no_implicit_prelude]
mod in_2021 {
    use ::std::prelude::rust_2021::*;

    pub fn hello() -> impl Future<Output = Option<u32>> {
        async { Some(42) }
    }
}
