//! Which lane has which lock.

use crate::collect::raw::RawWhat;
use crate::model::{LaneId, Resource, What};
use std::collections::HashMap;

#[derive(Default)]
pub(super) struct Holders {
    /// For each lock or semaphore, a lane for each permit that was taken.
    by_resource: HashMap<u32, Vec<u32>>,
    /// Given to a waiter that has not been polled since.
    granted: Vec<(u32, u32)>,
}

impl Holders {
    /// A poll of `resource` was ready. Returns what is new about the resource.
    pub(super) fn got(&mut self, resource: u32, kind: Resource, lane: u32) -> Option<(u32, What)> {
        // A mutex says `locked` by itself, also after `try_lock`.
        if !matches!(kind, Resource::Semaphore | Resource::RwLock) {
            return None;
        }
        self.take(resource, lane)
    }

    fn take(&mut self, resource: u32, lane: u32) -> Option<(u32, What)> {
        if let Some(index) = self.granted.iter().position(|it| *it == (resource, lane)) {
            self.granted.remove(index);
            return None;
        }
        self.by_resource.entry(resource).or_default().push(lane);
        Some((resource, What::Acquired { holder: LaneId(lane) }))
    }

    /// `current` is the lane that is polled.
    pub(super) fn change(&mut self, what: RawWhat, current: Option<u32>) -> Vec<(u32, What)> {
        match what {
            RawWhat::Locked { resource, locked: true } => {
                current.and_then(|lane| self.take(resource, lane)).into_iter().collect()
            }
            // The guard says so after it has given the lock to the next waiter.
            RawWhat::Locked { resource, locked: false } if self.is_granted(resource) => Vec::new(),
            RawWhat::Locked { resource, locked: false } | RawWhat::Released(resource) => {
                self.release(resource, current).into_iter().collect()
            }
            RawWhat::Granted { resource, to } => {
                let mut changes: Vec<_> = self.release(resource, current).into_iter().collect();
                if let Some(lane) = to {
                    changes.extend(self.take(resource, lane));
                    self.granted.push((resource, lane));
                }
                changes
            }
            _ => Vec::new(),
        }
    }

    fn is_granted(&self, resource: u32) -> bool {
        self.granted.iter().any(|(granted, _)| *granted == resource)
    }

    fn release(&mut self, resource: u32, current: Option<u32>) -> Option<(u32, What)> {
        let holders = self.by_resource.get_mut(&resource)?;
        let index = holders.iter().position(|holder| Some(*holder) == current);
        let holder = match index {
            Some(index) => holders.remove(index),
            None if holders.is_empty() => return None,
            None => holders.remove(0),
        };
        Some((resource, What::Released { holder: Some(LaneId(holder)) }))
    }
}
