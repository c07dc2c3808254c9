//! The I/O traits of Tokio and of `futures` on this crate's streams.

use super::*;

#[cfg(feature = "tokio-io")]
#[test]
fn tokio_s_extensions_work_on_our_streams() {
    use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, copy_bidirectional};
    on_each_flavor(async || {
        let (mut client, mut inner) = pair().await;
        let (mut outer, server) = pair().await;
        let proxy = spawn(async move { copy_bidirectional(&mut inner, &mut outer).await.unwrap() });
        AsyncWriteExt::write_all(&mut client, b"one\ntwo\n").await.unwrap();
        AsyncWriteExt::shutdown(&mut client).await.unwrap();
        let mut lines = BufReader::new(server).lines();
        assert_eq!(lines.next_line().await.unwrap().unwrap(), "one");
        assert_eq!(lines.next_line().await.unwrap().unwrap(), "two");
        assert_eq!(lines.next_line().await.unwrap(), None);
        drop(lines);
        assert_eq!(proxy.await.unwrap(), (8, 0));
    });
}

#[cfg(feature = "futures-io")]
#[cfg(unix)] // Windows knows no limit of 1,024 slices
#[test]
fn two_thousand_slices_are_written_by_two_calls_of_futures_too() {
    on_each_flavor(async || {
        let (mut client, _server) = pair().await;
        let mut left = &[std::io::IoSlice::new(b"!"); 2_000][..];
        for taken in [1_024, 976] {
            let write = futures::io::AsyncWriteExt::write_vectored(&mut client, left);
            assert_eq!(write.await.unwrap(), taken);
            left = &left[taken..];
        }
    });
}

#[cfg(feature = "futures-io")]
#[test]
fn the_extensions_of_futures_work_on_our_streams() {
    use futures::io::{AsyncReadExt, AsyncWriteExt};
    on_each_flavor(async || {
        let (client, server) = pair().await;
        let (mut reader, mut writer) = AsyncReadExt::split(client);
        let echo = spawn(async move {
            let (reader, mut writer) = AsyncReadExt::split(server);
            futures::io::copy(reader, &mut writer).await.unwrap();
            writer.close().await.unwrap();
        });
        writer.write_all(b"hello").await.unwrap();
        writer.close().await.unwrap();
        let mut text = String::new();
        reader.read_to_string(&mut text).await.unwrap();
        assert_eq!(text, "hello");
        echo.await.unwrap();
    });
}
