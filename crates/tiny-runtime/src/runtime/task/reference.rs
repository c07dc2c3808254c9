//! One reference to a task, which the handles hold.
//!
//! Contains `unsafe`: a pointer that lives as long as the reference is counted.
//!
//! Tokio's counterpart: `tokio/src/runtime/task/raw.rs`.

#![expect(unsafe_code, reason = "a pointer that lives as long as the reference is counted")]

use super::error::JoinError;
use super::header::Header;
use super::transition::Wake;
use std::ptr::NonNull;

/// One reference to a task.
pub(super) struct TaskRef(NonNull<Header>);

// SAFETY: through it one reaches the atomic state, and the functions that abort and free.
unsafe impl Send for TaskRef {}
// SAFETY: as above.
unsafe impl Sync for TaskRef {}

impl TaskRef {
    /// Takes over a reference that is counted.
    pub(super) fn new(task: NonNull<Header>) -> Self {
        Self(task)
    }

    pub(super) fn header(&self) -> &Header {
        // SAFETY: counted, so the cell lives.
        unsafe { self.0.as_ref() }
    }

    pub(super) fn abort(&self) {
        if self.header().state.abort() == Wake::Submit {
            // SAFETY: just made `Scheduled` by this thread.
            unsafe { (self.header().vtable.schedule)(self.0) };
        }
    }

    /// Returns the output, unless it has been taken.
    ///
    /// # Safety
    ///
    /// The caller is the task's one handle, and its output is a `T`. The task is complete, and was so
    /// before its handle went.
    pub(super) unsafe fn take_output<T>(&self) -> Option<Result<T, JoinError>> {
        let mut output = None;
        let to = (&raw mut output).cast();
        // SAFETY: the caller says whose the output is, and of what type.
        unsafe { (self.header().vtable.take_output)(self.0, to) };
        output
    }
}

impl Clone for TaskRef {
    fn clone(&self) -> Self {
        self.header().state.retain();
        Self(self.0)
    }
}

impl Drop for TaskRef {
    fn drop(&mut self) {
        if self.header().state.release_probably_last() {
            // SAFETY: it was the last reference.
            unsafe { (self.header().vtable.free)(self.0) };
        }
    }
}
