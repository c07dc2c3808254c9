use std::rc::Rc;

#[tokio::main(flavor = "current_thread")]
async fn main() {
    tokio::spawn(async {
        {
            let local = Rc::new(1);
            println!("{local}");
        }
        tokio::task::yield_now().await;
    });
    // The main future is never sent anywhere.
    let local = Rc::new(1);
    tokio::task::yield_now().await;
    println!("{local}");
}
