//! Guide 7.2: an error without `#[from]` takes its way through one that has it, with a context.

use anyhow::Context;
use thiserror::Error;

#[derive(Debug, Error)]
enum ServiceError {
    #[error("ネットワークエラー")]
    Network(#[from] reqwest::Error),

    #[error("内部エラー")]
    Internal(#[from] anyhow::Error),
}

fn port(text: &str) -> Result<u16, ServiceError> {
    Ok(text.parse::<u16>().context("ポートではない")?)
}

fn main() {
    match port("80") {
        Ok(port) => println!("{port}"),
        Err(ServiceError::Network(error)) => println!("{error}"),
        Err(ServiceError::Internal(error)) => println!("{error}"),
    }
}
