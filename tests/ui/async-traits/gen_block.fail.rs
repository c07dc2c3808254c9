//! error[E0658]: gen blocks are experimental
//! Proves D-15-4.
//! Deep dive 15: Rust 2024 has not stabilized `gen` blocks.

fn countdown(from: u32) -> impl Iterator<Item = u32> {
    gen move {
        for left in (0..from).rev() {
            yield left;
        }
    }
}

fn main() {
    println!("{:?}", countdown(3).collect::<Vec<_>>());
}
