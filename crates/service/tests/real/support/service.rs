//! The service as a process, in a folder of its own.

use super::process::Process;
use super::{WATCHDOG, eventually, limited};
use reqwest::{Client, RequestBuilder, Response};
use rustix::process::Signal;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

/// What a service is started with. Clones are for the same folder and database.
#[derive(Clone)]
pub struct Setup {
    folder: Arc<TempDir>,
    settings: BTreeMap<String, String>,
    arguments: Vec<String>,
    /// The command that starts the service, and which gets it as its last arguments.
    through: Vec<String>,
}

impl Setup {
    /// A new database of SQLite, a free port, no checks.
    pub fn new() -> Self {
        let folder = Arc::new(TempDir::new().expect("there is room for a folder"));
        let (settings, arguments, through) = Default::default();
        let setup = Self { folder, settings, arguments, through };
        let url = format!("sqlite:{}", setup.database().display());
        let setup = setup.with("LISTEN", "127.0.0.1:0").with("DATABASE_URL", url);
        // What is checked here is on this machine.
        setup.with("CHECK_EVERY", "off").with("CHECK_PRIVATE", "yes")
    }

    pub fn with(mut self, setting: &str, value: impl ToString) -> Self {
        self.settings.insert(setting.to_string(), value.to_string());
        self
    }

    pub fn argument(mut self, argument: &str) -> Self {
        self.arguments.push(argument.to_string());
        self
    }

    pub fn through<S: ToString>(mut self, command: impl IntoIterator<Item = S>) -> Self {
        self.through = command.into_iter().map(|word| word.to_string()).collect();
        self
    }

    /// Where the service runs.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The file of the database, if it is that of [`Setup::new`].
    pub fn database(&self) -> PathBuf {
        self.folder().join("links.db")
    }

    /// Starts the service, without waiting for anything.
    pub fn spawn(&self) -> Process {
        let service = env!("CARGO_BIN_EXE_service").to_string();
        let mut words = self.through.iter().chain([&service]).chain(&self.arguments);
        let mut command = Command::new(words.next().expect("there is the service"));
        command.args(words).current_dir(self.folder());
        // Nothing that the caller's shell has set. What starts the service is found all the same.
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin").envs(&self.settings);
        Process::spawn(&mut command).expect("it can be started")
    }

    /// Starts the service, and waits until it listens.
    pub async fn start(&self) -> Service {
        let mut process = self.spawn();
        let line = eventually("its address", async || {
            let out = process.out();
            if process.has_ended() {
                panic!("it prints {out:?} and has ended:\n{}", process.err());
            }
            out.strip_suffix('\n').map(str::to_string)
        });
        let line = line.await;
        let address = line.strip_prefix("listening on http://").and_then(|it| it.parse().ok());
        let address = address.unwrap_or_else(|| panic!("it has no address: {line}"));
        Service { process, address, client: client(), _folder: Arc::clone(&self.folder) }
    }

    /// Runs the service to its end, which must come by itself. Returns its exit code, and what it has
    /// written to stdout and stderr.
    pub async fn run(&self) -> (Option<i32>, String, String) {
        let mut process = self.spawn();
        (process.ended().await, process.out(), process.err())
    }
}

/// A running service. Dropped, it is killed; in a test that fails, its log is printed.
pub struct Service {
    pub process: Process,
    pub address: SocketAddr,
    pub client: Client,
    /// Its database is there as long as it runs.
    _folder: Arc<TempDir>,
}

impl Service {
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub async fn get(&self, path: &str) -> Response {
        self.client.get(self.url(path)).send().await.expect("it answers")
    }

    /// The status and the JSON of the answer.
    pub async fn json(&self, path: &str) -> (u16, Value) {
        json_of(self.get(path).await).await
    }

    /// A request to add a link.
    pub fn adding(&self, url: &str) -> RequestBuilder {
        adding(&self.client, self.address, url)
    }

    /// Sends a link, and returns the status and the JSON of the answer.
    pub async fn post(&self, url: &str) -> (u16, Value) {
        json_of(self.adding(url).send().await.expect("it answers")).await
    }

    /// Adds a link that is new, and returns its number.
    pub async fn add(&self, url: &str) -> i64 {
        let (status, link) = self.post(url).await;
        assert_eq!(status, 201, "{link}");
        link["id"].as_i64().expect("it has a number")
    }

    /// The numbers and URLs of all links, page by page.
    pub async fn links(&self) -> Vec<(i64, String)> {
        let (mut links, mut after) = (Vec::new(), 0);
        loop {
            let (status, page) = self.json(&format!("/links?after={after}&limit=1000")).await;
            assert_eq!(status, 200, "{page}");
            for link in page["links"].as_array().expect("there are links") {
                let url = link["url"].as_str().expect("it has a URL");
                links.push((link["id"].as_i64().expect("it has a number"), url.to_string()));
            }
            let Some(next) = page["next"].as_i64() else { return links };
            after = next;
        }
    }

    /// What came of the check of a link, when it has been checked.
    pub async fn checked(&self, id: i64) -> Value {
        let link = format!("/links/{id}");
        eventually("a check", async || {
            let checked = self.json(&link).await.1["checked"].take();
            (!checked.is_null()).then_some(checked)
        })
        .await
    }

    /// The most memory that it has ever held, in bytes.
    pub fn peak(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.id()));
        let status = status.expect("this is Linux, and it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes =
            line.and_then(|line| line.trim().trim_end_matches(" kB").parse::<u64>().ok());
        kilobytes.expect("Linux says it") << 10
    }

    /// Waits until it has ended by itself, and returns its exit code, if no signal ended it.
    pub async fn ended(&mut self) -> Option<i32> {
        self.process.ended().await
    }

    /// Ends the service in good order.
    pub async fn stop(mut self) {
        self.process.signal(Signal::TERM);
        assert_eq!(self.ended().await, Some(0));
        assert_eq!(
            self.process.out().lines().count(),
            1,
            "it prints its address, and nothing else"
        );
    }

    /// Waits until it takes no more connections: the drain has begun.
    pub async fn drains(&self) {
        eventually("the drain", async || {
            tokio::net::TcpStream::connect(self.address).await.is_err().then_some(())
        })
        .await;
    }

    pub fn log(&self) -> String {
        self.process.err()
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("The service has said:\n{}", self.log());
        }
    }
}

fn client() -> Client {
    // An error means that there is one already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().timeout(WATCHDOG).build().expect("there is a provider")
}

/// A request to add a link.
pub fn adding(client: &Client, service: SocketAddr, url: &str) -> RequestBuilder {
    let request =
        client.post(format!("http://{service}/links")).body(json!({ "url": url }).to_string());
    request.header("content-type", "application/json")
}

/// The status of the answer, and its body.
pub async fn json_of(response: Response) -> (u16, Value) {
    let status = response.status().as_u16();
    let text = limited("an answer", response.text()).await.expect("it is whole");
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status}: no JSON: {text}")))
}

/// Starts the service, sends it a signal after `moment`, and returns its exit code, if the signal has
/// not ended it.
pub async fn signalled_after(setup: &Setup, signal: Signal, moment: Duration) -> Option<i32> {
    let mut process = setup.spawn();
    tokio::time::sleep(moment).await;
    process.signal(signal);
    process.ended().await
}
