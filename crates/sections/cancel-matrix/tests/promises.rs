//! What the matrix prints as documented stands in the documentation of the crates in `Cargo.lock`.

use std::collections::HashMap;
use std::fs;
use std::process::Command;

/// Operation, source file, and the item whose documentation promises something, or does not.
const ITEMS: [(&str, &str, &str); 57] = [
    ("AsyncReadExt::read", "tokio/src/io/util/async_read_ext.rs", "fn read<"),
    ("AsyncReadExt::read_buf", "tokio/src/io/util/async_read_ext.rs", "fn read_buf<"),
    ("AsyncReadExt::read_exact", "tokio/src/io/util/async_read_ext.rs", "fn read_exact<"),
    ("AsyncReadExt::read_u32", "tokio/src/io/util/async_read_ext.rs", "fn read_u32("),
    // Nothing at the method itself: it stands in a list of `select!`.
    ("AsyncReadExt::read_to_end", "tokio/src/macros/select.rs", "AsyncReadExt::read_to_end`]"),
    (
        "AsyncReadExt::read_to_string",
        "tokio/src/macros/select.rs",
        "AsyncReadExt::read_to_string`]",
    ),
    ("AsyncBufReadExt::fill_buf", "tokio/src/io/util/async_buf_read_ext.rs", "fn fill_buf("),
    ("AsyncBufReadExt::read_until", "tokio/src/io/util/async_buf_read_ext.rs", "fn read_until<"),
    ("AsyncBufReadExt::read_line", "tokio/src/io/util/async_buf_read_ext.rs", "fn read_line<"),
    ("Lines::next_line", "tokio/src/io/util/lines.rs", "fn next_line("),
    ("Split::next_segment", "tokio/src/io/util/split.rs", "fn next_segment("),
    ("AsyncWriteExt::write", "tokio/src/io/util/async_write_ext.rs", "fn write<"),
    ("AsyncWriteExt::write_buf", "tokio/src/io/util/async_write_ext.rs", "fn write_buf<"),
    ("AsyncWriteExt::write_all", "tokio/src/io/util/async_write_ext.rs", "fn write_all<"),
    ("AsyncWriteExt::write_all_buf", "tokio/src/io/util/async_write_ext.rs", "fn write_all_buf<"),
    ("AsyncWriteExt::write_u64", "tokio/src/io/util/async_write_ext.rs", "fn write_u64("),
    ("AsyncWriteExt::flush", "tokio/src/io/util/async_write_ext.rs", "fn flush("),
    ("AsyncWriteExt::shutdown", "tokio/src/io/util/async_write_ext.rs", "fn shutdown("),
    ("io::copy", "tokio/src/io/util/copy.rs", "fn copy<"),
    ("io::copy_buf", "tokio/src/io/util/copy_buf.rs", "fn copy_buf<"),
    ("io::copy_bidirectional", "tokio/src/io/util/copy_bidirectional.rs", "fn copy_bidirectional<"),
    ("mpsc::Receiver::recv", "tokio/src/sync/mpsc/bounded.rs", "fn recv("),
    ("mpsc::Receiver::recv_many", "tokio/src/sync/mpsc/bounded.rs", "fn recv_many("),
    ("mpsc::UnboundedReceiver::recv", "tokio/src/sync/mpsc/unbounded.rs", "fn recv("),
    ("broadcast::Receiver::recv", "tokio/src/sync/broadcast.rs", "fn recv("),
    ("watch::Receiver::changed", "tokio/src/sync/watch.rs", "fn changed("),
    ("watch::Receiver::wait_for", "tokio/src/sync/watch.rs", "fn wait_for("),
    ("mpsc::Sender::send", "tokio/src/sync/mpsc/bounded.rs", "fn send("),
    ("mpsc::Sender::reserve", "tokio/src/sync/mpsc/bounded.rs", "fn reserve("),
    ("Mutex::lock", "tokio/src/sync/mutex.rs", "fn lock("),
    ("RwLock::read", "tokio/src/sync/rwlock.rs", "fn read("),
    ("RwLock::write", "tokio/src/sync/rwlock.rs", "fn write("),
    ("Semaphore::acquire", "tokio/src/sync/semaphore.rs", "fn acquire("),
    ("Semaphore::acquire_many", "tokio/src/sync/semaphore.rs", "fn acquire_many("),
    ("Notify::notified", "tokio/src/sync/notify.rs", "fn notified("),
    ("Notify::notified (notify_waiters)", "tokio/src/sync/notify.rs", "fn notified("),
    ("Barrier::wait", "tokio/src/sync/barrier.rs", "fn wait("),
    ("OnceCell::get_or_init", "tokio/src/sync/once_cell.rs", "fn get_or_init<"),
    ("&mut oneshot::Receiver", "tokio/src/sync/oneshot.rs", "pub struct Receiver<"),
    ("&mut JoinHandle", "tokio/src/runtime/task/join.rs", "pub struct JoinHandle<"),
    ("JoinSet::join_next", "tokio/src/task/join_set.rs", "fn join_next("),
    ("TaskTracker::wait", "tokio-util/src/task/task_tracker.rs", "fn wait("),
    ("CancellationToken::cancelled", "tokio-util/src/sync/cancellation_token.rs", "fn cancelled("),
    ("Interval::tick", "tokio/src/time/interval.rs", "fn tick("),
    ("sleep", "tokio/src/time/sleep.rs", "pub fn sleep("),
    ("sleep_until", "tokio/src/time/sleep.rs", "pub fn sleep_until("),
    ("&mut Sleep", "tokio/src/time/sleep.rs", "pub struct Sleep "),
    ("timeout", "tokio/src/time/timeout.rs", "pub fn timeout<"),
    ("timeout_at", "tokio/src/time/timeout.rs", "pub fn timeout_at<"),
    ("tokio_stream::StreamExt::next", "tokio-stream/src/stream_ext.rs", "fn next("),
    // `futures` itself is silent: `select!` promises it for `next` "on any `Stream`".
    (
        "futures::StreamExt::next",
        "tokio/src/macros/select.rs",
        "futures::stream::StreamExt::next`]",
    ),
    ("FuturesUnordered: next", "tokio/src/macros/select.rs", "futures::stream::StreamExt::next`]"),
    ("FramedRead: next", "tokio/src/macros/select.rs", "futures::stream::StreamExt::next`]"),
    ("futures::StreamExt::collect", "futures-util/src/stream/stream/mod.rs", "fn collect<"),
    ("futures mpsc::Sender: send", "futures-util/src/sink/mod.rs", "fn send("),
    ("FramedWrite: send", "futures-util/src/sink/mod.rs", "fn send("),
    ("FramedWrite: feed", "futures-util/src/sink/mod.rs", "fn feed("),
];

