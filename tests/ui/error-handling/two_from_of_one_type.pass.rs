//! Guide 7.2: with `#[source]` a cause stays in the chain, and `map_err` names the variant.

use std::io;
use thiserror::Error;

#[derive(Debug, Error)]
enum ServiceError {
    #[error("読み取り失敗")]
    Read(#[source] io::Error),

    #[error("書き込み失敗")]
    Write(#[source] io::Error),
}

fn main() {
    for error in [ServiceError::Read, ServiceError::Write] {
        println!("{}", error(io::ErrorKind::NotFound.into()));
    }
}
