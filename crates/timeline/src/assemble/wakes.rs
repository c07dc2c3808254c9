//! Wakers and wakes.

use super::causes::Cause;
use super::{Progress, Reader};
use crate::collect::raw::{Raw, WakerOp};
use crate::findings::Unreachable;
use crate::model::{By, Kind, LaneId, What};

impl Reader<'_> {
    /// Notes a lane that waits, if it has no waker left. Not every waker of the root is reported.
    pub(super) fn note_unreachable(&mut self, lane: u32, had_one: bool) {
        let Progress { is_woken, is_dropped, is_polled, is_done, wakers, .. } =
            self.progress[lane as usize];
        let facts = &self.recording.lanes[lane as usize];
        let is_reported = facts.reports_wakes && facts.kind != Kind::Closure;
        if is_reported && wakers <= 0 && !(is_woken || is_dropped || is_polled || is_done) {
            let step = self.events.len() - 1;
            self.unreachable.push(Unreachable { lane: LaneId(lane), step, had_one });
        }
    }

    pub(super) fn waker(&mut self, raw: &Raw, lane: u32, op: WakerOp) {
        let progress = &mut self.progress[lane as usize];
        match op {
            WakerOp::Clone => {
                progress.wakers += 1;
                self.push(raw, lane, What::WakerCloned);
            }
            WakerOp::Drop => {
                progress.wakers -= 1;
                self.push(raw, lane, What::WakerDropped);
                self.note_unreachable(lane, true);
            }
            WakerOp::Wake { from } | WakerOp::WakeByRef { from } => {
                if let WakerOp::Wake { .. } = op {
                    progress.wakers -= 1;
                }
                let current = self.current(raw.thread);
                let by = self.causes.of(raw, lane, current, from, &self.lanes);
                self.wake(raw, lane, by, false);
                if self.recording.lanes[lane as usize].kind == Kind::Future {
                    self.wake_root_of(raw, lane);
                }
            }
        }
    }

    /// A part that is woken wakes what polls it, by the waker that it was given. That of a root may be silent.
    fn wake_root_of(&mut self, raw: &Raw, part: u32) {
        let silent = |lane: &u32| {
            let facts = &self.recording.lanes[*lane as usize];
            facts.kind == Kind::Root && !facts.reports_wakes
        };
        if let Some(root) = self.lanes.parent(part).filter(silent) {
            self.wake(raw, root, Cause::Lane(part), false);
        }
    }

    /// The lane to which permits or a value were passed on is woken next, without a report if it is the root.
    pub(super) fn passed_on(&mut self, raw: &Raw, to: u32) {
        let facts = &self.recording.lanes[to as usize];
        let is_silent = facts.kind == Kind::Root && !facts.reports_wakes;
        if let (true, Some(giver)) = (is_silent, self.current(raw.thread)) {
            self.wake(raw, to, Cause::Lane(giver), false);
        }
    }

    pub(super) fn wake(&mut self, raw: &Raw, lane: u32, by: Cause, inferred: bool) {
        self.progress[lane as usize].is_woken = true;
        let by = match by {
            Cause::Lane(lane) => By::Lane(LaneId(lane)),
            Cause::Runtime => By::Runtime,
            Cause::Thread => By::Thread,
        };
        self.push(raw, lane, What::Wake { by, inferred });
    }
}
