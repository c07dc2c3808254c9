//! What the part `console` shows to whoever connects, here the client of `tokio-console`.

#![cfg(tokio_unstable)] // without the flag Tokio has nothing to show

use console_api::async_ops;
use console_api::field::{Name, Value};
use console_api::instrument::{InstrumentRequest, instrument_client::InstrumentClient};
use console_api::tasks::{Stats, Task};
use std::collections::{HashMap, HashSet};
use std::future::pending;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use utils::probe::{Child, in_child};

/// Only a failure takes that long.
const LIMIT: Duration = Duration::from_secs(60);

/// Proves G-Q5-1, D-12-3, D-18-9.
#[tokio::test]
async fn a_client_sees_the_tasks_their_wakes_their_poll_times_and_the_blocking_ones() {
    let program = Program::start();
    let (tick, block, piece) =
        (line("spawn(tick())"), line("spawn(block())"), line("spawn_blocking(||"));
    let often_polled = |seen: &Tasks, line| {
        let stats = seen.spawned_at("src/console.rs", line).map(|(_, stats)| stats);
        stats.is_some_and(|stats| stats.wakes >= 2 && polls_and_busy_time(stats).0 >= 3)
    };
    let seen = watch(program.address, |seen| {
        often_polled(seen, tick)
            && often_polled(seen, block)
            && seen.spawned_at("src/console.rs", piece).is_some()
    })
    .await;

    let (blocking_a_worker, stats) = seen.spawned_at("src/console.rs", block).unwrap();
    assert_eq!(field(blocking_a_worker, "kind").as_deref(), Some("task"));
    // The last poll may have begun just now.
    let (polls, busy) = polls_and_busy_time(stats);
    assert!(busy >= Duration::from_millis(50) * (polls - 1), "{polls} polls: {busy:?}");

    let (given_away, _) = seen.spawned_at("src/console.rs", piece).unwrap();
    assert_eq!(field(given_away, "kind").as_deref(), Some("blocking"));
    let function = field(given_away, "fn").expect("blocking tasks name their function");
    assert!(function.contains("console::give_away"), "{function}");
}

/// In a process of its own, since the subscriber is for the whole process.
/// Proves D-12-2.
#[test]
fn a_task_spawned_before_init_stays_invisible() {
    let ended = in_child(LIMIT * 2, || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let address = free_address().unwrap();
        let early = line!() + 1;
        runtime.spawn(pending::<()>());
        let console = console_subscriber::ConsoleLayer::builder().server_addr(address);
        console.publish_interval(Duration::from_millis(20)).init();
        // Its client spawns tasks too, and tasks are told in the order of their spawning.
        let seen = runtime.block_on(watch(address, |seen| !seen.tasks.is_empty()));
        println!("early: {}", seen.spawned_at("tests/console.rs", early).is_some());
    });
    assert!(ended.stdout.contains("early: false\n"), "{ended:?}");
}

/// Three tasks want a lock that nobody gives back: each is shown in `lock`, where it hangs.
/// Proves D-16-2.
#[test]
fn tasks_that_wait_for_a_mutex_are_shown_in_its_lock() {
    let ended = in_child(LIMIT * 2, || {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let address = free_address().unwrap();
        let console = console_subscriber::ConsoleLayer::builder().server_addr(address);
        console.publish_interval(Duration::from_millis(20)).init();
        let lock = Arc::new(Mutex::new(()));
        let _held = lock.try_lock().unwrap();
        let request = async |lock: Arc<Mutex<()>>| drop(lock.lock().await);
        let spawned = line!() + 1;
        (0..3).for_each(|_| drop(runtime.spawn(request(lock.clone()))));
        let waiting = |seen: &Tasks| {
            let tasks = seen.within("Mutex::lock").into_iter();
            let locations = tasks.filter_map(|task| seen.tasks.get(&task)?.location.as_ref());
            locations.filter(|location| location.line == Some(spawned)).count()
        };
        let seen = runtime.block_on(watch(address, |seen| waiting(seen) >= 3));
        println!("in lock: {}", waiting(&seen));
    });
    assert!(ended.stdout.contains("in lock: 3\n"), "{ended:?}");
}

/// The `main` of the document has nothing else: the program ends, and its port with it.
/// Proves D-12-2.
#[test]
fn without_a_runtime_the_program_of_the_document_ends_at_once() {
    let ended = in_child(LIMIT, || {
        let console = console_subscriber::ConsoleLayer::builder();
        console.server_addr(free_address().unwrap()).init();
    });
    assert!(!ended.hung && ended.status.success(), "{ended:?}");
}

/// Somebody else listens there, or it is no address: it ends, and says which.
#[test]
fn an_address_that_it_cannot_have_is_named() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let taken = taken.local_addr().map(|address| (address.to_string(), taken)).unwrap();
    for address in [&taken.0, "nonsense", "\x1b[31m:6669"] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_observability"));
        let child = Child::start(command.arg("console").env("TOKIO_CONSOLE_BIND", address));
        let ended = child.end_within(LIMIT);
        assert_eq!((ended.hung, ended.status.code()), (false, Some(1)), "{ended:?}");
        let said = format!("error: TOKIO_CONSOLE_BIND {address:?}: ");
        assert!(ended.stderr.starts_with(&said), "{ended:?}");
        assert_eq!(ended.stdout, "");
    }
}

