//! The words of a drawing.

use super::rows::{Word, plain};
use crate::model::{Kind, Lane, LaneId, Outcome, Resource};

/// Behind "task 1 is polled", or behind "task 1" if that stands above.
pub(super) fn outcome(outcome: Outcome, is_shown: bool) -> &'static str {
    match outcome {
        Outcome::Pending => " → Pending",
        Outcome::Ready => " → Ready",
        Outcome::Panicked if is_shown => " panics",
        Outcome::Panicked => " and panics",
    }
}

pub(super) fn is_timer(kind: Kind) -> bool {
    matches!(kind, Kind::Resource(Resource::Sleep | Resource::Interval))
}

/// "waits for …"
pub(super) fn wish(resource: &Lane, holders: &[LaneId]) -> Vec<Word> {
    let mut words = match resource.kind {
        Kind::Resource(Resource::Semaphore) => vec![plain("a permit of "), Word::Lane(resource.id)],
        Kind::Resource(Resource::Mpsc) => vec![plain("a free place in "), Word::Lane(resource.id)],
        _ => vec![Word::Lane(resource.id)],
    };
    if let ([holder], Kind::Resource(Resource::Mutex | Resource::RwLock)) = (holders, resource.kind)
    {
        words.extend([plain(", which "), Word::Lane(*holder), plain(" has")]);
    }
    words
}

/// "task 1 …"
pub(super) fn takes(resource: &Lane) -> Vec<Word> {
    match resource.kind {
        Kind::Resource(Resource::Semaphore) => {
            vec![plain("takes a permit of "), Word::Lane(resource.id)]
        }
        _ => vec![plain("locks "), Word::Lane(resource.id)],
    }
}

pub(super) fn gives_back(resource: &Lane) -> Vec<Word> {
    match resource.kind {
        Kind::Resource(Resource::Semaphore) => {
            vec![plain("gives a permit back to "), Word::Lane(resource.id)]
        }
        _ => vec![plain("unlocks "), Word::Lane(resource.id)],
    }
}

pub(super) fn gives(resource: &Lane, to: LaneId) -> Vec<Word> {
    let what = match resource.kind {
        Kind::Resource(Resource::Semaphore) => {
            vec![plain("gives its permit of "), Word::Lane(resource.id)]
        }
        _ => vec![plain("gives "), Word::Lane(resource.id)],
    };
    what.into_iter().chain([plain(" to "), Word::Lane(to)]).collect()
}
