fn takes_unpin<T: Unpin>(_: &T) {}

fn main() {
    let future = Box::pin(async { 42 });
    takes_unpin(&future);
}
