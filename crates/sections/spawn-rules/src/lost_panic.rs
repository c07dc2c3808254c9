//! Guide FAQ Q4 — A panic ends only its task: nobody hears of it without the handle.
//!
//! To take to work: `cargo run -- copy background_task`.

use std::panic::resume_unwind;
use tokio::sync::mpsc;

// One thread, for the same count in every run.
#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let (jobs, queue) = mpsc::channel(1);
    // Wrong: the worker is gone from job 3 on, and this program says that all is well.
    drop(tokio::spawn(worker(queue)));
    println!("handle dropped: {} of 5 jobs taken", five_to(jobs).await);

    let (jobs, queue) = mpsc::channel(1);
    // Right: whoever has the handle gets the panic as an error.
    let worker = tokio::spawn(worker(queue));
    println!("handle awaited: {} of 5 jobs taken", five_to(jobs).await);
    println!("the worker panicked: {}", worker.await.is_err_and(|error| error.is_panic()));
}

/// Returns how many of its jobs are taken.
async fn five_to(jobs: mpsc::Sender<u32>) -> u32 {
    let mut taken = 0;
    for job in 1..=5 {
        // The only trace of a worker that has gone, and often ignored.
        taken += u32::from(jobs.send(job).await.is_ok());
    }
    taken
}

async fn worker(mut queue: mpsc::Receiver<u32>) {
    while let Some(job) = queue.recv().await {
        if job == 3 {
            // As `panic!`, without its message on stderr.
            resume_unwind(Box::new("job 3 has no address"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;
    use tokio::task::JoinSet;
    use utils::probe::in_child;

    #[tokio::test]
    async fn with_the_handle_dropped_job_3_is_taken_and_jobs_4_and_5_are_not() {
        let (jobs, queue) = mpsc::channel(1);
        drop(tokio::spawn(worker(queue)));
        assert_eq!(five_to(jobs).await, 3);
    }

    #[tokio::test]
    async fn the_handle_gives_the_panic_with_its_message() {
        let (jobs, queue) = mpsc::channel(1);
        let worker = tokio::spawn(worker(queue));
        assert_eq!(five_to(jobs).await, 3);
        let panic = worker.await.unwrap_err().into_panic();
        assert_eq!(panic.downcast_ref(), Some(&"job 3 has no address"));
    }

    /// A set gives it as soon as it happens, whichever task it is.
    #[tokio::test]
    async fn a_join_set_gives_the_panic_of_any_task() {
        let (jobs, queue) = mpsc::channel(5);
        (1..=5).for_each(|job| jobs.try_send(job).unwrap());
        // A worker that does not panic ends, so the test fails and does not wait.
        drop(jobs);
        let mut set = JoinSet::new();
        set.spawn(std::future::pending());
        set.spawn(worker(queue));
        assert!(set.join_next().await.unwrap().unwrap_err().is_panic());
    }

    /// The message of a real `panic!` on stderr is all there is. The exit code says success.
    #[test]
    fn a_program_whose_task_panicked_ends_with_success() {
        let ended = in_child(Duration::from_secs(60), || {
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(async {
                tokio::spawn(async { panic!("job 3 has no address") });
                tokio::task::yield_now().await;
                println!("all is well");
            });
        });
        assert!(ended.status.success(), "{ended:#?}");
        assert!(ended.stdout.contains("all is well"), "{ended:#?}");
        assert!(ended.stderr.contains("job 3 has no address"), "{ended:#?}");
    }
}
