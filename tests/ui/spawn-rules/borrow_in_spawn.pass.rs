#[tokio::main]
async fn main() {
    let data = String::from("hello");
    tokio::spawn(async move {
        println!("{}", data);
    });
}
