//! Guide 8.1 — Only timers and sockets belong to a runtime: three runtimes run the same future.

use futures::future::join_all;
use std::io;
use std::time::Duration;

pub fn main() -> io::Result<()> {
    let tokio = tokio::runtime::Runtime::new()?;
    println!("tokio: {:?}", tokio.block_on(squares(tokio::time::sleep)));
    println!("async-std: {:?}", async_std::task::block_on(squares(async_std::task::sleep)));
    println!("smol: {:?}", smol::block_on(squares(smol::Timer::after)));
    Ok(())
}

/// Takes 10 ms on each of them: the three timers run at once. Awaits whatever `sleep` makes.
async fn squares<S: Future>(sleep: impl Fn(Duration) -> S) -> Vec<u32> {
    let square = async |n: u32| {
        sleep(Duration::from_millis(10)).await;
        n * n
    };
    join_all([1, 2, 3].map(square)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves G-1.3-4, G-1.3-9, G-8.1-5, D-3-6.
    #[test]
    fn every_runtime_gives_the_same_result() {
        let tokio = tokio::runtime::Runtime::new().unwrap();
        assert_eq!(tokio.block_on(squares(tokio::time::sleep)), [1, 4, 9]);
        assert_eq!(smol::block_on(squares(smol::Timer::after)), [1, 4, 9]);
        let result = async_std::task::block_on(squares(async_std::task::sleep));
        assert_eq!(result, [1, 4, 9]);
    }

    /// The timers of smol and async-std bring their reactor, a thread that starts when needed.
    #[test]
    fn the_timers_of_the_others_run_on_tokio() {
        let tokio = tokio::runtime::Runtime::new().unwrap();
        assert_eq!(tokio.block_on(squares(smol::Timer::after)), [1, 4, 9]);
        assert_eq!(tokio.block_on(squares(async_std::task::sleep)), [1, 4, 9]);
    }

    /// Proves D-3-6.
    #[test]
    #[should_panic = "there is no reactor running, must be called from the context of a Tokio 1.x \
                      runtime"]
    fn the_timers_of_tokio_run_only_on_tokio() {
        smol::block_on(squares(tokio::time::sleep));
    }
}
