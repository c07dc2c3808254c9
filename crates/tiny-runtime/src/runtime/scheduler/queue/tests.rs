use super::*;
use crate::runtime::task::Schedule;
use proptest::prelude::*;
use std::collections::VecDeque;
use std::sync::Mutex;

/// Ready at its first poll.
#[derive(Clone, Copy)]
struct NeverQueued;

impl Schedule for NeverQueued {
    fn schedule(self, _: Notified) {
        unreachable!()
    }

    fn yield_now(self, _: Notified) {
        unreachable!()
    }

    fn track(self, _: NonNull<Header>) {}

    fn untrack(self, _: NonNull<Header>) {}
}

/// Makes tasks, numbered from 0, and knows which have run.
#[derive(Default)]
struct Tasks {
    made: u32,
    log: Arc<Mutex<Vec<u32>>>,
}

impl Tasks {
    fn next(&mut self) -> Notified {
        let (number, log) = (self.made, self.log.clone());
        self.made += 1;
        let (task, handle) =
            crate::runtime::task::new(async move { log.lock().unwrap().push(number) }, NeverQueued);
        drop(handle);
        task
    }

    fn number(&self, task: Notified) -> u32 {
        task.run();
        self.log.lock().unwrap().pop().expect("it has just run")
    }

    fn numbers(&self, tasks: impl IntoIterator<Item = Notified>) -> Vec<u32> {
        tasks.into_iter().map(|task| self.number(task)).collect()
    }

    /// The rest of a queue.
    fn drain(&self, local: &mut Local) -> Vec<u32> {
        self.numbers(std::iter::from_fn(|| local.pop()))
    }

    fn push(&mut self, local: &mut Local, count: u32, global: &mut Vec<Notified>) {
        for _ in 0..count {
            local.push(self.next(), |overflow| global.extend(overflow));
        }
    }
}

#[test]
#[cfg_attr(miri, ignore = "a thousand tasks take a minute")]
fn the_257th_task_takes_the_half_that_came_last_along_to_the_global_queue() {
    for (pushed, kept, gone) in [(256, 256, 0), (257, 128, 129), (258, 129, 129), (387, 129, 258)] {
        let (mut tasks, mut global) = (Tasks::default(), Vec::new());
        let (mut local, _) = new(u32::MAX - 5);
        tasks.push(&mut local, pushed, &mut global);
        assert_eq!((local.len(), global.len()), (kept, gone), "{pushed}");
        let mut numbers = tasks.drain(&mut local);
        numbers.extend(tasks.numbers(global));
        let order = match pushed {
            256 => (0..256).collect::<Vec<_>>(),
            257 => (0..257).collect(),
            258 => (0..128).chain([257]).chain(128..257).collect(),
            _ => (0..128).chain([386]).chain(128..257).chain(257..386).collect(),
        };
        assert_eq!(numbers, order, "{pushed}");
    }
}

#[test]
fn half_is_stolen_the_longest_waiting_and_the_last_of_them_runs_first() {
    let (mut tasks, mut global) = (Tasks::default(), Vec::new());
    let (mut local, stealer) = new(0);
    tasks.push(&mut local, 64, &mut global);
    let (mut thief, _) = new(0);
    let mut counts = Vec::new();
    let mut order = Vec::new();
    while let Some((task, count)) = stealer.steal_into(&mut thief) {
        counts.push(count);
        order.push(tasks.number(task));
        order.extend(tasks.drain(&mut thief));
    }
    assert_eq!(counts, [32, 16, 8, 4, 2, 1, 1]);
    let batches = [0..32, 32..48, 48..56, 56..60, 60..62, 62..63, 63..64];
    let each = |batch: std::ops::Range<u32>| once(batch.end - 1).chain(batch.start..batch.end - 1);
    assert_eq!(order, batches.into_iter().flat_map(each).collect::<Vec<_>>());
}

#[test]
fn a_thief_with_more_than_half_a_queue_of_its_own_does_not_steal() {
    let (mut tasks, mut global) = (Tasks::default(), Vec::new());
    let [(mut local, stealer), (mut thief, _)] = [new(0), new(0)];
    tasks.push(&mut local, 1, &mut global);
    tasks.push(&mut thief, 129, &mut global);
    assert_eq!(stealer.steal_into(&mut thief), None);
    tasks.number(thief.pop().unwrap());
    let (task, count) = stealer.steal_into(&mut thief).unwrap();
    assert_eq!((tasks.number(task), count), (0, 1));
    tasks.drain(&mut thief);
}

#[derive(Clone, Copy, Debug)]
enum Step {
    Push(u32),
    Pop(u32),
    /// From the other queue.
    Steal,
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    let step = prop_oneof![
        3 => prop_oneof![1_u32..4, 1_u32..300].prop_map(Step::Push),
        2 => prop_oneof![1_u32..4, 1_u32..300].prop_map(Step::Pop),
        2 => Just(Step::Steal),
    ];
    prop::collection::vec((0_usize..2, step), 0..60)
}

/// Around the wrap as well, which a start anywhere else never sees.
fn start() -> impl Strategy<Value = u32> {
    prop_oneof![any::<u32>(), (0_u32..1_000).prop_map(|before| u32::MAX - before)]
}

proptest! {
    #[test]
    #[cfg_attr(miri, ignore = "as above")]
    fn two_queues_that_steal_from_each_other_agree_with_two_deques(
        starts in [start(), start()],
        steps in steps(),
    ) {
        let mut tasks = Tasks::default();
        let (mut locals, stealers): (Vec<_>, Vec<_>) = starts.into_iter().map(new).unzip();
        let mut deques = [VecDeque::new(), VecDeque::new()];
        for (own, step) in steps {
            let local = &mut locals[own];
            match step {
                Step::Push(count) => {
                    for _ in 0..count {
                        let number = tasks.made;
                        let (mut global, mut expected) = (Vec::new(), Vec::new());
                        tasks.push(local, 1, &mut global);
                        if deques[own].len() == 256 {
                            expected.extend(deques[own].drain(128..));
                            expected.push(number);
                        } else {
                            deques[own].push_back(number);
                        }
                        prop_assert_eq!(tasks.numbers(global), expected);
                    }
                }
                Step::Pop(count) => {
                    for _ in 0..count {
                        let number = local.pop().map(|task| tasks.number(task));
                        prop_assert_eq!(number, deques[own].pop_front());
                    }
                }
                Step::Steal => {
                    let stolen = stealers[1 - own].steal_into(local);
                    let waiting = deques[1 - own].len();
                    let count = waiting - waiting / 2;
                    if count == 0 || deques[own].len() > 128 {
                        prop_assert_eq!(stolen, None);
                    } else {
                        let mut expected: Vec<_> = deques[1 - own].drain(..count).collect();
                        let first = expected.pop().unwrap();
                        deques[own].extend(expected);
                        let (task, stolen) = stolen.unwrap();
                        prop_assert_eq!((tasks.number(task), stolen as usize), (first, count));
                    }
                }
            }
            for (local, deque) in locals.iter().zip(&deques) {
                prop_assert_eq!(local.len() as usize, deque.len());
                prop_assert_eq!(local.free() as usize, 256 - deque.len());
            }
        }
        for (mut local, deque) in locals.into_iter().zip(deques) {
            prop_assert_eq!(deque, tasks.drain(&mut local));
        }
    }
}
