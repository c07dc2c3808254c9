//! Tasks and named futures: made, polled, woken, dropped.

use super::fields::{Fields, Op};
use super::raw::{Facts, From, RawOutcome, RawWhat, WakerOp};
use super::spans::{Frame, Span};
use super::state::State;
use crate::model::Kind;
use std::time::Instant;

impl State {
    pub(super) fn new_task(&mut self, at: Instant, thread: u32, id: u64, fields: &Fields) {
        let kind = match fields.kind.as_str() {
            "block_on" => Kind::Root,
            "blocking" => Kind::Closure,
            _ => Kind::Task,
        };
        // The workers of a runtime are closures too.
        if kind == Kind::Closure && fields.is_in_tokio("runtime/") {
            return;
        }
        let facts = Facts {
            kind,
            name: fields.name.clone(),
            location: fields.location(),
            size_bytes: fields.size_bytes,
            reports_wakes: kind != Kind::Root,
        };
        if let Some(lane) = self.new_lane(at, thread, facts) {
            self.spans.insert(id, Span::Lane(lane));
        }
    }

    /// A future of this crate: a named one, or the one that `draw` gives to `block_on`.
    pub(super) fn new_future(&mut self, at: Instant, thread: u32, id: u64, fields: &Fields) {
        let is_root = |lane: &u32| self.recording.lanes[*lane as usize].kind == Kind::Root;
        if fields.kind == "root"
            && let Some(lane) = self.lane_on(thread).filter(is_root)
        {
            let facts = &mut self.recording.lanes[lane as usize];
            facts.location = fields.location();
            facts.size_bytes = fields.size_bytes;
            facts.reports_wakes = true;
            self.spans.insert(id, Span::Root(lane));
            return;
        }
        let facts = Facts {
            kind: Kind::Future,
            name: fields.name.clone(),
            location: fields.location(),
            size_bytes: fields.size_bytes,
            reports_wakes: true,
        };
        if let Some(lane) = self.new_lane(at, thread, facts) {
            self.spans.insert(id, Span::Lane(lane));
        }
    }

    pub(super) fn enter(&mut self, at: Instant, thread: u32, id: u64) {
        let Some(&span) = self.spans.get(&id) else { return };
        match span {
            Span::Lane(lane) => {
                self.note_sleep(at, thread);
                self.push(at, thread, RawWhat::Entered(lane));
            }
            Span::OpPoll { op } => {
                let polled_by = self.lane_on(thread);
                if let Some(Span::Op { permits, .. }) = self.spans.get_mut(&op) {
                    permits.polled_by = polled_by;
                }
            }
            _ => {}
        }
        let really_entered = self.is_paused.then(Instant::now);
        let frame = Frame { id, span, entered: at, really_entered, is_ready: None };
        self.threads[thread as usize].frames.push(frame);
    }

    pub(super) fn exit(&mut self, at: Instant, thread: u32, id: u64) {
        let frames = &mut self.threads[thread as usize].frames;
        let Some(index) = frames.iter().rposition(|frame| frame.id == id) else { return };
        let frame = frames.remove(index);
        match frame.span {
            Span::Lane(lane) => {
                // No two moments of the real clock are the same.
                self.is_paused |= at == frame.entered;
                let busy = match frame.really_entered {
                    Some(entered) => entered.elapsed(),
                    None => at.saturating_duration_since(frame.entered),
                };
                let busy = busy.as_nanos() as u64;
                let outcome = match frame.is_ready {
                    _ if std::thread::panicking() => RawOutcome::Panicked,
                    None => RawOutcome::Unknown,
                    Some(true) => RawOutcome::Ready,
                    Some(false) => RawOutcome::Pending,
                };
                self.push(at, thread, RawWhat::Exited { lane, outcome, busy });
            }
            Span::OpPoll { .. } if self.resource_polled(thread).is_none() => {
                // Without a word from Tokio the resource failed, as a closed semaphore does.
                let ready = frame.is_ready.unwrap_or(true);
                if let Some(resource) = self.owner(frame.span) {
                    self.push(at, thread, RawWhat::Polled { resource, ready });
                }
            }
            _ => {}
        }
    }

    pub(super) fn close(&mut self, at: Instant, thread: u32, id: u64) {
        let closed = self.spans.remove(&id);
        if let Some(Span::Lane(lane) | Span::Resource { owner: Some(lane), is_part: false }) =
            closed
        {
            self.push(at, thread, RawWhat::Closed(lane));
        }
    }

    pub(super) fn waker(&mut self, at: Instant, thread: u32, fields: &Fields) {
        let span = fields.task_id.and_then(|id| self.spans.get(&id));
        let Some(&(Span::Lane(lane) | Span::Root(lane))) = span else { return };
        // Tokio's waker of `block_on` is silent, and tiny-runtime's is not.
        self.recording.lanes[lane as usize].reports_wakes = true;
        let is_inside = || self.lane_on(thread).is_some() || (self.is_inside)();
        let from = || if is_inside() { From::Tokio } else { From::Elsewhere };
        let op = match fields.op {
            Some(Op::Clone) => WakerOp::Clone,
            Some(Op::Drop) => WakerOp::Drop,
            Some(Op::Wake) => WakerOp::Wake { from: from() },
            Some(Op::WakeByRef) => WakerOp::WakeByRef { from: from() },
            None => return,
        };
        self.note_sleep(at, thread);
        self.push(at, thread, RawWhat::Waker { lane, op });
    }

    fn note_sleep(&mut self, at: Instant, thread: u32) {
        if self.threads[thread as usize].has_slept() {
            self.push(at, thread, RawWhat::Unparked);
        }
    }

    /// Notes what a resource, or a named future, returned from its poll.
    pub(super) fn outcome(&mut self, thread: u32, is_ready: Option<bool>) {
        let Some(frame) = self.threads[thread as usize].frames.last_mut() else { return };
        frame.is_ready = is_ready.or(frame.is_ready);
    }

    pub(super) fn dropping(&mut self, at: Instant, thread: u32, id: Option<u64>) {
        if let Some(Span::Lane(lane)) = id.and_then(|id| self.spans.get(&id)) {
            let lane = *lane;
            self.push(at, thread, RawWhat::Dropping(lane));
        }
    }
}
