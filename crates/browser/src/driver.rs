//! The process that drives the browser, and what it is told: WebDriver, which is JSON over HTTP.

use crate::LIMIT;
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;
use ureq::Agent;

/// As root there is no sandbox, and without the rest it asks machines of its maker for news.
const ARGUMENTS: [&str; 8] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/// Dropped, it ends with its browser.
pub struct Driver {
    process: Child,
    agent: Agent,
    session: String,
    /// Of this browser alone: two with the same one are one.
    _profile: TempDir,
}

impl Driver {
    /// Starts the driver on a free port, and a browser.
    pub fn start() -> Self {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("chromedriver does not start: {error}"));
        let stdout = process.stdout.take().expect("piped above");
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let port = lines.find_map(|line| port(&line)).expect("it prints its port");
        // A driver whose lines nobody takes would stop at a full pipe.
        std::thread::spawn(move || lines.for_each(drop));

        let config = Agent::config_builder().proxy(None).timeout_global(Some(LIMIT));
        let agent = Agent::new_with_config(config.http_status_as_error(false).build());
        let profile = TempDir::new().expect("there is room for a profile");
        let folder = format!("--user-data-dir={}", profile.path().display());
        let arguments: Vec<&str> = ARGUMENTS.into_iter().chain([folder.as_str()]).collect();
        let wanted = json!({ "capabilities": { "alwaysMatch": {
            "goog:chromeOptions": { "args": arguments },
            "goog:loggingPrefs": { "browser": "WARNING" },
        }}});
        let session = format!("http://127.0.0.1:{port}/session");
        let mut driver = Self { process, agent, session, _profile: profile };
        let id = driver.tell("", wanted)["sessionId"].as_str().expect("it has an id").to_string();
        driver.session = format!("{}/{id}", driver.session);
        driver
    }

    /// Sends a command, and returns its value.
    pub fn tell(&self, command: &str, body: Value) -> Value {
        let url = format!("{}{command}", self.session);
        let answer = self.agent.post(&url).send_json(&body);
        let mut answer = answer.unwrap_or_else(|error| panic!("{command}: {error}"));
        let is_done = answer.status().is_success();
        let mut answer: Value = answer.body_mut().read_json().expect("it answers in JSON");
        assert!(is_done, "{command} {body}: {answer}");
        answer["value"].take()
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Its browser ends with the session; the driver alone would leave it.
        let _ = self.agent.delete(&self.session).call();
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// `ChromeDriver was started successfully on port 41231.`
fn port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end_matches('.').parse().ok()
}
