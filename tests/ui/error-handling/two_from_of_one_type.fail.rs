//! error[E0119]: conflicting implementations of trait `From<std::io::Error>`
//! Guide 7.2: `#[from]` chooses the variant by the type of the cause, so each type may have one.

use std::io;
use thiserror::Error;

#[derive(Debug, Error)]
enum ServiceError {
    #[error("読み取り失敗")]
    Read(#[from] io::Error),

    #[error("書き込み失敗")]
    Write(#[from] io::Error),
}

fn main() {
    for error in [ServiceError::Read, ServiceError::Write] {
        println!("{}", error(io::ErrorKind::NotFound.into()));
    }
}
