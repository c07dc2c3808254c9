//! A server of PostgreSQL, in a folder of its own and on a free port.

use super::{Setup, WATCHDOG, skipped};
use std::net::TcpListener;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// Ends the server when its standard input ends: also if this process is killed. Ends with the server.
const GUARD: &str = r#"exec 3<&0; "$@" & s=$!; { read -r line; kill -QUIT $s; } <&3 & wait $s"#;

/// A server. Dropped, it ends.
pub struct Postgres {
    /// Where its programs are.
    programs: PathBuf,
    folder: TempDir,
    port: u16,
    server: Mutex<Option<Child>>,
    databases: AtomicU32,
}

impl Postgres {
    /// Returns the server that all tests share that run at the same time, or none on a machine
    /// without PostgreSQL.
    pub fn shared() -> Option<Arc<Self>> {
        static SHARED: Mutex<Weak<Postgres>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(server) = shared.upgrade() {
            return Some(server);
        }
        let server = Arc::new(Self::start()?);
        *shared = Arc::downgrade(&server);
        Some(server)
    }

    /// Makes a new cluster and starts a server for it.
    pub fn start() -> Option<Self> {
        let Some(programs) = programs() else {
            skipped("there is no PostgreSQL here: apt-get install postgresql");
            return None;
        };
        let folder = TempDir::new().expect("there is room for a folder");
        if let Some((user, group)) = user() {
            chown(folder.path(), Some(user), Some(group)).expect("root may give it away");
        }
        let (port, server, databases) = Default::default();
        let mut this = Self { programs, folder, port, server, databases };
        let mut initdb = this.program("initdb");
        initdb.args(["--pgdata=data", "--username=service", "--auth=trust", "--encoding=UTF8"]);
        done(initdb.args(["--no-locale", "--no-sync"]));
        // The port is free now. If it is taken before the server has it, the next one is tried.
        let started = (0..10).any(|_| {
            this.port = free_port();
            this.resume()
        });
        assert!(started, "PostgreSQL does not start");
        Some(this)
    }

    /// Starts the server that [`Postgres::pause`] has ended, or the first one.
    pub fn resume(&self) -> bool {
        let server = self.program("postgres").get_program().to_owned();
        let mut guard = self.program("sh");
        guard.args(["-c", GUARD, "sh"]).arg(server).args([
            "-D",
            "data",
            "-k",
            "",
            "-h",
            "127.0.0.1",
        ]);
        guard.args(["-p", &self.port.to_string(), "-c", "fsync=off", "-c", "shared_buffers=16MB"]);
        guard.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = guard.spawn().expect("there is a shell");
        let begin = Instant::now();
        while begin.elapsed() < WATCHDOG && server.try_wait().expect("it is a child").is_none() {
            // Another server may have the port.
            let mut whose = self.program("psql");
            whose.args(["-h", "127.0.0.1", "-p", &self.port.to_string(), "-U", "service"]);
            whose.args(["-d", "postgres", "-Atc", "SHOW data_directory"]);
            let whose = whose.output().expect("it can be started").stdout;
            let data = self.folder.path().canonicalize().expect("it is there").join("data");
            if Path::new(String::from_utf8_lossy(&whose).trim()) == data {
                *self.server.lock().unwrap_or_else(PoisonError::into_inner) = Some(server);
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        end(server);
        false
    }

    /// Ends the server at once, as a crash does.
    pub fn pause(&self) {
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner).take();
        server.into_iter().for_each(end);
    }

    /// A new database, as the service is told of it.
    pub fn database(&self) -> String {
        let name = format!("links{}", self.databases.fetch_add(1, Ordering::Relaxed));
        let mut create = self.program("createdb");
        let port = self.port.to_string();
        done(create.args(["-h", "127.0.0.1", "-p", &port, "-U", "service", &name]));
        format!("postgres://service@127.0.0.1:{port}/{name}")
    }

    /// A setup with a database of its own.
    pub fn setup(&self) -> Setup {
        Setup::new().with("DATABASE_URL", self.database())
    }

    /// A command in its folder, as its user. The server refuses to run as root.
    fn program(&self, name: &str) -> Command {
        let file = self.programs.join(name);
        let mut command = Command::new(if file.exists() { file } else { name.into() });
        command.current_dir(self.folder.path()).env("LC_ALL", "C");
        if let Some((user, group)) = user() {
            command.uid(user).gid(group);
        }
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.pause();
    }
}

fn end(mut server: Child) {
    drop(server.stdin.take());
    let _ = server.wait();
}

fn done(command: &mut Command) {
    let output = command.output().expect("it can be started");
    assert!(output.status.success(), "{command:?}: {output:?}");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    listener.local_addr().expect("it has an address").port()
}

/// Debian keeps the programs of the server, of each version, out of the path.
fn programs() -> Option<PathBuf> {
    let debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<_> = debian.map(|version| version.path().join("bin")).collect();
    folders.extend(std::env::split_paths(&path));
    folders.into_iter().find(|folder| folder.join("initdb").exists())
}

/// The user and group of the server, if this is root.
fn user() -> Option<(u32, u32)> {
    let root = rustix::process::geteuid().is_root();
    let id = |flag: &str, name: &str| {
        let output = Command::new("id").args([flag, name]).output().expect("there is id");
        String::from_utf8_lossy(&output.stdout).trim().parse::<u32>().ok()
    };
    let of = |name| Some((id("-u", name)?, id("-g", name)?));
    root.then(|| of("postgres").or_else(|| of("nobody")).expect("there is a user that is not root"))
}
