//! The sentences about wakes: which lane wakes which, and why.

use super::names::name;
use crate::model::{By, Kind, LaneId, Resource, Timeline};

/// A sentence without its full stop.
pub(super) fn woken(timeline: &Timeline, id: LaneId, by: By) -> String {
    let own = name(timeline.lane(id));
    match by {
        By::Lane(by) if by == id => format!("{own} wakes itself: it is to be polled again"),
        By::Lane(by) => {
            let by = timeline.lane(by);
            match by.kind {
                Kind::Future if by.parent == Some(id) => {
                    format!("{} is part of {own}, so {own} is woken too", name(by))
                }
                kind if is_timer(kind) => {
                    format!("{} {} and wakes {own}", name(by), is_ready(by.kind))
                }
                _ => format!("{} wakes {own}", name(by)),
            }
        }
        By::Runtime => {
            format!("Tokio wakes {own}: a socket or signal is ready, or it is its turn again")
        }
        By::Thread => format!("A thread outside of Tokio wakes {own}"),
    }
}

pub(super) fn is_timer(kind: Kind) -> bool {
    matches!(kind, Kind::Resource(Resource::Sleep | Resource::Interval))
}

/// Returns what a resource is once it has been waited for.
pub(super) fn is_ready(kind: Kind) -> &'static str {
    match kind {
        Kind::Resource(Resource::Sleep) => "is over",
        Kind::Resource(Resource::Interval) => "ticks",
        _ => "is ready",
    }
}
