//! A worker that is gone, and a service that says it is well.

mod broken;
mod fixed;

use crate::incident::{Incident, Observed, Service, run};
use std::cell::RefCell;
use tokio::runtime::Handle;
use tokio::sync::mpsc::{Receiver, channel};
use tokio::task::JoinError;
use tokio::time::{Duration, sleep};

pub const INCIDENT: Incident = Incident {
    name: "lost_panic",
    report: "Since noon no customer gets a mail.\n\
             The service takes orders as ever, and its health check says ok.\n\
             There is no error in its log.",
    hints: &[
        "Which task sends the mails? Does it still exist?",
        "What is the last thing that it did? Look at stderr, which is not the log.",
        "Who has the `JoinHandle` of the task, and what does it say?",
    ],
    broken: Service {
        source: include_str!("lost_panic/broken.rs"),
        observe: || run(ten_orders(broken::mails)),
    },
    fixed: Service {
        source: include_str!("lost_panic/fixed.rs"),
        observe: || run(ten_orders(fixed::mails)),
    },
    picture: None,
    cause: "A panic ends its task, and this task was the worker.\n\
            Nobody has its `JoinHandle`, so nobody hears of the panic.\n\
            With a task for each mail, a panic ends that task only. The worker goes on:\n\
            it awaits the handle, and reports the panic.",
    read_on: &[
        "cargo run -p spawn-rules -- lost_panic",
        "cargo run -- copy background_task ../my-app",
        "cargo run -- copy supervise ../my-app",
    ],
};

#[derive(Clone, Copy)]
pub struct Order {
    number: u32,
    address: Option<u32>,
}

thread_local! {
    /// The numbers of the orders whose mails went out, and what the log says. The runtime has one thread.
    static SENT: RefCell<Vec<u32>> = const { RefCell::new(Vec::new()) };
    static LOG: RefCell<Vec<String>> = const { RefCell::new(Vec::new()) };
}

async fn send(order: Order) {
    let Some(_address) = order.address else { panic!("order {} has no address", order.number) };
    sleep(Duration::from_millis(10)).await;
    SENT.with_borrow_mut(|sent| sent.push(order.number));
}

fn report(order: Order, error: &JoinError) {
    let panicked = if error.is_panic() { "panicked" } else { "was cancelled" };
    LOG.with_borrow_mut(|log| log.push(format!("the mail of order {} {panicked}", order.number)));
}

/// One a second. The fourth has no address.
async fn ten_orders<F>(mails: fn(Receiver<Order>) -> F) -> Observed
where
    F: Future<Output = ()> + Send + 'static,
{
    SENT.take();
    LOG.take();
    let (mut observed, (orders, queue)) = (Observed::default(), channel(100));
    tokio::spawn(mails(queue));
    let tasks = || Handle::current().metrics().num_alive_tasks();
    for number in 1..=10 {
        let address = (number != 4).then_some(number);
        // It answers "thank you for your order" in any case.
        let is_queued = orders.send(Order { number, address }).await.is_ok();
        sleep(Duration::from_secs(1)).await;
        observed.evidence(format!(
            "order {number}: {}, tasks alive {}",
            if is_queued { "queued" } else { "not queued" },
            tasks()
        ));
    }
    let (sent, log) = (SENT.take(), LOG.take());
    observed.symptom(format!(
        "orders taken: 10, mails sent: {}, errors in the log: {}",
        sent.len(),
        log.len()
    ));
    log.iter().for_each(|line| observed.symptom(format!("log: {line}")));
    observed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_broken_one_sends_no_mail_after_the_panic_and_the_repaired_one_all_but_one() {
        let broken = (INCIDENT.broken.observe)();
        assert_eq!(broken.symptoms, "orders taken: 10, mails sent: 3, errors in the log: 0\n");
        assert!(broken.evidence.contains("order 3: queued, tasks alive 1\n"));
        assert!(broken.evidence.contains("order 4: queued, tasks alive 0\n"));
        assert!(broken.evidence.contains("order 5: not queued, tasks alive 0\n"));
        let fixed = (INCIDENT.fixed.observe)();
        assert_eq!(
            fixed.symptoms,
            "orders taken: 10, mails sent: 9, errors in the log: 1\nlog: the mail of order 4 panicked\n"
        );
    }
}
