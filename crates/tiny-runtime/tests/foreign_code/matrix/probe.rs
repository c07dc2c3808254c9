//! A waker that acts in each of its functions.

use super::Event;
use super::acts::World;
use std::mem::ManuallyDrop;
use std::sync::Arc;
use std::task::{RawWaker, RawWakerVTable, Waker};

/// A waker that acts. Each has its own data, so that no two wake the same.
pub fn waker(world: &Arc<World>) -> Quiet {
    let probe = Arc::new(Probe(world.clone()));
    // SAFETY: the functions of the table count the `Arc` that the data is.
    let waker = unsafe { Waker::new(Arc::into_raw(probe.clone()).cast(), &PROBE) };
    Quiet(ManuallyDrop::new(waker), Some(probe))
}

/// The caller's own waker, which does not act as it is dropped: clones of it do.
pub struct Quiet(pub ManuallyDrop<Waker>, Option<Arc<Probe>>);

impl Quiet {
    pub fn noop() -> Self {
        Self(ManuallyDrop::new(Waker::noop().clone()), None)
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        if self.1.is_some() {
            // SAFETY: the waker's own reference, which its drop would give back.
            unsafe { Arc::decrement_strong_count(self.0.data().cast::<Probe>()) };
        }
    }
}

pub struct Probe(Arc<World>);

static PROBE: RawWakerVTable = RawWakerVTable::new(clone, wake, wake_by_ref, drop_waker);

/// Another reference.
unsafe fn probe(data: *const ()) -> Arc<Probe> {
    // SAFETY: the data of a waker that lives, whose own reference stays.
    unsafe { Arc::increment_strong_count(data.cast::<Probe>()) };
    // SAFETY: counted above.
    unsafe { Arc::from_raw(data.cast()) }
}

unsafe fn clone(data: *const ()) -> RawWaker {
    // SAFETY: called with a waker that lives.
    let probe = unsafe { probe(data) };
    probe.0.foreign(Event::Clone);
    RawWaker::new(Arc::into_raw(probe).cast(), &PROBE)
}

unsafe fn wake(data: *const ()) {
    // SAFETY: this waker's reference, which ends here, also by a panic.
    let last = unsafe { Arc::from_raw(data.cast::<Probe>()) };
    last.0.foreign(Event::Wake);
    last.0.foreign(Event::Drop);
}

unsafe fn wake_by_ref(data: *const ()) {
    // SAFETY: called with a waker that lives.
    unsafe { probe(data) }.0.foreign(Event::Wake);
}

unsafe fn drop_waker(data: *const ()) {
    // SAFETY: this waker's reference, which ends here, also by a panic.
    let last = unsafe { Arc::from_raw(data.cast::<Probe>()) };
    last.0.foreign(Event::Drop);
}
