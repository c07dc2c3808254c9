//! A task of the stress test: how it lives and ends, and the record of that.

use super::*;

/// The fate of each task, by its number.
pub struct Fates(pub Box<[Fate]>);

#[derive(Default)]
pub struct Fate {
    pub started: AtomicU32,
    pub finished: AtomicU32,
    pub dropped: AtomicU32,
    pub output_dropped: AtomicU32,
}

/// In each task: tells its end.
pub struct Life(Arc<Fates>, usize);

/// Of each task that finishes: tells its end as well.
pub struct Output(Arc<Fates>, usize);

impl Fates {
    pub fn new(tasks: usize) -> Arc<Self> {
        Arc::new(Self((0..tasks).map(|_| Fate::default()).collect()))
    }

    pub fn live(self: &Arc<Self>, number: usize) -> Life {
        Life(self.clone(), number)
    }
}

impl Life {
    pub fn start(&self) {
        self.0.0[self.1].started.fetch_add(1, Relaxed);
    }

    pub fn finish(&self) -> Output {
        self.0.0[self.1].finished.fetch_add(1, Relaxed);
        Output(self.0.clone(), self.1)
    }
}

impl Drop for Life {
    fn drop(&mut self) {
        self.0.0[self.1].dropped.fetch_add(1, Relaxed);
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        self.0.0[self.1].output_dropped.fetch_add(1, Relaxed);
    }
}

/// Threads that are no workers, and wake the tasks that they are given: by value, by reference, by clones, or
/// not at all, since another waker of the task does.
pub struct Outside {
    wakers: Vec<mpsc::Sender<Waker>>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl Outside {
    pub fn new() -> Self {
        let start = |_| {
            let (sender, wakers) = mpsc::channel::<Waker>();
            let wake = |(number, waker): (usize, Waker)| match number % 3 {
                0 => waker.wake(),
                1 => waker.wake_by_ref(),
                _ => [waker.clone(), waker.clone(), waker].into_iter().for_each(Waker::wake),
            };
            (sender, thread::spawn(move || wakers.iter().enumerate().for_each(wake)))
        };
        let (wakers, threads) = (0..2).map(start).unzip();
        Self { wakers, threads }
    }

    /// Pending until a thread outside has woken it.
    pub fn wait(&self, number: usize) -> impl Future<Output = ()> + Send + use<> {
        let sender = self.wakers[number % self.wakers.len()].clone();
        let mut asked = false;
        poll_fn(move |context| {
            if std::mem::replace(&mut asked, true) {
                return Poll::Ready(());
            }
            sender.send(context.waker().clone()).expect("they wait for the last sender");
            Poll::Pending
        })
    }

    pub fn join(self) {
        drop(self.wakers);
        self.threads.into_iter().for_each(|thread| thread.join().unwrap());
    }
}

/// Panics without a word on standard error.
pub fn panic() -> ! {
    resume_unwind(Box::new(()))
}

/// How a task ends, if nobody aborts it.
#[derive(Clone, Copy, PartialEq)]
pub enum End {
    Finishes,
    Panics,
    NeverEnds,
}

pub fn end_of(number: usize) -> End {
    match number % 10 {
        6 => End::Panics,
        7 => End::NeverEnds,
        _ => End::Finishes,
    }
}

pub async fn live(life: Life, outside: Arc<Outside>) -> Output {
    life.start();
    match life.1 % 10 {
        1 => yield_now().await,
        2 => wake_itself().await,
        3 => outside.wait(life.1).await,
        4 => {
            let _cancelled_at_the_end = task::spawn(async {}).await;
        }
        5 if life.1 % 20 == 5 => {
            let _cancelled_at_the_end = task::spawn_blocking(|| ()).await;
        }
        6 => panic(),
        7 => pending().await,
        8 => {
            yield_now().await;
            outside.wait(life.1).await;
            yield_now().await;
        }
        _ => {}
    }
    life.finish()
}

pub async fn wake_itself() {
    let mut woken = false;
    poll_fn(|context| {
        if std::mem::replace(&mut woken, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
