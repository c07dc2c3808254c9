//! error: expected identifier, found reserved keyword `gen`
//! Proves D-15-4.
//! Deep dive 15: what Rust 2024 has of `gen` is the keyword. A method of that name needs `r#gen`.

struct Keys(u32);

impl Keys {
    fn gen(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

fn main() {
    println!("{}", Keys(0).r#gen());
}
