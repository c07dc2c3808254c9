//! The servers that links lead to: quick, held, broken, on more than one address of this machine.

use super::limited;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What the servers have seen.
#[derive(Clone, Default)]
pub struct Seen {
    /// The path of each request, and when it came.
    pub requests: Vec<(String, Instant)>,
    /// The requests under way, of each host.
    pub now: BTreeMap<String, usize>,
    /// The most requests that were under way at a time, of each host.
    pub most: BTreeMap<String, usize>,
    /// The same, of all hosts.
    pub most_of_all: usize,
}

impl Seen {
    fn begin(&mut self, host: &str, path: &str) {
        self.requests.push((path.to_string(), Instant::now()));
        let now = self.now.entry(host.to_string()).or_default();
        *now += 1;
        let most = self.most.entry(host.to_string()).or_default();
        *most = (*most).max(*now);
        self.most_of_all = self.most_of_all.max(self.at_once());
    }

    fn end(&mut self, host: &str) {
        *self.now.get_mut(host).expect("it has begun") -= 1;
    }

    pub fn at_once(&self) -> usize {
        self.now.values().sum()
    }

    /// When each request to `path` came.
    pub fn times(&self, path: &str) -> Vec<Instant> {
        self.requests.iter().filter(|(seen, _)| seen == path).map(|(_, time)| *time).collect()
    }
}

/// What a server does with a request, once it is not held.
#[derive(Clone)]
pub enum Reply {
    /// Answers with these bytes, and closes.
    Bytes(String),
    /// Answers with a body that never ends.
    Endless,
    /// Sends these bytes, and then nothing more.
    Stalled(&'static str),
}

impl Reply {
    pub fn status(status: u16) -> Self {
        Self::Bytes(format!(
            "HTTP/1.1 {status} It\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
        ))
    }
}

/// Servers at several addresses, under one port each. Dropped, they close.
pub struct Upstream {
    /// `http://127.0.0.1:4711`, in the order in which they were asked for.
    pub urls: Vec<String>,
    seen: watch::Sender<Seen>,
    is_open: watch::Sender<bool>,
    _servers: JoinSet<()>,
}

impl Upstream {
    /// Serves `hosts`, addresses of this machine. `reply` is asked for the reply to the nth request
    /// to a path, from 0.
    pub async fn start<F>(hosts: &[&str], reply: F) -> Self
    where
        F: Fn(&str, usize) -> Reply + Send + Sync + 'static,
    {
        let (seen, is_open) = (watch::Sender::new(Seen::default()), watch::Sender::new(true));
        let (mut urls, mut servers) = (Vec::new(), JoinSet::new());
        let reply: Arc<Replies> = Arc::new(reply);
        for host in hosts {
            let listener = TcpListener::bind((*host, 0)).await.expect("it is this machine");
            urls.push(format!("http://{}", listener.local_addr().expect("it has an address")));
            servers.spawn(serve(listener, seen.clone(), is_open.subscribe(), Arc::clone(&reply)));
        }
        Self { urls, seen, is_open, _servers: servers }
    }

    /// From now on takes requests, and holds them.
    pub fn hold(&self) {
        self.is_open.send_replace(false);
    }

    /// Answers all that is held, and what comes.
    pub fn release(&self) {
        self.is_open.send_replace(true);
    }

    pub fn seen(&self) -> Seen {
        self.seen.borrow().clone()
    }

    /// Waits until what it has seen is as `holds` asks for.
    pub async fn until(&self, what: &str, holds: impl FnMut(&Seen) -> bool) {
        let mut seen = self.seen.subscribe();
        limited(what, seen.wait_for(holds)).await.expect("the sender is here");
    }
}

type Replies = dyn Fn(&str, usize) -> Reply + Send + Sync;

async fn serve(
    listener: TcpListener,
    seen: watch::Sender<Seen>,
    is_open: watch::Receiver<bool>,
    reply: Arc<Replies>,
) {
    let host = listener.local_addr().expect("it has an address").ip().to_string();
    let mut connections = JoinSet::new();
    while let Ok((mut stream, _)) = listener.accept().await {
        let (host, seen, reply) = (host.clone(), seen.clone(), Arc::clone(&reply));
        let mut is_open = is_open.clone();
        connections.spawn(async move {
            let Some(path) = path(&mut stream).await else { return };
            seen.send_modify(|seen| seen.begin(&host, &path));
            let _ends = Ends(&seen, &host);
            // The client may go while it is held.
            let mut rest = [0; 1];
            tokio::select! {
                open = is_open.wait_for(|open| *open) => drop(open),
                _ = stream.read(&mut rest) => return,
            }
            let nth = seen.borrow().times(&path).len() - 1;
            send(&mut stream, reply(&path, nth)).await;
        });
    }
}

/// Counts a request as ended, however it ends.
struct Ends<'a>(&'a watch::Sender<Seen>, &'a str);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.send_modify(|seen| seen.end(self.1));
    }
}

/// The path of the request, when its whole head is there.
async fn path(stream: &mut TcpStream) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        if stream.read_buf(&mut head).await.ok()? == 0 {
            return None;
        }
    }
    let head = String::from_utf8(head).ok()?;
    head.split(' ').nth(1).map(str::to_string)
}

async fn send(stream: &mut TcpStream, reply: Reply) {
    match reply {
        Reply::Bytes(bytes) => {
            let _ = stream.write_all(bytes.as_bytes()).await;
        }
        Reply::Endless => {
            let head = "HTTP/1.1 200 It\r\ncontent-length: 1000000000000\r\n\r\n";
            let mut bytes = head.as_bytes();
            while stream.write_all(bytes).await.is_ok() {
                bytes = &[b'x'; 4096];
            }
        }
        Reply::Stalled(bytes) => {
            let _ = stream.write_all(bytes.as_bytes()).await;
            // Until the client has had enough.
            let _ = stream.read(&mut [0]).await;
        }
    }
}
