//! A disk without room, and a database that somebody else has locked.

use crate::checker::once;
use crate::support::upstream::{Reply, Upstream};
use crate::support::{Service, Setup, eventually, skipped};
use rustix::process::{Resource, Rlimit, Signal, prlimit};
use sqlx::{Connection, SqliteConnection};
use std::fs::{OpenOptions, remove_file};
use std::io::Write;
use std::path::Path;
use std::process::Command;

/// Mounts a small file system at `$0`, which only the process sees that is started in it, and which
/// goes with it.
const SMALL_DISK: &str = r#"mount -t tmpfs -o size=2m tmpfs "$0" && exec "$@""#;

/// How to get a mount of one's own: as root, or with user namespaces, where the system allows them.
const NAMESPACES: [&[&str]; 2] =
    [&["unshare", "--mount"], &["unshare", "--map-root-user", "--mount"]];

/// Links that are long, so that the room is used up soon.
fn url(n: usize) -> String {
    format!("https://example.com/{n:0>1000}")
}

/// Adds links until one is refused. Returns how many were acknowledged.
async fn fill(service: &Service) -> usize {
    // More than there is room for: each takes more than a kilobyte.
    for n in 0..5000 {
        let (status, answer) = service.post(&url(n)).await;
        if status != 201 {
            assert_eq!(status, 503, "{answer}");
            assert!(answer["error"].is_string(), "{answer}");
            return n;
        }
    }
    panic!("it acknowledges what cannot be on the disk")
}

/// Checks that a service whose disk is full reads on and refuses on, and that it has exactly what it
/// has acknowledged.
async fn lives_on(service: &Service, acknowledged: usize) {
    for _ in 0..3 {
        let (status, answer) = service.post(&url(acknowledged)).await;
        assert_eq!(status, 503, "{answer}");
        assert_eq!(service.get("/links/1").await.status(), 200);
        assert_eq!(service.get("/healthz").await.status(), 200);
    }
    has_the_first(service, acknowledged).await;
}

/// Checks that the service has the links up to this number, and no other.
async fn has_the_first(service: &Service, count: usize) {
    let links = service.links().await;
    let expected: Vec<_> = (0..count).map(|n| (n as i64 + 1, url(n))).collect();
    assert!(links == expected, "{} links of {count}", links.len());
}

#[tokio::test]
async fn a_full_disk_refuses_links_loses_none_and_takes_them_again_when_there_is_room() {
    let folder = tempfile::tempdir().expect("there is room for a folder");
    let disk = folder.path().display().to_string();
    let may = |namespace: &&[&str]| {
        let mut command = Command::new(namespace[0]);
        command.args(&namespace[1..]).args(["sh", "-c", SMALL_DISK, &disk, "true"]);
        command.output().is_ok_and(|output| output.status.success())
    };
    let Some(namespace) = NAMESPACES.into_iter().find(may) else {
        return skipped("nobody may mount a file system here; see the test beside this one");
    };
    let setup = Setup::new().through(namespace.iter().chain(&["sh", "-c", SMALL_DISK, &disk]));
    let setup = setup.with("DATABASE_URL", format!("sqlite:{disk}/links.db"));
    let mut service = setup.start().await;
    // Seen from outside of its namespace.
    let ballast = Path::new("/proc").join(service.process.id().to_string()).join("root");
    let ballast = ballast.join(disk.trim_start_matches('/')).join("ballast");
    take_the_rest(&ballast, 1 << 20);

    let acknowledged = fill(&service).await;
    assert!(acknowledged > 0, "there is room for some");
    lives_on(&service, acknowledged).await;
    remove_file(&ballast).expect("it is there");
    assert_eq!(service.post(&url(acknowledged)).await.0, 201);
    has_the_first(&service, acknowledged + 1).await;
    service.process.signal(Signal::TERM);
    assert_eq!(service.ended().await, Some(0), "{}", service.log());
}

/// Writes a file of `size`.
fn take_the_rest(file: &Path, size: usize) {
    let mut ballast =
        OpenOptions::new().create_new(true).write(true).open(file).expect("it is there");
    ballast.write_all(&vec![0; size]).expect("there is so much room");
}

