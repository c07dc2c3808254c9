//! Without Tokio's reports there is an error, which names the line to add, and where.

#![cfg(not(tokio_unstable))] // with the flag there is no error

use timeline::{Error, Recorder};

#[test]
fn nothing_is_recorded_and_the_error_says_why() {
    let error = timeline::record(async {}).unwrap_err();
    assert_eq!(error, Error::NoCfg);
    assert!(error.to_string().contains(r#"rustflags = ["--cfg", "tokio_unstable"]"#));
    assert_eq!(Recorder::new().unwrap_err(), Error::NoCfg);
}

#[test]
fn a_named_future_is_polled_as_if_it_stood_there_alone() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    assert_eq!(runtime.block_on(timeline::named("answer", async { 42 })), 42);
}
