//! error[E0277]: `?` couldn't convert the error to `ServiceError`
//! Guide 7.2: `?` converts what has `#[from]`, and nothing else.

use thiserror::Error;

#[derive(Debug, Error)]
enum ServiceError {
    #[error("ネットワークエラー")]
    Network(#[from] reqwest::Error),

    #[error("内部エラー")]
    Internal(#[from] anyhow::Error),
}

fn port(text: &str) -> Result<u16, ServiceError> {
    Ok(text.parse::<u16>()?)
}

fn main() {
    match port("80") {
        Ok(port) => println!("{port}"),
        Err(ServiceError::Network(error)) => println!("{error}"),
        Err(ServiceError::Internal(error)) => println!("{error}"),
    }
}
