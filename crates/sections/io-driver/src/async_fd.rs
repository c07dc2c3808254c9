//! Deep dive 7.3 — If you clear readiness before `WouldBlock`, the task sleeps beside unread bytes.
//!
//! Unix only, as `AsyncFd` is.
#![expect(unsafe_code, reason = "the caller of `AsyncFd::register` vouches for the descriptor")]

use std::io::{Read, Result, Write};
use std::os::unix::net::UnixStream;
use std::time::Duration;
use tokio::io::Interest;
use tokio::io::unix::AsyncFd;
use tokio::time::timeout;

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> Result<()> {
    let (source, mut peer) = pair()?;
    peer.write_all(b"hi hello")?;
    println!("cleared after a read of {}", read_and_clear(&source, &mut [0; 2]).await?);
    // The bytes are there already: only a lost event takes 30 ms.
    let next = timeout(Duration::from_millis(30), read_and_clear(&source, &mut [0; 2])).await;
    let left = source.get_ref().read(&mut [0; 64])?;
    println!("  the next hangs: {}, {left} bytes inside", next.is_err());

    let mut text = [0; 8];
    peer.write_all(b"hi hello")?;
    for part in text.chunks_mut(2) {
        read(&source, part).await?;
    }
    println!("cleared by try_io: {}", String::from_utf8_lossy(&text));
    Ok(())
}

/// Anything with a descriptor that tells when it is readable: inotify, a terminal, a socket.
type Source = AsyncFd<UnixStream>;

fn pair() -> Result<(Source, UnixStream)> {
    let (ours, peer) = UnixStream::pair()?;
    // A blocking `read` would stop the worker, and never say `WouldBlock`.
    ours.set_nonblocking(true)?;
    // SAFETY: a `UnixStream` owns its open descriptor and always returns the same one. It stays
    // inside the `AsyncFd`, which nobody gets by `&mut` to exchange it.
    Ok((unsafe { AsyncFd::register_with_interest(ours, Interest::READABLE)? }, peer))
}

/// Right: `try_io` clears when, and only when, the closure has met `WouldBlock`.
async fn read(source: &Source, buf: &mut [u8]) -> Result<usize> {
    loop {
        if let Ok(read) = source.readable().await?.try_io(|fd| fd.get_ref().read(buf)) {
            return read;
        }
    }
}

/// Wrong: what was left unread is forgotten, and no event will tell of it again.
async fn read_and_clear(source: &Source, buf: &mut [u8]) -> Result<usize> {
    let mut ready = source.readable().await?;
    let read = source.get_ref().read(buf);
    ready.clear_ready();
    read
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::ErrorKind;
    use std::task::{Context, Waker};
    use tokio::task::yield_now;
    use utils::probe::{Polls, in_child};

    /// The bytes are there before the wait begins, so only a lost event takes so long.
    const HANG: Duration = Duration::from_millis(30);

    /// Wrong the other way: to ignore `WouldBlock` is a busy loop. Ends after `rounds`.
    async fn spin(source: &Source, rounds: usize) -> Result<usize> {
        let mut for_nothing = 0;
        for _ in 0..rounds {
            let mut ready = source.readable().await?;
            match source.get_ref().read(&mut [0; 64]) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => for_nothing += 1,
                read => drop(read?),
            }
            ready.retain_ready();
        }
        Ok(for_nothing)
    }

    #[tokio::test]
    async fn clearing_without_draining_hangs_beside_six_bytes() {
        let (source, mut peer) = pair().unwrap();
        peer.write_all(b"hi hello").unwrap();
        assert_eq!(read_and_clear(&source, &mut [0; 2]).await.unwrap(), 2);
        timeout(HANG, read_and_clear(&source, &mut [0; 2])).await.unwrap_err();
        assert_eq!(source.get_ref().read(&mut [0; 64]).unwrap(), 6);
    }

    /// It never gives way either: not one poll of a neighbour, and no timeout would fire.
    #[test]
    fn never_clearing_spins_and_starves_the_whole_thread() {
        let ended = in_child(Duration::from_secs(2), || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let (source, mut peer) = pair().unwrap();
                peer.write_all(b"hi hello").unwrap();
                read(&source, &mut [0; 8]).await.unwrap();
                tokio::spawn(async { println!("the neighbour runs") });
                println!("{} in vain", spin(&source, 1000).await.unwrap());
                timeout(HANG, spin(&source, usize::MAX)).await.unwrap_err();
            })
        });
        assert!(ended.hung, "{ended:#?}");
        assert!(ended.stdout.contains("1000 in vain\n"), "{ended:#?}");
        assert!(!ended.stdout.contains("neighbour"), "{ended:#?}");
    }

    #[tokio::test]
    async fn try_io_reads_all_with_any_buffer_and_sleeps_in_between() {
        let (source, mut peer) = pair().unwrap();
        for size in [1, 2, 4, 8] {
            peer.write_all(b"hi hello").unwrap();
            for _ in 0..8 / size {
                let read = timeout(HANG, read(&source, &mut [0; 8][..size])).await;
                assert_eq!(read.unwrap().unwrap(), size);
            }
            let polls = Polls::new();
            let idle = polls.of(async { read(&source, &mut [0; 8]).await });
            timeout(HANG, idle).await.unwrap_err();
            // The first, and the one at the timeout.
            assert_eq!(polls.count(), 2);
        }
    }

    /// The tick: an event that came after the guard was made survives its `clear_ready`.
    #[tokio::test]
    async fn clearing_spares_a_newer_event() {
        let (source, mut peer) = pair().unwrap();
        let noted = || source.poll_read_ready(&mut Context::from_waker(Waker::noop())).is_ready();
        peer.write_all(b"a").unwrap();
        let mut first = source.readable().await.unwrap();
        peer.write_all(b"b").unwrap();
        // Gives way once: the driver is polled and notes the second event.
        yield_now().await;
        first.clear_ready();
        assert!(noted());
        source.readable().await.unwrap().clear_ready();
        assert!(!noted());
    }

    /// That the peer has gone is final: no clearing forgets it.
    #[tokio::test]
    async fn a_closed_peer_stays_readable() {
        let (source, peer) = pair().unwrap();
        drop(peer);
        for _ in 0..3 {
            let read = timeout(HANG, read_and_clear(&source, &mut [0; 8])).await;
            assert_eq!(read.unwrap().unwrap(), 0);
        }
    }
}
