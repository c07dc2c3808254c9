//! Guide FAQ Q5 — `#[instrument]` logs nothing by itself; a subscriber prints its span at every poll.

use tokio::time::{Duration, sleep};
use tracing::instrument::WithSubscriber;
use tracing::{Subscriber, info, instrument};
use tracing_subscriber::fmt::format::FmtSpan;

#[tokio::main]
pub async fn main() {
    // Nobody listens: the result is all there is.
    println!("{}", process_request(7).await);

    // A program has one subscriber, which the first line of its `main` sets with `.init()`.
    // Here are three runs to compare, so each subscriber gets one future.
    let events = subscriber(FmtSpan::NONE);
    println!("{}", process_request(7).with_subscriber(events).await);

    let spans_too = subscriber(FmtSpan::FULL);
    println!("{}", process_request(7).with_subscriber(spans_too).await);
}

/// Logs to stdout what is the same in every run: no time, no color, no module path.
fn subscriber(spans: FmtSpan) -> impl Subscriber + Send + Sync {
    tracing_subscriber::fmt()
        .without_time()
        .with_ansi(false)
        .with_target(false)
        .with_span_events(spans)
        .finish()
}

/// The span takes its name from the function and its fields from the arguments, by `Debug`.
#[instrument]
async fn process_request(id: u64) -> String {
    info!("リクエスト処理開始");
    sleep(Duration::from_millis(100)).await;
    info!("リクエスト処理完了");
    format!("結果: {id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::sync::{Arc, Mutex};
    use tokio::task::yield_now;
    use tracing::field::{Field, Visit};
    use tracing::level_filters::LevelFilter;
    use tracing::span::{Attributes, Id};
    use tracing::{Event, Instrument, info_span};
    use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
    use tracing_subscriber::registry::Registry;
    use utils::probe::{DropLog, in_child};

    /// Notes what happens to spans. Those of Tokio itself, with `tokio_unstable`, lie below `INFO`.
    struct Recorder(DropLog);

    impl Layer<Registry> for Recorder {
        fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, Registry>) -> bool {
            *metadata.level() <= LevelFilter::INFO
        }
        fn on_new_span(&self, _: &Attributes<'_>, _: &Id, _: Context<'_, Registry>) {
            self.0.note("new");
        }
        fn on_enter(&self, _: &Id, _: Context<'_, Registry>) {
            self.0.note("enter");
        }
        fn on_event(&self, _: &Event<'_>, _: Context<'_, Registry>) {
            self.0.note("event");
        }
        fn on_exit(&self, _: &Id, _: Context<'_, Registry>) {
            self.0.note("exit");
        }
        fn on_close(&self, _: Id, _: Context<'_, Registry>) {
            self.0.note("close");
        }
    }

    fn recorded(log: &DropLog) -> impl Subscriber + Send + Sync {
        Registry::default().with(Recorder(log.clone()))
    }

    /// The lines that `subscriber` would print.
    async fn lines(work: impl Future<Output = ()>) -> Vec<String> {
        let (mut printed, writer) = std::io::pipe().unwrap();
        let format = tracing_subscriber::fmt()
            .without_time()
            .with_ansi(false)
            .with_target(false)
            .with_writer(Arc::new(writer));
        work.with_subscriber(format.finish()).await;
        let mut text = String::new();
        printed.read_to_string(&mut text).unwrap();
        text.lines().map(|line| line.trim().to_string()).collect()
    }

    /// In a process of its own: an event that first happens unheard may stay unheard in other tests.
    /// Proves G-Q5-2.
    #[test]
    fn without_a_subscriber_the_result_is_all() {
        let ended = in_child(Duration::from_secs(60), || {
            let runtime =
                tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
            println!("{}", runtime.block_on(process_request(7)));
        });
        assert!(ended.status.success());
        assert!(ended.stdout.contains("結果: 7\n"), "{ended:?}");
        assert!(!ended.stdout.contains("リクエスト処理"), "{ended:?}");
        assert_eq!(ended.stderr, "");
    }

    /// Proves D-18-9.
    #[tokio::test(start_paused = true)]
    async fn events_stand_in_the_span_of_the_function_and_its_argument() {
        let request = async {
            assert_eq!(process_request(7).await, "結果: 7");
        };
        assert_eq!(
            lines(request).await,
            [
                "INFO process_request{id=7}: リクエスト処理開始",
                "INFO process_request{id=7}: リクエスト処理完了",
            ]
        );
    }

    /// Notes the fields of a span that are numbers.
    struct Numbers(Arc<Mutex<Vec<(&'static str, u64)>>>);

    impl Layer<Registry> for Numbers {
        fn on_new_span(&self, span: &Attributes<'_>, _: &Id, _: Context<'_, Registry>) {
            span.record(&mut Self(self.0.clone()));
        }
    }

    impl Visit for Numbers {
        fn record_u64(&mut self, field: &Field, value: u64) {
            self.0.lock().unwrap().push((field.name(), value));
        }
        fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
    }

    /// Proves D-12-13.
    #[tokio::test(start_paused = true)]
    async fn the_argument_is_a_field_of_the_span_and_still_a_number() {
        let numbers = Arc::default();
        let subscriber =
            Registry::default().with(Numbers(Arc::clone(&numbers)).with_filter(LevelFilter::INFO));
        process_request(7).with_subscriber(subscriber).await;
        assert_eq!(*numbers.lock().unwrap(), [("id", 7)]);
    }

    /// Not kept across the `.await`: left before it and entered again after it. The last pair is
    /// for the drop of what the finished future still holds.
    /// Proves G-Q5-2, D-12-5.
    #[tokio::test(start_paused = true)]
    async fn a_span_is_entered_and_left_at_every_poll() {
        let log = DropLog::new();
        process_request(7).with_subscriber(recorded(&log)).await;
        let (first_poll, second_poll) = (["enter", "event", "exit"], ["enter", "event", "exit"]);
        let expected = [&["new"][..], &first_poll, &second_poll, &["enter", "exit"], &["close"]];
        assert_eq!(log.entries(), expected.concat());
    }

    /// Dropped after its first poll: entered once more for what it holds, and closed.
    #[tokio::test(start_paused = true)]
    async fn the_span_of_a_cancelled_future_is_closed_too() {
        let log = DropLog::new();
        tokio::select! {
            biased;
            _ = process_request(7).with_subscriber(recorded(&log)) => unreachable!("it takes 100 ms"),
            () = std::future::ready(()) => {}
        }
        assert_eq!(log.entries(), ["new", "enter", "event", "exit", "enter", "exit", "close"]);
    }

    /// Proves G-Q5-2.
    #[tokio::test]
    async fn a_call_alone_makes_no_span() {
        let log = DropLog::new();
        async { drop(process_request(7)) }.with_subscriber(recorded(&log)).await;
        assert_eq!(log.entries(), Vec::<&str>::new());
    }

    /// Does by hand what the document's 「維持される」 suggests: entered once, kept across the `.await`.
    async fn entered_once(id: u64) {
        let _entered = info_span!("request", id).entered();
        info!("開始");
        yield_now().await;
        info!("完了");
    }

    async fn entered_at_each_poll(id: u64) {
        let work = async {
            info!("開始");
            yield_now().await;
            info!("完了");
        };
        work.instrument(info_span!("request", id)).await;
    }

    /// Proves D-12-5.
    #[tokio::test]
    async fn a_kept_span_takes_in_what_others_log() {
        let stranger = async { info!("他のタスク") };
        let both = async {
            tokio::join!(biased; entered_once(1), entered_once(2), stranger);
        };
        assert_eq!(
            lines(both).await,
            [
                "INFO request{id=1}: 開始",
                "INFO request{id=1}:request{id=2}: 開始",
                "INFO request{id=1}:request{id=2}: 他のタスク",
                "INFO request{id=1}:request{id=2}: 完了",
                "INFO request{id=1}:request{id=2}: 完了",
            ]
        );
    }

    #[tokio::test]
    async fn a_span_entered_at_each_poll_takes_in_its_own_events_only() {
        let stranger = async { info!("他のタスク") };
        let both = async {
            tokio::join!(biased; entered_at_each_poll(1), entered_at_each_poll(2), stranger);
        };
        assert_eq!(
            lines(both).await,
            [
                "INFO request{id=1}: 開始",
                "INFO request{id=2}: 開始",
                "INFO 他のタスク",
                "INFO request{id=1}: 完了",
                "INFO request{id=2}: 完了",
            ]
        );
    }
}
