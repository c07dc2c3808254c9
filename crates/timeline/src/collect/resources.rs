//! Locks, timers and channels, and the operations on them.

use super::fields::Fields;
use super::raw::{Facts, RawWhat};
use super::spans::{Frame, Owner, Permits, Span};
use super::state::State;
use crate::model::{Kind, Resource};
use std::time::Instant;

impl State {
    pub(super) fn new_resource(&mut self, at: Instant, thread: u32, id: u64, fields: &Fields) {
        let around = self.frames(thread).iter().rev().find_map(|frame| match frame.span {
            Span::Resource { owner, .. } => Some(owner),
            _ => None,
        });
        let owner = match around {
            Some(owner) => owner,
            None if fields.is_in_tokio("") || super::is_own(fields) => None,
            None => {
                // Only a bounded channel has a semaphore of its own.
                let resource = if fields.is_internal { Resource::Mpsc } else { fields.resource() };
                let facts = Facts {
                    kind: Kind::Resource(resource),
                    name: String::new(),
                    location: fields.location(),
                    size_bytes: None,
                    reports_wakes: true,
                };
                self.new_lane(at, thread, facts)
            }
        };
        self.spans.insert(id, Span::Resource { owner, is_part: around.is_some() });
    }

    /// `parent` is None if it is the span that the thread is in.
    pub(super) fn new_op(&mut self, thread: u32, id: u64, parent: Option<u64>) {
        let owner = self.parent(thread, parent).and_then(|(_, span)| self.owner(span));
        self.spans.insert(id, Span::Op { owner, permits: Permits::default() });
    }

    pub(super) fn new_op_poll(&mut self, thread: u32, id: u64, parent: Option<u64>) {
        if let Some((op, Span::Op { .. })) = self.parent(thread, parent) {
            self.spans.insert(id, Span::OpPoll { op });
        }
    }

    fn parent(&self, thread: u32, parent: Option<u64>) -> Option<(u64, Span)> {
        match parent {
            Some(id) => Some((id, *self.spans.get(&id)?)),
            None => self.frames(thread).last().map(|frame| (frame.id, frame.span)),
        }
    }

    pub(super) fn resource_changed(&mut self, at: Instant, thread: u32, fields: &Fields) {
        let nearest = self.frames(thread).last().map(|frame| self.owner(frame.span));
        let Some(resource) = self.resource_polled(thread).or(nearest).flatten() else { return };
        let is = |kind| self.recording.lanes[resource as usize].kind == Kind::Resource(kind);
        let what = match *fields {
            Fields { duration: Some(millis), .. } => RawWhat::Armed { resource, millis },
            Fields { is_sent: true, .. } => RawWhat::Sent(resource),
            Fields { locked: Some(locked), .. } => RawWhat::Locked { resource, locked },
            // A mutex says `locked` instead.
            Fields { permits: Some(1..), adds: true, .. } if !is(Resource::Mutex) => {
                RawWhat::Released(resource)
            }
            _ => return,
        };
        self.push(at, thread, what);
    }

    /// The permits of one `acquire` have changed. Outside its own poll somebody else gave them.
    pub(super) fn permits_changed(&mut self, at: Instant, thread: u32, fields: &Fields) {
        let Some(frame) = self.frames(thread).last() else { return };
        let (id, is_polled) = match frame.span {
            Span::Op { .. } => (frame.id, self.is_polled(thread, frame.id)),
            Span::OpPoll { op } => (op, true),
            _ => return,
        };
        let Some(Span::Op { owner, permits }) = self.spans.get_mut(&id) else { return };
        permits.requested = fields.permits_requested.unwrap_or(permits.requested);
        if !fields.adds {
            return;
        }
        permits.obtained += fields.permits_obtained.unwrap_or_default();
        let is_complete = permits.obtained >= permits.requested;
        if let (Some(resource), true, false) = (*owner, is_complete, is_polled) {
            let to = permits.polled_by;
            self.push(at, thread, RawWhat::Granted { resource, to });
        }
    }

    fn is_polled(&self, thread: u32, op: u64) -> bool {
        let is_its = |frame: &Frame| matches!(frame.span, Span::OpPoll { op: its } if its == op);
        self.frames(thread).iter().any(is_its)
    }

    /// Returns the resource of the outermost operation that is being polled inside the current
    /// lane: `Mutex`, not the semaphore inside it.
    pub(super) fn resource_polled(&self, thread: u32) -> Option<Owner> {
        let frames = self.frames(thread).iter().rev();
        let inside = frames.take_while(|frame| !matches!(frame.span, Span::Lane(_)));
        let outermost = inside.filter(|frame| matches!(frame.span, Span::OpPoll { .. })).last()?;
        Some(self.owner(outermost.span))
    }

    pub(super) fn owner(&self, span: Span) -> Owner {
        match span {
            Span::Resource { owner, .. } | Span::Op { owner, .. } => owner,
            Span::OpPoll { op } => match self.spans.get(&op) {
                Some(Span::Op { owner, .. }) => *owner,
                _ => None,
            },
            Span::Lane(_) | Span::Root(_) => None,
        }
    }
}
