//! Deep dive 7.2 — `write_all` of a Tokio `File` only hands the bytes over: `flush` waits for the write.
//!
//! To take to work: `cargo run -- copy replace_file`.

use std::fs;
use std::io::Result;
use std::path::Path;
use std::sync::mpsc::{Sender, channel};
use tokio::fs::File;
use tokio::io::AsyncWriteExt;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;

pub fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("greeting");
    // Of the threads that write files there is one, so that it can be seen to be busy.
    let runtime = Builder::new_current_thread().max_blocking_threads(1).build()?;
    println!("dropped after write_all: {:?}", runtime.block_on(dropped(&path))?);
    println!("dropped after flush: {:?}", runtime.block_on(flushed(&path))?);
    Ok(())
}

/// Bad: the file is closed here, and what was to be written is still in a queue.
async fn dropped(path: &Path) -> Result<String> {
    let mut file = File::create(path).await?;
    let thread = busy_thread();
    file.write_all(b"hello").await?;
    drop(file);
    let seen = fs::read_to_string(path);
    drop(thread);
    seen
}

/// Good. To write a whole file, `tokio::fs::write` does the same.
async fn flushed(path: &Path) -> Result<String> {
    let mut file = File::create(path).await?;
    let thread = busy_thread();
    file.write_all(b"hello").await?;
    drop(thread);
    file.flush().await?;
    drop(file);
    fs::read_to_string(path)
}

/// Keeps the thread busy until the sender is dropped, as other files might.
fn busy_thread() -> Sender<()> {
    let (busy, end) = channel();
    spawn_blocking(move || end.recv());
    busy
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::Future;
    use std::pin::pin;
    use std::task::{Context, Waker};
    use std::time::Duration;
    use tempfile::{TempDir, tempdir};
    use tokio::fs::OpenOptions;
    use tokio::runtime::Runtime;
    use utils::probe::in_child;

    fn pool_of_one() -> Runtime {
        Builder::new_current_thread().max_blocking_threads(1).build().unwrap()
    }

    fn file_in(folder: &TempDir) -> std::path::PathBuf {
        folder.path().join("file")
    }

    #[test]
    fn a_file_is_empty_after_write_all_and_whole_after_flush() {
        let (folder, runtime) = (tempdir().unwrap(), pool_of_one());
        for _ in 0..200 {
            assert_eq!(runtime.block_on(dropped(&file_in(&folder))).unwrap(), "");
            assert_eq!(runtime.block_on(flushed(&file_in(&folder))).unwrap(), "hello");
        }
    }

    #[test]
    fn write_all_ends_without_a_thread_and_flush_waits_for_one() {
        let folder = tempdir().unwrap();
        pool_of_one().block_on(async {
            let mut file = File::create(file_in(&folder)).await.unwrap();
            let thread = busy_thread();
            let mut cx = Context::from_waker(Waker::noop());
            assert!(pin!(file.write_all(b"hello")).poll(&mut cx).is_ready());
            let mut flush = pin!(file.flush());
            assert!(flush.as_mut().poll(&mut cx).is_pending());
            drop(thread);
            flush.await.unwrap();
        });
    }

    /// A full disk, for example. Here the file is not open for writing.
    #[test]
    fn an_error_of_the_write_is_told_by_the_flush_and_lost_without_it() {
        let folder = tempdir().unwrap();
        fs::write(file_in(&folder), "old").unwrap();
        pool_of_one().block_on(async {
            let mut file = OpenOptions::new().read(true).open(file_in(&folder)).await.unwrap();
            file.write_all(b"new").await.unwrap();
            file.flush().await.unwrap_err();
        });
        assert_eq!(fs::read_to_string(file_in(&folder)).unwrap(), "old");
    }

    #[test]
    fn shutdown_and_sync_all_wait_for_the_write_too() {
        let folder = tempdir().unwrap();
        pool_of_one().block_on(async {
            let mut file = File::create(file_in(&folder)).await.unwrap();
            file.write_all(b"hello").await.unwrap();
            file.shutdown().await.unwrap();
            assert_eq!(fs::read_to_string(file_in(&folder)).unwrap(), "hello");
            file.write_all(b" you").await.unwrap();
            file.sync_all().await.unwrap();
            assert_eq!(fs::read_to_string(file_in(&folder)).unwrap(), "hello you");
        });
    }

    /// The bytes in the queue are written, even if the runtime ends first.
    #[test]
    fn the_bytes_come_late_and_the_end_of_the_runtime_waits_for_them() {
        let (folder, runtime) = (tempdir().unwrap(), pool_of_one());
        assert_eq!(runtime.block_on(dropped(&file_in(&folder))).unwrap(), "");
        drop(runtime);
        assert_eq!(fs::read_to_string(file_in(&folder)).unwrap(), "hello");
    }

    /// The end of a process waits for nothing.
    #[test]
    fn an_exit_loses_them() {
        let ended = in_child(Duration::from_secs(60), || {
            let path = tempdir().unwrap().keep().join("file");
            println!("path: {}", path.display());
            pool_of_one().block_on(async {
                let mut file = File::create(&path).await.unwrap();
                let _thread = busy_thread();
                file.write_all(b"hello").await.unwrap();
                std::process::exit(0);
            });
        });
        let path = ended.stdout.lines().find_map(|line| line.split_once("path: ")).unwrap().1;
        assert_eq!(fs::read_to_string(path).unwrap(), "");
        fs::remove_dir_all(Path::new(path).parent().unwrap()).unwrap();
    }
}
