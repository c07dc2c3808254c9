//! Closures on threads beside the workers: a round trip there and back.

use super::each;
use crate::contender::Blocking;
use crate::measure::{Round, timed};

/// A task hands over an empty closure and awaits it, `at_once` of them at a time.
pub fn spawn_blocking<R: Blocking>(at_once: usize) -> Round {
    const CLOSURES: usize = 2_048;
    let runtime = R::start();
    Box::new(move || {
        timed(CLOSURES, || {
            runtime.block_on(runtime.spawn_from_outside(async move {
                let mut handles = Vec::with_capacity(at_once);
                for _ in 0..CLOSURES / at_once {
                    handles.extend((0..at_once).map(|_| R::unblock(|| ())));
                    each(handles.drain(..)).await;
                }
            }));
        })
    })
}
