//! error[E0255]: the name `Poll` is defined multiple times
//! Proves G-2.1-1.
//! Guide 2.1: the snippet imports `Poll` and defines it.

use std::pin::Pin;
use std::task::{Context, Poll};

pub trait Future {
    type Output;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output>;
}

pub enum Poll<T> {
    Ready(T),
    Pending,
}

fn main() {}
