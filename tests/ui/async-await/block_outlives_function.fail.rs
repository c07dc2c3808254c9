//! error[E0373]: async block may outlive the current function, but it borrows `name`
//! from 1.101: error[E0597]: `name` does not live long enough
//! Guide 3.3: what `move` is for.

fn greet(name: String) -> impl Future<Output = String> {
    async { format!("Hello, {name}!") }
}

#[tokio::main]
async fn main() {
    println!("{}", greet(String::from("Rust")).await);
}
