//! Takes Tokio's reports, one call a span or event.

use super::fields::Fields;
use super::{Shared, is_ours, is_waker};
use std::sync::Arc;
use tracing::span::{Attributes, Id};
use tracing::{Event, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

/// Of a [`Recorder`](crate::Recorder), made by [`Recorder::layer`](crate::Recorder::layer).
pub struct Recording {
    pub(super) shared: Arc<Shared>,
}

impl<S: Subscriber> Layer<S> for Recording {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, _: Context<'_, S>) {
        if !is_ours(attributes.metadata()) {
            return;
        }
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        let (id, parent) = (id.into_u64(), attributes.parent().map(Id::into_u64));
        self.shared.note(|state, at, thread| match attributes.metadata().name() {
            "runtime.spawn" => state.new_task(at, thread, id, &fields),
            "runtime.resource" => state.new_resource(at, thread, id, &fields),
            "runtime.resource.async_op" => state.new_op(thread, id, parent),
            "runtime.resource.async_op.poll" => state.new_op_poll(thread, id, parent),
            _ => state.new_future(at, thread, id, &fields),
        });
    }

    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if !is_ours(event.metadata()) {
            return;
        }
        let mut fields = Fields::default();
        event.record(&mut fields);
        self.shared.note(|state, at, thread| match event.metadata().target() {
            target if is_waker(target) => state.waker(at, thread, &fields),
            "runtime::resource::poll_op" | "timeline::poll" => {
                state.outcome(thread, fields.is_ready);
            }
            "runtime::resource::state_update" => state.resource_changed(at, thread, &fields),
            "runtime::resource::async_op::state_update" => {
                state.permits_changed(at, thread, &fields);
            }
            _ => state.dropping(at, thread, fields.task_id),
        });
    }

    fn on_enter(&self, id: &Id, _: Context<'_, S>) {
        self.shared.note(|state, at, thread| state.enter(at, thread, id.into_u64()));
    }

    fn on_exit(&self, id: &Id, _: Context<'_, S>) {
        self.shared.note(|state, at, thread| state.exit(at, thread, id.into_u64()));
    }

    fn on_close(&self, id: Id, _: Context<'_, S>) {
        self.shared.note(|state, at, thread| state.close(at, thread, id.into_u64()));
    }
}
