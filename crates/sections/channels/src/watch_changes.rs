//! Deep dive 11.4 — Each `send` notifies, even of an equal value; `send_if_modified` need not.

use tokio::sync::watch;

#[derive(Clone, Debug, Eq, PartialEq)]
struct Config {
    max_connections: u32,
}

#[tokio::main]
pub async fn main() -> anyhow::Result<()> {
    let config = Config { max_connections: 100 };
    let (tx, mut rx) = watch::channel(config.clone());

    tx.send(config.clone())?;
    println!("send: notified {}", rx.has_changed()?);
    rx.mark_unchanged();

    println!("reload: notified {}", reload(&tx, config));
    println!("reload: notified {}", reload(&tx, Config { max_connections: 200 }));

    // With no reader left `send` changes nothing, while `send_replace` is there for the next one.
    drop(rx);
    if let Err(error) = tx.send(Config { max_connections: 300 }) {
        println!("send: {error}, still {:?}", *tx.borrow());
    }
    let old = tx.send_replace(Config { max_connections: 300 });
    println!("send_replace: {old:?} is now {:?}", *tx.subscribe().borrow());
    Ok(())
}

/// Wakes the readers only if there is something new to read, and says whether it has.
fn reload(tx: &watch::Sender<Config>, new: Config) -> bool {
    tx.send_if_modified(|config| {
        let modified = *config != new;
        *config = new;
        modified
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::FutureExt;
    use tokio::sync::watch::error::SendError;
    use utils::probe::CountingWaker;

    const fn config(max_connections: u32) -> Config {
        Config { max_connections }
    }

    /// Whether `changed` is ready now. It marks the value as seen.
    fn notified<T>(rx: &mut watch::Receiver<T>) -> bool {
        rx.changed().now_or_never().is_some_and(|changed| changed.is_ok())
    }

    /// Proves D-11-6.
    #[tokio::test]
    async fn an_equal_value_notifies_all_the_same() {
        let (tx, mut rx) = watch::channel(config(100));
        tx.send(config(100)).unwrap();
        assert!(notified(&mut rx));
        assert!(!notified(&mut rx));
        tx.send_replace(config(100));
        assert!(notified(&mut rx));
        tx.send_modify(|_| {});
        assert!(notified(&mut rx));
    }

    #[tokio::test]
    async fn a_reload_of_an_equal_value_wakes_nobody() {
        let (tx, mut rx) = watch::channel(config(100));
        let (wakes, waker) = CountingWaker::new();
        let mut changed = Box::pin(rx.changed());
        let mut cx = std::task::Context::from_waker(&waker);
        assert!(changed.as_mut().poll(&mut cx).is_pending());
        assert!(!reload(&tx, config(100)));
        assert_eq!(wakes.wakes(), 0);
        assert!(reload(&tx, config(200)));
        assert_eq!(wakes.wakes(), 1);
        assert!(changed.as_mut().poll(&mut cx).is_ready());
        drop(changed);
        assert_eq!(*rx.borrow(), config(200));
    }

    /// The closure's word counts, not what it did.
    #[tokio::test]
    async fn a_change_that_is_denied_can_be_read_and_notifies_nobody() {
        let (tx, mut rx) = watch::channel(config(100));
        assert!(!tx.send_if_modified(|config| {
            config.max_connections = 200;
            false
        }));
        assert!(!notified(&mut rx));
        assert_eq!(*rx.borrow(), config(200));
    }

    #[tokio::test]
    async fn without_receivers_send_fails_and_changes_nothing() {
        let (tx, rx) = watch::channel(config(100));
        drop(rx);
        assert!(tx.is_closed());
        let SendError(returned) = tx.send(config(200)).unwrap_err();
        assert_eq!(returned, config(200));
        assert_eq!(*tx.subscribe().borrow(), config(100));
    }

    #[tokio::test]
    async fn without_receivers_send_replace_changes_the_value() {
        let (tx, rx) = watch::channel(config(100));
        drop(rx);
        assert_eq!(tx.send_replace(config(200)), config(100));
        let mut late = tx.subscribe();
        assert_eq!(*late.borrow(), config(200));
        assert!(!notified(&mut late), "it has not seen the change itself");
        assert!(!tx.is_closed(), "a subscriber opens the channel again");
    }
}
