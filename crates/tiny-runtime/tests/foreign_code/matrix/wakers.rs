//! Foreign code in a waker: each place that keeps one, and each time at which its functions run.

use super::acts::World;
use super::probe::{Quiet, waker};

use super::rt::net::{TcpListener, UdpSocket};
use super::rt::{task::JoinSet, task::yield_now, time::sleep};
use super::{Event, Place, own};
use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Waker};
use std::time::Duration;
use std::{net, thread};
use tokio::sync::oneshot;

/// Something to wait for, and what makes it ready.
struct Kept {
    wait: Pin<Box<dyn Future<Output = ()> + Send>>,
    fire: Box<dyn FnOnce() + Send>,
}

/// The place that keeps the waker.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Keeper {
    JoinHandle,
    Sleep,
    Set,
    Yield,
    /// The place for many waiters.
    Socket,
    /// The place for one.
    Listener,
}

/// When the waker's functions run.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Clone,
    Wake,
    /// Its drop panics beside its wake.
    WakeAndDrop,
    Replaced,
    OwnerDropped,
    RuntimeEnds,
}

/// The thread that polls.
#[derive(Clone, Copy, Debug, PartialEq)]
enum By {
    Caller,
    Task,
}

const KEEPERS: [Keeper; 6] = [
    Keeper::JoinHandle,
    Keeper::Sleep,
    Keeper::Set,
    Keeper::Yield,
    Keeper::Socket,
    Keeper::Listener,
];

const PHASES: [(Phase, &[Event]); 6] = [
    (Phase::Clone, &[Event::Clone]),
    (Phase::Wake, &[Event::Wake]),
    (Phase::WakeAndDrop, &[Event::Wake, Event::Drop]),
    (Phase::Replaced, &[Event::Drop]),
    (Phase::OwnerDropped, &[Event::Drop]),
    (Phase::RuntimeEnds, &[Event::Wake, Event::Drop]),
];

/// Whether that waker is kept there, and its function runs.
fn exists(keeper: Keeper, phase: Phase, by: By) -> bool {
    match keeper {
        // Nothing keeps it but the worker, until it has polled the driver.
        Keeper::Yield => by == By::Task && !matches!(phase, Phase::RuntimeEnds),
        // Miri has no sockets.
        Keeper::Socket | Keeper::Listener => !cfg!(miri),
        _ => true,
    }
}

pub fn places() -> &'static [Place] {
    static PLACES: OnceLock<Vec<Place>> = OnceLock::new();
    PLACES.get_or_init(|| {
        let mut places = Vec::new();
        for keeper in KEEPERS {
            for (phase, acts_at) in PHASES {
                for by in [By::Caller, By::Task] {
                    if exists(keeper, phase, by) {
                        let name = format!("waker in {keeper:?}, {phase:?}, by {by:?}");
                        let visit = Box::new(move |world: &_| visit(world, keeper, phase, by));
                        places.push(Place { name, acts_at, visit });
                    }
                }
            }
        }
        places
    })
}

fn visit(world: &Arc<World>, keeper: Keeper, phase: Phase, by: By) -> String {
    let probe = || waker(world);
    let (mut kept, mut first);
    loop {
        kept = Some(make(world, keeper, matches!(phase, Phase::Wake | Phase::WakeAndDrop)));
        (kept, first) = polled(world, by, kept, probe());
        // On a slow machine a short sleep is over before it is polled.
        if keeper != Keeper::Sleep || first != "ready" {
            break;
        }
    }
    let mut outcome = vec![first];
    match phase {
        Phase::Clone => {}
        Phase::Wake | Phase::WakeAndDrop => {
            if let Some(kept) = &mut kept {
                std::mem::replace(&mut kept.fire, Box::new(|| ()))();
            }
            world.drive_until_woken();
        }
        Phase::Replaced => {
            for waker in [probe(), Quiet::noop()] {
                let polled = polled(world, by, kept, waker);
                kept = polled.0;
                outcome.push(polled.1);
            }
            world.drive_until_acted();
        }
        Phase::OwnerDropped => {
            let dropped = move || own(|| drop(kept.take()), |()| "dropped".into());
            outcome.extend(inside(world, by, dropped));
            kept = None;
            world.drive_until_acted();
        }
        Phase::RuntimeEnds => {
            outcome.push(own(|| world.drop_runtime(), |()| "ended".into()));
            while !world.has_acted() {
                thread::yield_now();
            }
        }
    }
    let (kept, last) = polled(world, by, kept, Quiet::noop());
    outcome.push(last);
    outcome.extend(inside(world, by, move || own(|| drop(kept), |()| "dropped".into())));
    outcome.join(", ")
}