/// It speaks gRPC, not HTTP/1.1: there is no page to look at.
/// Proves D-12-3.
#[tokio::test]
async fn a_browser_gets_no_page() {
    let program = Program::start();
    let mut browser = connected(async || TcpStream::connect(program.address)).await;
    browser.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    // Ends by an error if the program resets the connection instead of closing it.
    let _ = browser.read_to_end(&mut answer);
    assert!(!answer.starts_with(b"HTTP/1"), "{}", String::from_utf8_lossy(&answer));
}

/// The program under test, on a port of its own.
struct Program {
    address: SocketAddr,
    /// It would run until Ctrl+C, but for its drop.
    _child: Child,
}

impl Program {
    fn start() -> Self {
        let address = free_address().expect("a port can be opened");
        let mut command = Command::new(env!("CARGO_BIN_EXE_observability"));
        command.arg("console");
        command.env("TOKIO_CONSOLE_BIND", address.to_string());
        // The default is a second.
        command.env("TOKIO_CONSOLE_PUBLISH_INTERVAL", "20ms");
        let mut child = Child::start(&mut command);
        child.wait_for_line(&format!("tokio-console http://{address}"));
        Self { address, _child: child }
    }
}

/// A port that nobody is given for the next minute, but that can be asked for.
///
/// Closing a connection from the side of the listener leaves its port in `TIME_WAIT`.
fn free_address() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let client = TcpStream::connect(address)?;
    drop(listener.accept()?);
    drop(client);
    Ok(address)
}

/// Tries until it succeeds: the port opens on a thread of its own, at no promised time.
async fn connected<T, E>(attempt: impl AsyncFn() -> Result<T, E>) -> T {
    let attempts = async {
        loop {
            match attempt().await {
                Ok(connection) => return connection,
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            }
        }
    };
    tokio::time::timeout(LIMIT, attempts).await.expect("the port opens")
}

/// What a client is told until it has seen `enough`.
async fn watch(address: SocketAddr, enough: impl Fn(&Tasks) -> bool) -> Tasks {
    let url = format!("http://{address}");
    let mut client = connected(async || InstrumentClient::connect(url.clone()).await).await;
    let updates = client.watch_updates(InstrumentRequest {}).await;
    let mut updates = updates.expect("it serves whoever connects").into_inner();
    let mut seen = Tasks::default();
    let watching = async {
        while !enough(&seen) {
            let update = updates.message().await.expect("the connection holds");
            let update = update.unwrap_or_default();
            let tasks = update.task_update.unwrap_or_default();
            let new = tasks.new_tasks.into_iter();
            seen.tasks.extend(new.filter_map(|task| Some((task.id?.id, task))));
            seen.stats.extend(tasks.stats_update);
            let operations = update.async_op_update.unwrap_or_default();
            let new = operations.new_async_ops.into_iter();
            seen.operations.extend(new.filter_map(|op| Some((op.id?.id, op.source))));
            seen.operation_stats.extend(operations.stats_update);
        }
    };
    tokio::time::timeout(LIMIT, watching).await.expect("it tells what is there");
    seen
}

/// The tasks seen so far, and the newest numbers of each, by the identity they share.
#[derive(Default)]
struct Tasks {
    tasks: HashMap<u64, Task>,
    stats: HashMap<u64, Stats>,
    /// What tasks wait for, by its function, and in the same way what is known of it.
    operations: HashMap<u64, String>,
    operation_stats: HashMap<u64, async_ops::Stats>,
}

impl Tasks {
    /// A task that was spawned there, with its numbers.
    fn spawned_at(&self, file: &str, line: u32) -> Option<(&Task, &Stats)> {
        let (id, task) = self.tasks.iter().find(|(_, task)| {
            let location = task.location.as_ref();
            location.is_some_and(|at| at.file().ends_with(file) && at.line == Some(line))
        })?;
        Some((task, self.stats.get(id)?))
    }

    /// The tasks that are in this function now.
    fn within(&self, function: &str) -> HashSet<u64> {
        let operations = self.operations.iter().filter(|(_, source)| *source == function);
        let stats = operations.filter_map(|(id, _)| self.operation_stats.get(id));
        let going_on = stats.filter(|stats| stats.dropped_at.is_none());
        going_on.filter_map(|stats| Some(stats.task_id.as_ref()?.id)).collect()
    }
}

/// The line of `src/console.rs` that has this in it.
fn line(code: &str) -> u32 {
    let lines = include_str!("../src/console.rs").lines();
    let before = lines.take_while(|line| !line.contains(code)).count();
    u32::try_from(before + 1).expect("it is a short file")
}

fn field(task: &Task, wanted: &str) -> Option<String> {
    let is_wanted =
        |name: &Option<Name>| matches!(name, Some(Name::StrName(name)) if name == wanted);
    let field = task.fields.iter().find(|field| is_wanted(&field.name))?;
    match field.value.as_ref()? {
        Value::DebugVal(text) | Value::StrVal(text) => Some(text.clone()),
        _ => None,
    }
}

fn polls_and_busy_time(stats: &Stats) -> (u32, Duration) {
    let stats = stats.poll_stats.as_ref().expect("every task has them");
    let busy = stats.busy_time.map(|busy| busy.try_into().expect("no time is negative"));
    (u32::try_from(stats.polls).expect("it has just started"), busy.unwrap_or_default())
}
