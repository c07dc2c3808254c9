//! Guide 9.1 — `spawn_blocking` moves a blocking call off the workers; the call runs to its end.

use std::io;
use std::path::PathBuf;
use tokio::task::{JoinError, spawn_blocking};

#[tokio::main]
pub async fn main() -> io::Result<()> {
    println!("結果: {}", cpu_heavy().await?);

    match read_file_blocking("存在しないファイル".into()).await {
        Ok(text) => println!("{text}"),
        Err(error) => println!("エラー: {}", error.kind()),
    }
    Ok(())
}

/// A panic of the closure arrives as a `JoinError`, and the caller decides.
async fn cpu_heavy() -> Result<u64, JoinError> {
    spawn_blocking(|| (0..10_000_000u64).sum()).await
}

/// The first `?` is for a closure that panicked: as an I/O error, not as a panic of the caller.
async fn read_file_blocking(path: PathBuf) -> io::Result<String> {
    let text = spawn_blocking(move || std::fs::read_to_string(path)).await??;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;
    use std::time::Duration;
    use tokio::runtime::Builder;
    use utils::probe::DropLog;

    /// Proves G-9.1-4.
    #[tokio::test]
    async fn cpu_heavy_returns_the_documented_sum() {
        assert_eq!(cpu_heavy().await.unwrap(), 49_999_995_000_000);
    }

    /// Proves G-9.1-7.
    #[tokio::test]
    async fn a_file_is_read_and_a_missing_one_is_an_error() {
        let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
        let text = read_file_blocking(manifest.into()).await.unwrap();
        assert_eq!(text, include_str!("../Cargo.toml"));
        let error = read_file_blocking("存在しないファイル".into()).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
    }

    /// Proves G-9.1-7.
    #[tokio::test]
    async fn a_panic_in_the_closure_is_an_error_of_the_caller() {
        let error = spawn_blocking(|| panic!("on purpose")).await.unwrap_err();
        assert!(error.is_panic());
        assert!(error.to_string().ends_with(r#"panicked with message "on purpose""#), "{error}");
        assert_eq!(io::Error::from(error).to_string(), "task panicked");
    }

    /// The closure ends only because the neighbour runs on the only thread of the runtime.
    /// Proves G-9.1-6, G-まとめ-1.
    #[tokio::test]
    async fn a_neighbour_runs_while_the_closure_blocks() {
        let (entered, entry) = channel();
        let (news, arrival) = channel();
        let closure = spawn_blocking(move || {
            entered.send(()).unwrap();
            arrival.recv().unwrap()
        });
        entry.recv().unwrap();
        let neighbour = tokio::spawn(async move { news.send("neighbour").unwrap() });
        assert_eq!(closure.await.unwrap(), "neighbour");
        neighbour.await.unwrap();
    }

    /// Proves G-9.1-6.
    #[tokio::test]
    async fn abort_does_not_stop_a_running_closure() {
        let (started, start) = channel();
        let (release, released) = channel();
        let closure = spawn_blocking(move || {
            started.send(()).unwrap();
            released.recv().unwrap()
        });
        start.recv().unwrap();
        closure.abort();
        release.send(1).unwrap();
        assert_eq!(closure.await.unwrap(), 1);
    }

    #[test]
    fn abort_stops_a_closure_that_is_still_queued() {
        let runtime = Builder::new_current_thread().max_blocking_threads(1).build().unwrap();
        let (release, released) = channel::<()>();
        let running = runtime.spawn_blocking(move || released.recv());
        let queued = runtime.spawn_blocking(|| ());
        queued.abort();
        drop(release);
        assert!(runtime.block_on(queued).unwrap_err().is_cancelled());
        runtime.block_on(running).unwrap().unwrap_err();
    }

    /// Were the drop not to wait, its note would come first: the closure needs 20 ms more.
    /// Proves G-9.1-6.
    #[test]
    fn dropping_the_runtime_waits_for_a_running_closure() {
        let log = DropLog::new();
        let runtime = Builder::new_current_thread().build().unwrap();
        let (started, start) = channel();
        let closure = log.guard("closure");
        runtime.spawn_blocking(move || {
            let _closure = closure;
            started.send(()).unwrap();
            std::thread::sleep(Duration::from_millis(20));
        });
        start.recv().unwrap();
        drop(runtime);
        log.note("runtime");
        assert_eq!(log.entries(), ["closure", "runtime"]);
    }
}