/// Polls it once. It is gone if its task is: the runtime has ended.
fn polled(world: &Arc<World>, by: By, kept: Option<Kept>, waker: Quiet) -> (Option<Kept>, String) {
    let Some(mut kept) = kept else { return (None, "gone".into()) };
    let poll = move || {
        let poll = || kept.wait.as_mut().poll(&mut Context::from_waker(&waker.0));
        let polled = own(poll, |poll| if poll.is_ready() { "ready" } else { "pending" }.into());
        (Some(kept), polled)
    };
    inside(world, by, poll).unwrap_or((None, "gone".into()))
}

/// In the runtime, on the thread that is to do it. None if the runtime has ended.
fn inside<T: Send + 'static>(
    world: &Arc<World>,
    by: By,
    work: impl FnOnce() -> T + Send + 'static,
) -> Option<T> {
    match by {
        By::Task if world.has_runtime() => world.drive(async move { work() }).ok(),
        _ => {
            let _entered = world.handle.enter();
            Some(work())
        }
    }
}

fn make(world: &Arc<World>, keeper: Keeper, fires: bool) -> Kept {
    let _entered = world.handle.enter();
    match keeper {
        Keeper::JoinHandle => {
            let (open, gate) = oneshot::channel::<()>();
            let mut task = world.handle.spawn(gate);
            let itself = task.abort_handle();
            world.set_target(itself.clone());
            world.set_come_back(move || _ = itself.is_finished());
            kept(poll_fn(move |cx| Pin::new(&mut task).poll(cx).map(drop)), move || {
                _ = open.send(())
            })
        }
        Keeper::Sleep => {
            let long = if fires { Duration::from_millis(2) } else { Duration::from_secs(3600) };
            kept(sleep(long), || ())
        }
        Keeper::Set => {
            let (open, gate) = oneshot::channel::<()>();
            let mut set = JoinSet::new();
            let itself = set.spawn(gate);
            world.set_target(itself.clone());
            world.set_come_back(move || _ = itself.is_finished());
            kept(poll_fn(move |cx| set.poll_join_next(cx).map(drop)), move || _ = open.send(()))
        }
        Keeper::Yield => kept(yield_now(), || ()),
        Keeper::Socket => {
            let socket = futures::executor::block_on(UdpSocket::bind("127.0.0.1:0")).unwrap();
            let (address, socket) = (socket.local_addr().unwrap(), Arc::new(socket));
            let itself = socket.clone();
            world.set_come_back(move || {
                let mut again = std::pin::pin!(itself.readable());
                let _ready = again.as_mut().poll(&mut Context::from_waker(Waker::noop()));
            });
            let send = move || {
                let sender = net::UdpSocket::bind("127.0.0.1:0").unwrap();
                sender.send_to(b"1", address).unwrap();
            };
            kept(async move { socket.readable().await.unwrap() }, send)
        }
        Keeper::Listener => {
            let listener = futures::executor::block_on(TcpListener::bind("127.0.0.1:0")).unwrap();
            let (address, listener) = (listener.local_addr().unwrap(), Arc::new(listener));
            let itself = Arc::downgrade(&listener);
            world.set_come_back(move || {
                let mut cx = Context::from_waker(Waker::noop());
                let _ready = itself.upgrade().map(|itself| itself.poll_accept(&mut cx).is_ready());
            });
            let connect = move || drop(net::TcpStream::connect(address).unwrap());
            kept(poll_fn(move |cx| listener.poll_accept(cx).map(drop)), connect)
        }
    }
}

fn kept(
    wait: impl Future<Output = ()> + Send + 'static,
    fire: impl FnOnce() + Send + 'static,
) -> Kept {
    Kept { wait: Box::pin(wait), fire: Box::new(fire) }
}