/// What stands in the matrix, and the words it stands for, the strictest first.
const WORDS: [(&str, &str); 9] = [
    ("loses its message", "the message is dropped and will be lost"),
    ("loses its place", "makes you lose your place in the queue"),
    ("not cancel safe", "is not cancel safe"),
    (
        "not cancel safe",
        "The following methods are not cancellation safe and can lead to loss of data:",
    ),
    ("goes on", "the method can be called again to continue reading"),
    ("goes on", "it is guaranteed that the provided buffer has been [advanced]"),
    ("attempt cancelled", "is cancelled or panics, the initialization attempt is cancelled"),
    ("cancel safe", "is cancel safe"),
    ("cancel safe", "The following methods are cancellation safe:"),
];

/// Proves D-11-9.
#[test]
fn every_promise_in_the_matrix_stands_in_the_documentation() {
    let folders = folders();
    let items: HashMap<_, _> =
        ITEMS.iter().map(|(name, file, item)| (*name, (*file, *item))).collect();
    let printed: Vec<_> =
        matrix().into_iter().map(|[name, _, documented]| (name, documented)).collect();
    let found: Vec<_> = printed
        .iter()
        .map(|(name, _)| {
            let (file, item) =
                *items.get(&**name).unwrap_or_else(|| panic!("{name}: where is it?"));
            let (package, path) = file.split_once('/').unwrap();
            let source = fs::read_to_string(format!("{}/{path}", folders[package])).unwrap();
            (name.clone(), promise(&source, item).to_string())
        })
        .collect();
    assert_eq!(found, printed);
    assert_eq!(found.len(), ITEMS.len());
}

/// Proves D-11-9.
#[test]
fn twenty_five_of_the_operations_cost_something() {
    assert_eq!(matrix().iter().filter(|[_, costs, _]| costs != "nothing").count(), 25);
}

fn promise(source: &str, item: &str) -> &'static str {
    let documentation = documentation(source, item);
    assert!(documentation.len() > 20, "{item}: {documentation:?} is no documentation");
    match WORDS.iter().find(|(_, words)| documentation.contains(words)) {
        Some((short, _)) => short,
        None => {
            let lower = documentation.to_lowercase();
            assert!(
                !lower.contains("cancel safe") && !lower.contains("cancellation safe"),
                "{item}"
            );
            "silent"
        }
    }
}

/// The comment above an item; for a line of a list in a comment, the list up to that line and the
/// sentence above it.
fn documentation(source: &str, item: &str) -> String {
    let in_list = item.ends_with("`]");
    let lines: Vec<_> = source.lines().map(str::trim).collect();
    let at = lines.iter().position(|line| line.contains(item) && in_list == line.starts_with("//"));
    let mut paragraphs = 0;
    let mut above: Vec<_> = lines[..at.unwrap_or_else(|| panic!("{item}: not found"))]
        .iter()
        .rev()
        .take_while(|line| ["//", "#", ")]"].iter().any(|start| line.starts_with(start)))
        .take_while(|line| {
            paragraphs += usize::from(**line == "///");
            !in_list || paragraphs < 2
        })
        .filter_map(|line| line.strip_prefix("///"))
        .map(str::trim)
        .collect();
    above.reverse();
    above.join(" ")
}

/// The rows that the program prints, without their headings.
fn matrix() -> Vec<[String; 3]> {
    let output = Command::new(env!("CARGO_BIN_EXE_cancel-matrix")).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let printed = String::from_utf8(output.stdout).unwrap();
    let rows = printed.lines().map(|line| [&line[..34], &line[34..48], &line[48..]]);
    let rows = rows.filter(|[_, _, documented]| *documented != "documented");
    rows.map(|row| row.map(|column| column.trim().to_string())).collect()
}

/// Where the sources of this package's dependencies lie, by name.
fn folders() -> HashMap<String, String> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    let cargo = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO")).args(arguments).output().unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    let version = cargo(&["-vV"]);
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // Without the filter it would ask for crates of platforms that nobody here builds for.
    let metadata = cargo(&[
        "metadata",
        "--format-version=1",
        "--filter-platform",
        host,
        "--manifest-path",
        manifest,
    ]);
    // "manifest_path":"/…/tokio-1.54.1/Cargo.toml"
    let manifests = metadata.split("\"manifest_path\":\"").skip(1);
    let folders =
        manifests.filter_map(|rest| rest.split_once("/Cargo.toml\"")).map(|(path, _)| path);
    let mut found = HashMap::new();
    for folder in folders {
        let Some((name, _version)) = folder.rsplit('/').next().unwrap().rsplit_once('-') else {
            continue;
        };
        found.insert(name.to_string(), folder.to_string());
    }
    found
}
