//! Guide FAQ Q6 — A hash of up to 16 KiB is computed inline, a larger one on the blocking pool.

use sha2::{Digest, Sha256};
use tokio::task::{JoinError, spawn_blocking};

/// The largest input that may keep a worker.
///
/// A hash takes as long as its input is large, and the tasks beside it wait that long. Up to about
/// this size an optimized build hashes faster than `spawn_blocking` answers; `measure` tells where
/// the two meet on your machine.
const INLINE_LIMIT: usize = 16 * 1024;

#[tokio::main]
pub async fn main() -> Result<(), JoinError> {
    println!("abc: {}", ok_example(b"abc".to_vec()).await?);
    println!("1,000,000 × a: {}", ok_example(vec![b'a'; 1_000_000]).await?);
    Ok(())
}

/// The SHA-256 of `data` in hexadecimal, without keeping a worker for long.
///
/// It takes the data by value, since a thread of the pool cannot borrow it.
async fn ok_example(data: Vec<u8>) -> Result<String, JoinError> {
    if data.len() <= INLINE_LIMIT {
        return Ok(sha256(&data));
    }
    spawn_blocking(move || sha256(&data)).await
}

fn sha256(data: &[u8]) -> String {
    let digest = Sha256::digest(data);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};
    use utils::probe::Polls;

    /// The test vectors of FIPS 180: empty, `abc`, and a million times `a`.
    #[tokio::test]
    async fn the_digest_is_the_published_one() {
        for (data, digest) in [
            (vec![], "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            (b"abc".to_vec(), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                vec![b'a'; 1_000_000],
                "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
            ),
        ] {
            assert_eq!(ok_example(data).await.unwrap(), digest);
        }
    }

    #[test]
    fn a_hash_at_the_limit_needs_no_runtime() {
        let mut hash = pin!(ok_example(vec![0; INLINE_LIMIT]));
        let poll = hash.as_mut().poll(&mut Context::from_waker(Waker::noop()));
        assert!(matches!(poll, Poll::Ready(Ok(_))));
    }

    #[test]
    #[should_panic = "there is no reactor running, must be called from the context of a Tokio 1.x runtime"]
    fn a_hash_above_the_limit_asks_the_runtime_for_another_thread() {
        let mut hash = pin!(ok_example(vec![0; INLINE_LIMIT + 1]));
        let _unreached = hash.as_mut().poll(&mut Context::from_waker(Waker::noop()));
    }

    /// The least that the detour costs: a thread that answers, and a second poll.
    /// Proves G-Q6-1.
    #[tokio::test]
    async fn a_job_of_nothing_takes_a_second_poll_too() {
        let polls = Polls::new();
        // Begun at once, it would now and then be done before the first poll.
        let (begin, begun) = std::sync::mpsc::channel();
        let job = spawn_blocking(move || begun.recv());
        let neighbour = tokio::spawn(async move { begin.send(()) });
        polls.of(job).await.unwrap().unwrap();
        assert_eq!(polls.count(), 2);
        neighbour.await.unwrap().unwrap();
    }
}
