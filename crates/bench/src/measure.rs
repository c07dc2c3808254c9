//! Rounds in turn, and what they say: medians of the ratios of each round.

use crate::figures::Cell;
use cpu_time::{ProcessTime, ThreadTime};
use serde::{Deserialize, Serialize};
use std::time::{Duration, Instant};

/// What one round of one contender took, for one operation, in nanoseconds.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    pub time: f64,
    /// Of all threads of the process. Nobody else in it does anything meanwhile.
    pub cpu: f64,
}

pub type Round = Box<dyn FnMut() -> Sample>;

/// A contender that is ready for the workload.
pub struct Ready {
    pub name: &'static str,
    pub round: Round,
}

/// Quartiles.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub struct Spread {
    pub first: f64,
    pub median: f64,
    pub third: f64,
}

/// The CPU time of this process so far.
pub fn cpu() -> Duration {
    ProcessTime::now().as_duration()
}

/// The CPU time of this thread so far.
pub fn thread_cpu() -> Duration {
    ThreadTime::now().as_duration()
}

/// Measures work that consists of this number of operations.
pub fn timed(operations: usize, work: impl FnOnce()) -> Sample {
    let (cpu_before, before) = (cpu(), Instant::now());
    work();
    sample(operations, before.elapsed(), cpu() - cpu_before)
}

pub fn sample(operations: usize, time: Duration, cpu: Duration) -> Sample {
    let each = |duration: Duration| duration.as_nanos() as f64 / operations as f64;
    Sample { time: each(time), cpu: each(cpu) }
}

/// Lets the contenders take turns; the one that begins changes. Ends after `rounds`, or sooner, with three
/// at least, if the time is over. Returns a cell of each.
pub fn compare(mut contenders: Vec<Ready>, rounds: usize, time: Duration) -> Vec<Cell> {
    let start = Instant::now();
    let is_over = || start.elapsed() > time;
    let is_short = contenders.iter_mut().map(|contender| {
        let before = Instant::now();
        (contender.round)();
        before.elapsed() < time / 30
    });
    let is_short: Vec<_> = is_short.collect();
    let mut samples = vec![Vec::with_capacity(rounds); contenders.len()];
    for round in 0..rounds {
        if round >= 3 && is_over() {
            break;
        }
        for turn in 0..contenders.len() {
            let index = (round + turn) % contenders.len();
            let round = &mut contenders[index].round;
            if is_short[index] {
                // The contender before leaves its memory to the allocator and its threads to the kernel. This
                // round pays for that, and does not count.
                round();
            }
            samples[index].push(round());
        }
    }
    let tiny = contenders.iter().position(|contender| contender.name == "tiny");
    let cell = |(contender, own): (&Ready, &Vec<Sample>)| {
        let times_tiny = |figure: fn(&Sample) -> f64| {
            let rounds = own.iter().zip(&samples[tiny?]);
            Some(spread(rounds.map(|(own, tiny)| figure(own) / figure(tiny)).collect()))
        };
        let median = |figure: fn(&Sample) -> f64| spread(own.iter().map(figure).collect()).median;
        Cell {
            column: contender.name.into(),
            time: median(|sample| sample.time),
            cpu: median(|sample| sample.cpu),
            ratio: times_tiny(|sample| sample.time),
            cpu_ratio: times_tiny(|sample| sample.cpu),
        }
    };
    contenders.iter().zip(&samples).map(cell).collect()
}

fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_by(f64::total_cmp);
    let at = |quarters: usize| values[(values.len() - 1) * quarters / 4];
    Spread { first: at(1), median: at(2), third: at(3) }
}
