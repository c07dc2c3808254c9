//! Embassy on this machine: the same executor runs on chips, without the standard library.

use embassy_executor::{Executor, task};
use std::sync::mpsc::{Sender, channel};
use std::time::Duration;

#[task]
async fn answer(answers: Sender<u32>) {
    let mut is_second_poll = false;
    std::future::poll_fn(|cx| {
        if std::mem::replace(&mut is_second_poll, true) {
            return std::task::Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
    answers.send(42).expect("the test waits for it");
}

/// Proves D-14-7.
#[test]
fn embassy_runs_a_task_and_wakes_it() {
    let (answers, answered) = channel();
    // Its executor never returns, as on a chip: the thread ends with the process.
    std::thread::spawn(|| {
        let executor = Box::leak(Box::new(Executor::new()));
        executor.run(|spawner| spawner.spawn(answer(answers).expect("it is the first")));
    });
    assert_eq!(answered.recv_timeout(Duration::from_secs(60)), Ok(42));
}
