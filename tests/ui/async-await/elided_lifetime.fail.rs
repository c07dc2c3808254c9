//! error[E0106]: missing lifetime specifier
//! Guide 3.1: with two references, `'_` no longer says which one the future keeps.

fn joined(a: &str, b: &str) -> impl Future<Output = String> + '_ {
    async move { format!("{a}{b}") }
}

#[tokio::main]
async fn main() {
    println!("{}", joined("a", "b").await);
}