/// A limit on the size of files gives errors of writing without being root. The system would end the
/// process with a signal instead, if that were not ignored.
#[tokio::test]
async fn a_file_that_may_not_grow_refuses_links_and_loses_none() {
    let ignored = ["sh", "-c", r#"trap "" XFSZ && exec "$@""#, "sh"];
    let setup = Setup::new().through(ignored);
    let mut service = setup.start().await;
    let id = service.process.id();
    let limit = |size| {
        let limit = Rlimit { current: size, maximum: None };
        prlimit(Some(id), Resource::Fsize, limit).expect("it is ours");
    };
    limit(Some(1 << 18));
    let acknowledged = fill(&service).await;
    assert!(acknowledged > 0, "there is room for some");
    lives_on(&service, acknowledged).await;
    limit(None);
    assert_eq!(service.post(&url(acknowledged)).await.0, 201);
    has_the_first(&service, acknowledged + 1).await;
    // Also from the disk alone.
    limit(Some(1 << 18));
    service.process.kill();
    let service = setup.start().await;
    has_the_first(&service, acknowledged + 1).await;
    service.stop().await;
}

#[tokio::test]
async fn a_locked_database_refuses_links_and_reads_on() {
    let setup = Setup::new();
    let service = setup.start().await;
    assert_eq!(service.add("https://example.com/1").await, 1);
    let mut other = other_connection(&setup).await;
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await.expect("nobody else has it");
    let (status, answer) = service.post("https://example.com/2").await;
    assert_eq!(status, 503, "{answer}");
    assert!(answer["error"].is_string(), "{answer}");
    assert_eq!(service.links().await, [(1, "https://example.com/1".to_string())]);
    assert_eq!(service.get("/healthz").await.status(), 200);

    sqlx::query("ROLLBACK").execute(&mut other).await.expect("it has begun");
    assert_eq!(service.add("https://example.com/2").await, 2);
    service.stop().await;
}

#[tokio::test]
async fn a_short_lock_is_waited_for() {
    let setup = Setup::new().with("REQUEST_LIMIT", "1h");
    let service = setup.start().await;
    let mut other = other_connection(&setup).await;
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await.expect("nobody else has it");
    let release = async {
        assert_eq!(service.get("/links").await.status(), 200);
        sqlx::query("ROLLBACK").execute(&mut other).await.expect("it has begun");
    };
    let (added, ()) = tokio::join!(service.post("https://example.com/"), release);
    assert_eq!(added.0, 201, "{}", added.1);
    service.stop().await;
}

/// Without that, its host would be asked each second, as long as the disk is full.
#[tokio::test]
async fn a_result_that_cannot_be_noted_waits_and_its_host_is_not_asked_again() {
    let upstream = Upstream::start(&["127.0.0.1"], |_, _| Reply::status(204)).await;
    upstream.hold();
    let setup = once();
    let service = setup.start().await;
    let id = service.add(&upstream.urls[0]).await;
    upstream.until("a check", |seen| seen.at_once() == 1).await;
    let mut other = other_connection(&setup).await;
    sqlx::query("BEGIN EXCLUSIVE").execute(&mut other).await.expect("nobody else has it");
    upstream.release();
    eventually("two vain attempts", async || {
        let log = service.log();
        (log.lines().filter(|line| line.contains("the result of a check")).count() > 1)
            .then_some(())
    })
    .await;
    assert_eq!(upstream.seen().requests.len(), 1);
    sqlx::query("ROLLBACK").execute(&mut other).await.expect("it has begun");
    assert_eq!(service.checked(id).await["status"], 204);
    assert_eq!(upstream.seen().requests.len(), 1);
    service.stop().await;
}

/// A connection of somebody else to the same file.
pub async fn other_connection(setup: &Setup) -> SqliteConnection {
    let url = format!("sqlite:{}", setup.database().display());
    SqliteConnection::connect(&url).await.expect("it is a database")
}
