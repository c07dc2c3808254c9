fn spawn_call<F>(service: impl Fn(String) -> F + Send + Sync + 'static)
where
    F: Future<Output = String> + Send + 'static,
{
    tokio::spawn(async move { service("hello".to_string()).await });
}

#[tokio::main]
async fn main() {
    spawn_call(|request: String| async move { request.to_uppercase() });
}
