//! Guide 8.1 — smol's global executor has one thread unless you ask for more; Tokio has one per core.

use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

/// Long enough to be sure of a task that cannot start.
const STUCK: Duration = Duration::from_millis(100);
/// Far longer than a task that can start ever needs.
const FREE: Duration = Duration::from_secs(5);

pub fn main() -> std::io::Result<()> {
    let tokio = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build()?;
    let at_once = tokio.block_on(async {
        let (second_runs, wait_for_second) = channel();
        let first = tokio::spawn(async move { is_joined_by_another(&wait_for_second, FREE) });
        tokio::spawn(async move { second_runs.send(()) });
        first.await.is_ok_and(|at_once| at_once)
    });
    println!("tokio, two workers: {}", in_words(at_once));

    let at_once = smol::block_on(async {
        let (second_runs, wait_for_second) = channel();
        let first = smol::spawn(async move { is_joined_by_another(&wait_for_second, STUCK) });
        smol::spawn(async move { second_runs.send(()) }).detach();
        first.await
    });
    println!("smol: {}", in_words(at_once));
    Ok(())
}

/// Blocks its thread: another task can run meanwhile only on another thread.
fn is_joined_by_another(another: &Receiver<()>, limit: Duration) -> bool {
    another.recv_timeout(limit).is_ok()
}

fn in_words(at_once: bool) -> &'static str {
    if at_once { "two tasks at once" } else { "one task after the other" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use std::process::Command;
    use std::sync::{Arc, Condvar, Mutex};
    use std::thread::available_parallelism;
    use utils::probe::Child;

    fn on_smol(limit: Duration) -> bool {
        smol::block_on(async {
            let (second_runs, wait_for_second) = channel();
            let first = smol::spawn(async move { is_joined_by_another(&wait_for_second, limit) });
            smol::spawn(async move { second_runs.send(()) }).detach();
            first.await
        })
    }

    /// In processes of their own: the variable is read when the first task is spawned.
    /// Proves G-8.1-3, G-8.1-4.
    #[test]
    fn smol_runs_two_tasks_at_once_only_if_asked_to() {
        const CHILD: &str = "AT_ONCE_CHILD";
        const THREADS: &str = "SMOL_THREADS";
        if std::env::var_os(CHILD).is_some() {
            let asked = std::env::var_os(THREADS).is_some();
            assert_eq!(on_smol(if asked { FREE } else { STUCK }), asked);
            return;
        }
        for threads in [None, Some("2")] {
            let mut command = Command::new(std::env::current_exe().unwrap());
            let this = "at_once::tests::smol_runs_two_tasks_at_once_only_if_asked_to";
            command.args([this, "--exact"]).env(CHILD, "").env_remove(THREADS);
            command.envs(threads.map(|number| (THREADS, number)));
            let ended = Child::start(&mut command).end();
            assert!(ended.status.success(), "{threads:?}: {ended:#?}");
            assert!(ended.stdout.contains("1 passed"), "{ended:#?}");
        }
    }

    /// Proves G-8.1-3.
    #[test]
    fn tokio_and_async_std_have_a_thread_for_each_core() {
        let cores = available_parallelism().unwrap().get();
        if std::env::var_os("TOKIO_WORKER_THREADS").is_none() {
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let all_meet = runtime.block_on(async {
                let tasks = meeting_of(cores).map(|attend| tokio::spawn(async { attend() }));
                let tasks: Vec<_> = tasks.collect();
                join_all(tasks).await.into_iter().all(Result::unwrap)
            });
            assert!(all_meet, "Tokio");
        }
        if std::env::var_os("ASYNC_STD_THREAD_COUNT").is_none() {
            let all_meet = async_std::task::block_on(async {
                let tasks =
                    meeting_of(cores).map(|attend| async_std::task::spawn(async { attend() }));
                let tasks: Vec<_> = tasks.collect();
                join_all(tasks).await.into_iter().all(|met| met)
            });
            assert!(all_meet, "async-std");
        }
    }

    /// Proves G-8.1-9.
    #[test]
    fn smol_runs_its_tasks_on_whatever_threads_one_gives_it() {
        let executor = smol::Executor::new();
        let (end, ended) = smol::channel::bounded::<()>(1);
        let all_meet = std::thread::scope(|scope| {
            for _ in 0..3 {
                scope.spawn(|| smol::block_on(executor.run(ended.recv())));
            }
            let tasks = meeting_of(3).map(|attend| executor.spawn(async { attend() }));
            let all_meet = smol::block_on(join_all(tasks)).into_iter().all(|met| met);
            drop(end);
            all_meet
        });
        assert!(all_meet);
    }

    /// Proves G-8.1-4.
    #[test]
    fn a_second_thread_of_smol_runs_all_64_tasks_of_one_that_blocks() {
        let executor = Arc::new(smol::Executor::new());
        let (end, ended) = smol::channel::bounded::<()>(1);
        let taken = std::thread::scope(|scope| {
            for _ in 0..2 {
                scope.spawn(|| smol::block_on(executor.run(ended.recv())));
            }
            let spawner = executor.clone();
            let blocked = executor.spawn(async move {
                taken_from_this_thread(|task| spawner.spawn(async { task() }).detach())
            });
            let taken = smol::block_on(blocked);
            drop(end);
            taken
        });
        assert_eq!(taken, 64);
    }

    /// In a process of its own: the variable is read when the first task is spawned.
    /// Proves G-8.1-4.
    #[test]
    fn a_second_thread_of_async_std_does_so_too() {
        const THREADS: &str = "ASYNC_STD_THREAD_COUNT";
        if std::env::var(THREADS).as_deref() == Ok("2") {
            let taken = async_std::task::block_on(async_std::task::spawn(async {
                taken_from_this_thread(|task| drop(async_std::task::spawn(async { task() })))
            }));
            assert_eq!(taken, 64);
            return;
        }
        let mut command = Command::new(std::env::current_exe().unwrap());
        let this = "at_once::tests::a_second_thread_of_async_std_does_so_too";
        let ended = Child::start(command.args([this, "--exact"]).env(THREADS, "2")).end();
        assert!(ended.status.success() && ended.stdout.contains("1 passed"), "{ended:#?}");
    }

    /// Spawns 64 tasks, then blocks its thread. Returns how many of them run on another one.
    fn taken_from_this_thread(spawn: impl Fn(Box<dyn FnOnce() + Send>)) -> usize {
        let (runs, ran) = channel();
        for _ in 0..64 {
            let runs = runs.clone();
            let run = move || runs.send(std::thread::current().id());
            spawn(Box::new(move || run().expect("it is counted below")));
        }
        let this = std::thread::current().id();
        let taken = |_: &usize| ran.recv_timeout(FREE).is_ok_and(|thread| thread != this);
        (0..64).take_while(taken).count()
    }

    /// For each task what blocks its thread until all others do so too. Says whether they did.
    fn meeting_of(number: usize) -> impl Iterator<Item = impl FnOnce() -> bool + Send> {
        let meeting = Arc::new((Mutex::new(0), Condvar::new()));
        std::iter::repeat_n(meeting, number).map(move |meeting| {
            move || {
                let (here, arrived) = &*meeting;
                let mut here = here.lock().unwrap();
                *here += 1;
                arrived.notify_all();
                let missing = |here: &mut usize| *here < number;
                !arrived.wait_timeout_while(here, FREE, missing).unwrap().1.timed_out()
            }
        })
    }
}
