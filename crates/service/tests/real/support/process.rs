//! A child whose output is taken as it comes. Dropped, it is killed.

use super::eventually;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader, Read};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

pub struct Process {
    child: Child,
    /// What it has written so far.
    out: Arc<Mutex<String>>,
    err: Arc<Mutex<String>>,
    readers: Vec<JoinHandle<()>>,
}

impl Process {
    /// Starts the command. Fails if there is no such program.
    pub fn spawn(command: &mut Command) -> std::io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn()?;
        let (out, taken) = taken(child.stdout.take().expect("it is a pipe"));
        let (err, taken_too) = self::taken(child.stderr.take().expect("it is a pipe"));
        Ok(Self { child, out, err, readers: vec![taken, taken_too] })
    }

    pub fn out(&self) -> String {
        self.out.lock().unwrap().clone()
    }

    pub fn err(&self) -> String {
        self.err.lock().unwrap().clone()
    }

    pub fn id(&self) -> Pid {
        Pid::from_child(&self.child)
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(self.id(), signal).expect("it is ours, and not waited for");
    }

    /// Returns whether it has ended.
    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().expect("it is a child").is_some()
    }

    /// Waits until it has ended by itself and all that it has written is here. Returns its exit code,
    /// or none if a signal has ended it.
    pub async fn ended(&mut self) -> Option<i32> {
        let status = eventually("its end", async || self.child.try_wait().expect("it is a child"));
        let code = status.await.code();
        for reader in self.readers.drain(..) {
            reader.join().expect("it only reads");
        }
        code
    }

    /// `kill -9`. When this returns, it is gone.
    pub fn kill(&mut self) {
        // It may have ended.
        let _ = self.child.kill();
        self.child.wait().expect("it is a child");
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A stream whose lines nobody takes would stop its writer at a full pipe.
fn taken(stream: impl Read + Send + 'static) -> (Arc<Mutex<String>>, JoinHandle<()>) {
    let all = Arc::new(Mutex::new(String::new()));
    let text = Arc::clone(&all);
    let reader = std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            *text.lock().unwrap() += &(line + "\n");
        }
    });
    (all, reader)
}
