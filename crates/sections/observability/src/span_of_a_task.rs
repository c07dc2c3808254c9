//! Deep dive 12.2 — A spawned task starts outside every span; `in_current_span` takes one along.

use tracing::{Instrument, info, instrument};
use tracing_subscriber::util::SubscriberInitExt;

// One thread, so that the default of this thread is that of the tasks.
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let _guard = subscriber().set_default();
    handle_request(7).await;
}

#[instrument]
async fn handle_request(id: u64) {
    let awaited = log("awaited");
    awaited.await;
    let spawned = tokio::spawn(log("spawned: whose request is it?"));
    let with_span = tokio::spawn(log("spawned in the span").in_current_span());
    // Neither of them panics.
    let _ = tokio::join!(spawned, with_span);
}

async fn log(message: &str) {
    info!("{message}");
}

/// Logs to stdout what is the same in every run: no time, no color, no module path.
fn subscriber() -> impl SubscriberInitExt {
    tracing_subscriber::fmt().without_time().with_ansi(false).with_target(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::sync::Arc;
    use tracing::info_span;

    /// The lines that are printed while `work` runs on this thread.
    async fn lines(work: impl Future<Output = ()>) -> Vec<String> {
        let (mut printed, writer) = std::io::pipe().unwrap();
        let format = tracing_subscriber::fmt().without_time().with_ansi(false).with_target(false);
        let guard = format.with_writer(Arc::new(writer)).set_default();
        work.await;
        drop(guard);
        let mut text = String::new();
        printed.read_to_string(&mut text).unwrap();
        text.lines().map(|line| line.trim().to_string()).collect()
    }

    #[tokio::test]
    async fn of_three_lines_of_a_request_the_one_of_the_bare_task_lacks_its_span() {
        assert_eq!(
            lines(handle_request(7)).await,
            [
                "INFO handle_request{id=7}: awaited",
                "INFO spawned: whose request is it?",
                "INFO handle_request{id=7}: spawned in the span",
            ]
        );
    }

    /// Not before it is polled: then there is somebody who listens.
    async fn in_a_request(work: impl Future<Output = ()>) {
        work.instrument(info_span!("request", id = 7)).await;
    }

    /// A span for the task itself, below that of the request.
    #[tokio::test]
    async fn instrument_gives_the_task_a_span_of_its_own() {
        let request = async {
            let span = info_span!("mail");
            tokio::spawn(log("sent").instrument(span)).await.unwrap();
        };
        let logged = lines(in_a_request(request)).await;
        assert_eq!(logged, ["INFO request{id=7}:mail: sent"]);
    }

    /// On the blocking pool, the closure enters the span itself. It runs on another thread, which
    /// has no default subscriber here, so it takes that along too.
    #[tokio::test]
    async fn a_blocking_closure_enters_the_span_by_hand() {
        let request = async {
            let (span, dispatch) =
                (tracing::Span::current(), tracing::dispatcher::get_default(Clone::clone));
            let closure = move || {
                tracing::dispatcher::with_default(&dispatch, || {
                    info!("bare");
                    span.in_scope(|| info!("in the span"));
                });
            };
            tokio::task::spawn_blocking(closure).await.unwrap();
        };
        let logged = lines(in_a_request(request)).await;
        assert_eq!(logged, ["INFO bare", "INFO request{id=7}: in the span"]);
    }
}
