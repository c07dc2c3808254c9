struct Keys(u32);

impl Keys {
    fn r#gen(&mut self) -> u32 {
        self.0 += 1;
        self.0
    }
}

fn main() {
    println!("{}", Keys(0).r#gen());
}
