//! The fields of Tokio's spans and events.

use crate::model::{Location, Resource};
use std::fmt;
use tracing::field::{Field, Visit};

#[derive(Debug, Default)]
pub(super) struct Fields {
    pub kind: String,
    pub name: String,
    pub concrete_type: String,
    pub is_internal: bool,
    pub size_bytes: Option<u64>,
    file: Option<String>,
    line: Option<u32>,
    pub op: Option<Op>,
    pub task_id: Option<u64>,
    pub is_ready: Option<bool>,
    pub locked: Option<bool>,
    /// The value of a oneshot channel is there, or its sender is gone.
    pub is_sent: bool,
    /// Of a timer, in milliseconds.
    pub duration: Option<u64>,
    pub permits: Option<u64>,
    pub permits_requested: Option<u64>,
    pub permits_obtained: Option<u64>,
    /// `permits` were added, not taken away or set.
    pub adds: bool,
}

/// An operation on a waker.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Op {
    Clone,
    Drop,
    Wake,
    WakeByRef,
}

impl Op {
    fn from_name(name: &str) -> Option<Op> {
        match name {
            "waker.clone" => Some(Op::Clone),
            "waker.drop" => Some(Op::Drop),
            "waker.wake" => Some(Op::Wake),
            "waker.wake_by_ref" => Some(Op::WakeByRef),
            _ => None,
        }
    }
}

impl Fields {
    pub(super) fn location(&self) -> Option<Location> {
        Some(Location { file: self.file.clone()?, line: self.line? })
    }

    pub(super) fn resource(&self) -> Resource {
        match self.concrete_type.as_str() {
            "Sleep" => Resource::Sleep,
            "Interval" => Resource::Interval,
            "Mutex" => Resource::Mutex,
            "RwLock" => Resource::RwLock,
            "Semaphore" => Resource::Semaphore,
            "Barrier" => Resource::Barrier,
            "Sender|Receiver" => Resource::Oneshot,
            _ => Resource::Other,
        }
    }

    /// Tells whether it was made in a file of Tokio itself: `…/tokio-1.54.1/src/runtime/blocking/shutdown.rs`.
    pub(super) fn is_in_tokio(&self, part: &str) -> bool {
        let Some(file) = &self.file else { return false };
        let file = file.replace('\\', "/");
        let Some((root, rest)) = file.rsplit_once("/src/") else { return false };
        let package = root.rsplit('/').next().unwrap_or_default();
        package.strip_prefix("tokio-").is_some_and(|version| version.starts_with(char::is_numeric))
            && rest.starts_with(part)
    }
}

impl Visit for Fields {
    fn record_u64(&mut self, field: &Field, value: u64) {
        match field.name() {
            "size.bytes" => self.size_bytes = Some(value),
            "loc.line" => self.line = u32::try_from(value).ok(),
            "task.id" => self.task_id = Some(value),
            "duration" => self.duration = Some(value),
            "permits" => self.permits = Some(value),
            "permits_requested" => self.permits_requested = Some(value),
            "permits_obtained" => self.permits_obtained = Some(value),
            _ => {}
        }
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        match field.name() {
            "is_internal" => self.is_internal = value,
            "is_ready" => self.is_ready = Some(value),
            "locked" => self.locked = Some(value),
            "value_sent" | "tx_dropped" => self.is_sent = value,
            _ => {}
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "kind" => self.kind = value.to_string(),
            "task.name" | "name" => self.name = value.to_string(),
            "concrete_type" => self.concrete_type = value.to_string(),
            "loc.file" => self.file = Some(value.to_string()),
            "op" => self.op = Op::from_name(value),
            "permits.op" => self.adds = value == "add",
            _ => {}
        }
    }

    /// Takes the fields that are recorded with `%`.
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if matches!(field.name(), "kind" | "task.name") {
            self.record_str(field, &format!("{value:?}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_tokio_is_known_by_the_folder_of_the_package() {
        let in_runtime = |file: &str| {
            Fields { file: Some(file.to_string()), ..Fields::default() }.is_in_tokio("runtime/")
        };
        assert!(in_runtime("/home/me/.cargo/registry/src/x/tokio-1.54.1/src/runtime/handle.rs"));
        assert!(in_runtime(r"C:\cargo\tokio-1.54.1\src\runtime\blocking\shutdown.rs"));
        assert!(!in_runtime("/x/tokio-1.54.1/src/time/interval.rs"));
        assert!(!in_runtime("/x/tokio-util-0.7.12/src/runtime/a.rs"));
        assert!(!in_runtime("crates/tiny-runtime/src/runtime/task.rs"));
    }
}
