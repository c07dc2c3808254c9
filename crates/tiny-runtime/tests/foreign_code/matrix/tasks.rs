//! Foreign code that is a task, its output, a closure, or the caller's own.

use super::acts::World;
use super::driving::let_all_run;
use super::rt::task::{JoinSet, block_in_place};
use super::{Event, Flavor, Place, own};
use std::future::{Future, pending, poll_fn};
use std::panic::resume_unwind;
use std::pin::Pin;
use std::sync::{Arc, Barrier, OnceLock};
use std::task::{Context, Poll};
use std::thread;
use tokio::sync::oneshot;

pub fn places() -> &'static [Place] {
    static PLACES: OnceLock<Vec<Place>> = OnceLock::new();
    let place = |name: &str, acts_at, visit: fn(&Arc<World>) -> String| Place {
        name: name.to_owned(),
        acts_at,
        visit: Box::new(visit),
    };
    PLACES.get_or_init(|| {
        vec![
            place("poll of a task", &[Event::Poll], poll),
            place("drop of a finished future", &[Event::Drop], finished),
            place("drop of an aborted future", &[Event::Drop], aborted),
            place("drop as the poll panics", &[Event::DropByPanic], panicked),
            place("drop at the end of the runtime", &[Event::Drop], at_the_end),
            place("drop of a refused future", &[Event::Drop], refused),
            place("drop of a detached output", &[Event::Drop], detached),
            place("drop of an output by its handle", &[Event::Drop], by_handle),
            place("drop of a detached payload", &[Event::Drop], payload),
            place("blocking closure", &[Event::Poll], closure),
            place("drop of a closure's output", &[Event::Drop], closure_output),
            place("drop of an aborted closure", &[Event::Drop], aborted_closure),
            place("closure in place", &[Event::Poll], in_place),
            place("poll of a root", &[Event::Poll], root),
            place("drop of a root", &[Event::Drop], root_drop),
            place("iterator of a set", &[Event::Poll], iterator),
        ]
    })
}

/// Acts as it is dropped.
struct Value(Arc<World>);

impl Drop for Value {
    fn drop(&mut self) {
        self.0.foreign(Event::Drop);
    }
}

