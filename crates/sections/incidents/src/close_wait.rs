//! Deep dive 16.1 — CLOSE_WAIT is your leak: the peer has closed, you have not. TIME_WAIT is none.

use std::{fs, io};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Duration, sleep, timeout};

/// Long enough to be sure of a task that does not end.
const STUCK: Duration = Duration::from_millis(50);
/// Far longer than the end of a connection takes.
const FREE: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
pub async fn main() -> io::Result<()> {
    println!("client gone, task only writes: {}", client_leaves(only_writes, STUCK).await?);
    println!("client gone, task reads too: {}", client_leaves(reads_too, FREE).await?);
    println!("server closes first: {}", server_leaves().await?);
    Ok(())
}

/// Both ends of a connection after its client has closed and the task has had time to.
async fn client_leaves<F>(
    task: impl FnOnce(TcpStream, mpsc::Receiver<u8>) -> F,
    limit: Duration,
) -> io::Result<String>
where
    F: Future<Output = io::Result<()>> + Send + 'static,
{
    let (server, client, ports) = connection().await?;
    let (_no_news_yet, news) = mpsc::channel(1);
    let task = tokio::spawn(task(server, news));
    drop(client);
    // A task that does not end in time stays, and its socket with it.
    if let Ok(ended) = timeout(limit, task).await {
        ended??;
    }
    both_ends(ports).await
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
        let number = tokio::select! {
            number = news.recv() => number,
            read = stream.read(&mut ignored) => match read? {
                0 => None,
                _ => continue,
            },
        };
        let Some(number) = number else { return Ok(()) };
        stream.write_u8(number).await?;
    }
}

/// As with `Connection: close`.
async fn server_leaves() -> io::Result<String> {
    let (server, mut client, ports) = connection().await?;
    drop(server);
    client.read_to_end(&mut Vec::new()).await?;
    drop(client);
    both_ends(ports).await
}

/// The ends of the server and of the client, and their ports.
async fn connection() -> io::Result<(TcpStream, TcpStream, [u16; 2])> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let client = TcpStream::connect(listener.local_addr()?).await?;
    let (server, peer) = listener.accept().await?;
    Ok((server, client, [listener.local_addr()?.port(), peer.port()]))
}

/// What `netstat` shows of both, as soon as they are at rest.
async fn both_ends([server, client]: [u16; 2]) -> io::Result<String> {
    if !cfg!(target_os = "linux") {
        return Ok("its states can be read on Linux only".to_string());
    }
    let at_rest = async || loop {
        match (state(server, client)?, state(client, server)?) {
            ends @ (("CLOSE_WAIT", "FIN_WAIT2")
            | ("TIME_WAIT", "closed")
            | ("closed", "TIME_WAIT")) => {
                break Ok(format!("server {}, client {}", ends.0, ends.1));
            }
            // A segment is under way, and nobody is told of its arrival: look again.
            _ => sleep(Duration::from_millis(1)).await,
        }
    };
    timeout(FREE, at_rest()).await?
}

/// The state of the end at the port `local` of a connection over 127.0.0.1.
fn state(local: u16, remote: u16) -> io::Result<&'static str> {
    let sockets = fs::read_to_string("/proc/net/tcp")?;
    // `SL LOCAL REMOTE STATE …` in hexadecimal digits, an address with its last byte first.
    let ends = format!(" 0100007F:{local:04X} 0100007F:{remote:04X} ");
    Ok(match sockets.split_once(&ends).map(|(_, rest)| &rest[..2]) {
        Some("05") => "FIN_WAIT2",
        Some("06") => "TIME_WAIT",
        Some("08") => "CLOSE_WAIT",
        // Those of a moment, while a segment is under way.
        Some(_) => "changing",
        None => "closed",
    })
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
        let leak = client_leaves(only_writes, STUCK).await.unwrap();
        assert_eq!(leak, "server CLOSE_WAIT, client FIN_WAIT2");
        let none = client_leaves(reads_too, FREE).await.unwrap();
        assert_eq!(none, "server closed, client TIME_WAIT");
    }

    /// A state of the kernel alone: the program has no descriptor left that it could leak.
    ///
    /// Proves D-16-1.
    #[tokio::test]
    async fn time_wait_is_the_normal_end_of_whoever_closes_first() {
        assert_eq!(server_leaves().await.unwrap(), "server TIME_WAIT, client closed");
    }

    /// What ends the leak by chance. The first write seems to succeed: its answer is a reset.
    #[tokio::test]
    async fn a_task_that_only_writes_learns_of_the_end_by_its_second_news_at_the_earliest() {
        let (server, client, _) = connection().await.unwrap();
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
        let (server, mut client, _) = connection().await.unwrap();
        let (news, receiver) = mpsc::channel(1);
        let task = tokio::spawn(reads_too(server, receiver));
        news.send(7).await.unwrap();
        assert_eq!(client.read_u8().await.unwrap(), 7);
        drop(news);
        timeout(FREE, task).await.unwrap().unwrap().unwrap();
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
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
