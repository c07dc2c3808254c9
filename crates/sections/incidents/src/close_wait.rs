//! Deep dive 16.1 — CLOSE_WAIT is your leak: the peer has closed, you have not. TIME_WAIT is not a leak.
//!
//! To take to work: `cargo run -- copy tcp_server`.

use std::{fs, io};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep, timeout};

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> io::Result<()> {
    println!("client gone, task only writes: {}", client_leaves(only_writes).await?);
    println!("client gone, task reads too: {}", client_leaves(reads_too).await?);
    Ok(())
}

/// Both ends of a connection after its client has closed and the task has had time to.
async fn client_leaves<F>(task: fn(TcpStream, mpsc::Receiver<u8>) -> F) -> io::Result<String>
where
    F: Future<Output = io::Result<()>>,
{
    if !cfg!(target_os = "linux") {
        return Ok("its states can be read on Linux only".to_string());
    }
    let (server, client) = connection().await?;
    let (here, there) = (server.local_addr()?.port(), client.local_addr()?.port());
    let (_no_news_yet, news) = mpsc::channel(1);
    let mut task = std::pin::pin!(task(server, news));
    drop(client);
    // A task that does not end in time stays, and its socket with it.
    if let Ok(ended) = timeout(Duration::from_millis(50), &mut task).await {
        ended?;
    }
    Ok(format!("server {}, client {}", state(here, there).await?, state(there, here).await?))
}

/// Wrong: as long as there is no news to write, it cannot learn that its reader has gone.
async fn only_writes(mut stream: TcpStream, mut news: mpsc::Receiver<u8>) -> io::Result<()> {
    while let Some(number) = news.recv().await {
        stream.write_u8(number).await?;
    }
    Ok(())
}

/// Right: the end of the peer is 0 bytes to read. A return drops the stream, which closes it.
async fn reads_too(mut stream: TcpStream, mut news: mpsc::Receiver<u8>) -> io::Result<()> {
    let mut ignored = [0; 64];
    loop {
        tokio::select! {
            Some(number) = news.recv() => stream.write_u8(number).await?,
            read = stream.read(&mut ignored) => if read? == 0 { return Ok(()) },
        }
    }
}

async fn connection() -> io::Result<(TcpStream, TcpStream)> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = TcpStream::connect(listener.local_addr()?).await?;
    Ok((listener.accept().await?.0, client))
}

/// Returns what `netstat` shows of an end at rest. While a segment is under way, it looks again.
async fn state(local: u16, remote: u16) -> io::Result<&'static str> {
    // `SL LOCAL REMOTE STATE …` in hexadecimal digits, an address with its last byte first.
    let ends = format!(" 0100007F:{local:04X} 0100007F:{remote:04X} ");
    loop {
        let sockets = fs::read_to_string("/proc/net/tcp")?;
        match sockets.split_once(&ends).map(|(_, rest)| &rest[..2]) {
            Some("05") => return Ok("FIN_WAIT2"),
            Some("06") => return Ok("TIME_WAIT"),
            Some("08") => return Ok("CLOSE_WAIT"),
            Some(_) => sleep(Duration::from_millis(1)).await,
            None => return Ok("closed"),
        }
    }
}

#[cfg(test)]
#[cfg(target_os = "linux")] // reads `/proc/net/tcp`
mod tests {
    use super::*;
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    use std::net;

    /// Proves D-16-1.
    #[tokio::test]
    async fn a_peer_that_has_gone_is_close_wait_until_the_server_closes_too() {
        let leak = client_leaves(only_writes).await.unwrap();
        assert_eq!(leak, "server CLOSE_WAIT, client FIN_WAIT2");
        let none = client_leaves(reads_too).await.unwrap();
        assert_eq!(none, "server closed, client TIME_WAIT");
    }

    /// A state of the kernel alone: the program has no descriptor left that it could leak.
    ///
    /// Proves D-16-1.
    #[tokio::test]
    async fn time_wait_is_the_normal_end_of_whoever_closes_first() {
        let (server, mut client) = connection().await.unwrap();
        let ports = [&server, &client].map(|end| end.local_addr().unwrap().port());
        drop(server);
        client.read_to_end(&mut Vec::new()).await.unwrap();
        drop(client);
        assert_eq!(state(ports[1], ports[0]).await.unwrap(), "closed");
        assert_eq!(state(ports[0], ports[1]).await.unwrap(), "TIME_WAIT");
    }

    /// A second write ends the leak. The first one seems to succeed: its answer is a reset.
    #[tokio::test]
    async fn a_task_that_only_writes_learns_of_the_end_by_its_second_news_at_the_earliest() {
        let (server, client) = connection().await.unwrap();
        let (news, receiver) = mpsc::channel(1);
        let task = tokio::spawn(only_writes(server, receiver));
        drop(client);
        let mut sent = 0;
        while news.send(sent).await.is_ok() {
            sent += 1;
            sleep(Duration::from_millis(1)).await;
        }
        let error = task.await.unwrap().unwrap_err().kind();
        assert!(matches!(error, io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset));
        assert!(sent >= 2);
    }

    #[tokio::test]
    async fn a_task_that_reads_too_delivers_its_news() {
        let (server, mut client) = connection().await.unwrap();
        let (news, receiver) = mpsc::channel(1);
        let task = tokio::spawn(reads_too(server, receiver));
        news.send(7).await.unwrap();
        assert_eq!(client.read_u8().await.unwrap(), 7);
        drop(client);
        task.await.unwrap().unwrap();
    }

    /// Where the leak ends if nothing else sets a limit.
    #[test]
    fn leaked_sockets_end_at_the_limit_of_open_files() {
        let ended = utils::probe::in_child(Duration::from_secs(60), || {
            let maximum = getrlimit(Resource::Nofile).maximum;
            setrlimit(Resource::Nofile, Rlimit { current: Some(64), maximum }).unwrap();
            let listener = net::TcpListener::bind("127.0.0.1:0").unwrap();
            let mut leaked = Vec::new();
            let error = loop {
                let client = net::TcpStream::connect(listener.local_addr().unwrap()).unwrap();
                match listener.accept() {
                    Ok((server, _)) => leaked.push(server),
                    Err(error) => break error,
                }
                drop(client);
            };
            println!("after {}: {error}", leaked.len() > 32);
        });
        assert!(ended.stdout.contains("after true: Too many open files"), "{ended:#?}");
    }
}