/// Ready at its first poll, and still there to be dropped.
struct Ready<T>(#[expect(dead_code, reason = "it is dropped")] Value, Option<T>);

impl<T: Unpin> Future for Ready<T> {
    type Output = T;

    fn poll(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<T> {
        Poll::Ready(self.1.take().expect("polled once"))
    }
}

fn value(world: &Arc<World>) -> Value {
    Value(world.clone())
}

fn label<T>(joined: Result<T, &'static str>) -> String {
    joined.map_or_else(str::to_owned, |_| "ok".to_owned())
}

fn poll(world: &Arc<World>) -> String {
    let (foreign, (start, started)) = (world.clone(), oneshot::channel::<()>());
    let task = world.handle.spawn(async move {
        started.await.unwrap();
        foreign.foreign(Event::Poll);
        let_all_run().await;
    });
    world.set_target(task.abort_handle());
    start.send(()).unwrap();
    label(world.join(task))
}

fn finished(world: &Arc<World>) -> String {
    // The promise is that no other task is harmed: the result is the output or the panic.
    let _either = world.drive(Ready(value(world), Some(())));
    String::new()
}

fn aborted(world: &Arc<World>) -> String {
    let value = value(world);
    let task = world.handle.spawn(async move {
        let _value = value;
        pending::<()>().await;
    });
    world.set_target(task.abort_handle());
    world.drive(let_all_run()).unwrap();
    task.abort();
    label(world.join(task))
}

fn panicked(world: &Arc<World>) -> String {
    let mut value = Some(value(world));
    // The runtime drops the value, with the closure that has it; a local of the poll would be dropped by the poll.
    let task = world.handle.spawn(poll_fn(move |_| -> Poll<()> {
        let _stays = &mut value;
        resume_unwind(Box::new("on purpose"))
    }));
    world.set_target(task.abort_handle());
    label(world.join(task))
}

fn at_the_end(world: &Arc<World>) -> String {
    let value = value(world);
    let task = world.handle.spawn(async move {
        let _value = value;
        pending::<()>().await;
    });
    world.set_target(task.abort_handle());
    world.drive(let_all_run()).unwrap();
    let ended = own(|| world.drop_runtime(), |()| "ended".into());
    format!("{ended}, {}", label(world.join(task)))
}

fn refused(world: &Arc<World>) -> String {
    world.drop_runtime();
    let spawned = || world.handle.spawn(Ready(value(world), Some(())));
    own(spawned, |task| label(world.join(task)))
}

fn detached(world: &Arc<World>) -> String {
    let value = value(world);
    drop(world.handle.spawn(async move { value }));
    world.drive_until_acted();
    String::new()
}

fn by_handle(world: &Arc<World>) -> String {
    let value = value(world);
    let task = world.handle.spawn(async move { value });
    world.set_target(task.abort_handle());
    world.drive(let_all_run()).unwrap();
    assert!(task.is_finished());
    own(|| drop(task), |()| "dropped".into())
}

fn payload(world: &Arc<World>) -> String {
    let value = value(world);
    // After the unwind, by the worker.
    drop(world.handle.spawn(async move { resume_unwind(Box::new(value)) }));
    world.drive_until_acted();
    String::new()
}

fn closure(world: &Arc<World>) -> String {
    let foreign = world.clone();
    let task = world.handle.spawn_blocking(move || foreign.foreign(Event::Poll));
    label(world.join(task))
}

fn closure_output(world: &Arc<World>) -> String {
    let value = value(world);
    drop(world.handle.spawn_blocking(move || value));
    world.drive_until_acted();
    String::new()
}

/// It waits for a thread, and both are busy.
fn aborted_closure(world: &Arc<World>) -> String {
    let (open, gates) = (Arc::new(Barrier::new(3)), [(); 2]);
    let busy = gates.map(|()| {
        let gate = open.clone();
        world.handle.spawn_blocking(move || _ = gate.wait())
    });
    let value = value(world);
    let task = world.handle.spawn_blocking(move || drop(value));
    world.set_target(task.abort_handle());
    task.abort();
    open.wait();
    let joined = label(world.join(task));
    busy.into_iter().for_each(|busy| assert_eq!(world.join(busy), Ok(())));
    joined
}

fn in_place(world: &Arc<World>) -> String {
    let foreign = world.clone();
    if world.flavor == Flavor::OneThread {
        // Not allowed there: outside of a task.
        return own(|| block_in_place(|| foreign.foreign(Event::Poll)), |()| "ok".into());
    }
    let in_task = async move {
        block_in_place(|| foreign.foreign(Event::Poll));
        let_all_run().await;
    };
    label(world.drive(in_task))
}

fn root(world: &Arc<World>) -> String {
    let (foreign, runtime) = (world.clone(), world.runtime().unwrap());
    let root = async move {
        let_all_run().await;
        foreign.foreign(Event::Poll);
        let_all_run().await;
    };
    own(|| runtime.block_on(root), |()| "ok".into())
}

fn root_drop(world: &Arc<World>) -> String {
    let (value, runtime) = (value(world), world.runtime().unwrap());
    let root = Ready(value, Some(()));
    own(|| runtime.block_on(root), |()| "ok".into())
}

fn iterator(world: &Arc<World>) -> String {
    let Some(runtime) = world.runtime() else { unreachable!("nothing has acted") };
    let _entered = runtime.enter();
    let (foreign, held) = (world.clone(), world.clone());
    let waits = move || {
        let held = held.clone();
        async move {
            let _held = held;
            pending::<()>().await;
        }
    };
    let futures = (0..3).map(move |index| {
        if index == 1 {
            foreign.foreign(Event::Poll);
        }
        waits()
    });
    let set = own(|| JoinSet::from_iter(futures), |set| set.len().to_string());
    // The set is gone, and its tasks are aborted: it ends without them.
    thread::yield_now();
    set
}
