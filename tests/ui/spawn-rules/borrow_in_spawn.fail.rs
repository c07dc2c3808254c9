//! error[E0597]: `data` does not live long enough
//! Proves G-Q2-2, G-まとめ-4, D-5-3.
//! Guide FAQ Q2: the line that the document has commented out.

#[tokio::main]
async fn main() {
    let data = String::from("hello");
    let r = &data;
    tokio::spawn(async move {
        println!("{}", r);
    });
}
