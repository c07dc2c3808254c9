//! Guide 10.1 — The file of a Unix socket outlives its listener, so the next start finds it in use.
//!
//! Unix only, as are these sockets.

use std::fs;
use std::io::{Error, ErrorKind, Result};
use std::os::unix::fs::FileTypeExt;
use std::path::Path;
use tokio::net::{UnixListener, UnixStream};

#[tokio::main]
pub async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("service.sock");
    // A service that has ended, or was killed.
    drop(UnixListener::bind(&path)?);

    println!("bind: {:?}", kind(&UnixListener::bind(&path)));
    let service = listen(&path).await;
    println!("listen: {:?}", kind(&service));
    println!("listen, beside a service that runs: {:?}", kind(&listen(&path).await));
    Ok(())
}

/// Good: takes the place of a service that is gone, and of no other. The one that removes a file at
/// its end is not enough: a service that is killed removes nothing.
async fn listen(path: &Path) -> Result<UnixListener> {
    // Any other file refuses a connection too.
    let is_socket = fs::metadata(path).is_ok_and(|it| it.file_type().is_socket());
    match UnixStream::connect(path).await {
        Ok(_service) => return Err(Error::from(ErrorKind::AddrInUse)),
        Err(error) if is_socket && error.kind() == ErrorKind::ConnectionRefused => {
            fs::remove_file(path)?
        }
        // There is no file, or `bind` says what is wrong with it.
        Err(_) => {}
    }
    UnixListener::bind(path)
}

fn kind(result: &Result<UnixListener>) -> std::result::Result<(), ErrorKind> {
    result.as_ref().map(drop).map_err(Error::kind)
}

#[cfg(test)]
mod tests {
    use super::*;
    use tempfile::tempdir;

    #[tokio::test]
    async fn bind_refuses_the_file_of_a_listener_that_is_gone() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("sock");
        drop(UnixListener::bind(&path).unwrap());
        assert!(path.exists());
        assert_eq!(kind(&UnixListener::bind(&path)), Err(ErrorKind::AddrInUse));
        let refused = UnixStream::connect(&path).await.unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    }

    #[tokio::test]
    async fn listen_begins_with_a_file_without_one_and_again() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("sock");
        for _ in 0..3 {
            let service = listen(&path).await.unwrap();
            let (client, server) = tokio::join!(UnixStream::connect(&path), service.accept());
            client.unwrap();
            server.unwrap();
        }
    }

    #[tokio::test]
    async fn a_service_that_runs_keeps_its_place_and_its_clients() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("sock");
        let service = listen(&path).await.unwrap();
        assert_eq!(kind(&listen(&path).await), Err(ErrorKind::AddrInUse));
        UnixStream::connect(&path).await.unwrap();
        drop(service);
    }

    #[tokio::test]
    async fn what_is_no_socket_is_left_alone() {
        let folder = tempdir().unwrap();
        let path = folder.path().join("file");
        fs::write(&path, "precious").unwrap();
        listen(&path).await.unwrap_err();
        assert_eq!(fs::read_to_string(&path).unwrap(), "precious");
        let none = folder.path().join("none").join("sock");
        assert_eq!(kind(&listen(&none).await), Err(ErrorKind::NotFound));
    }
}
