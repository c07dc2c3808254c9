fn countdown(from: u32) -> impl Iterator<Item = u32> {
    let mut left = from;
    std::iter::from_fn(move || {
        left = left.checked_sub(1)?;
        Some(left)
    })
}

fn main() {
    println!("{:?}", countdown(3).collect::<Vec<_>>());
}
