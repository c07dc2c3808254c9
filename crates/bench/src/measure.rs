//! Rounds in turn, and what they say: medians of the ratios of each round.

use cpu_time::{ProcessTime, ThreadTime};
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
#[derive(Clone, Copy, Debug)]
pub struct Spread {
    pub first: f64,
    pub median: f64,
    pub third: f64,
}

/// What a workload took.
pub struct Result {
    /// Tokio's time divided by tiny-runtime's, measured in the same round.
    pub ratio: Spread,
    pub cpu_ratio: Spread,
    /// The medians of each contender.
    pub contenders: Vec<(&'static str, Sample)>,
}

/// The CPU time of this process so far.
pub fn cpu() -> Duration {
    ProcessTime::now().as_duration()
}

/// The CPU time of this thread so far.
pub fn thread_cpu() -> Duration {
    ThreadTime::now().as_duration()
}

/// Measures what consists of so many operations.
pub fn timed(operations: usize, work: impl FnOnce()) -> Sample {
    let (cpu_before, before) = (cpu(), Instant::now());
    work();
    sample(operations, before.elapsed(), cpu() - cpu_before)
}

pub fn sample(operations: usize, time: Duration, cpu: Duration) -> Sample {
    let each = |duration: Duration| duration.as_nanos() as f64 / operations as f64;
    Sample { time: each(time), cpu: each(cpu) }
}

/// Lets the contenders take turns; who begins, changes.
pub fn compare(mut contenders: Vec<Ready>, rounds: usize) -> Result {
    for contender in &mut contenders {
        for _ in 0..2 {
            (contender.round)(); // to be warm
        }
    }
    let mut samples = vec![Vec::with_capacity(rounds); contenders.len()];
    for round in 0..rounds {
        for turn in 0..contenders.len() {
            let index = (round + turn) % contenders.len();
            samples[index].push((contenders[index].round)());
        }
    }
    let of = |name| contenders.iter().position(|contender| contender.name == name);
    let ratio = |figure: fn(&Sample) -> f64| {
        let (Some(tiny), Some(tokio)) = (of("tiny"), of("tokio")) else {
            return Spread { first: f64::NAN, median: f64::NAN, third: f64::NAN };
        };
        let rounds = samples[tokio].iter().zip(&samples[tiny]);
        spread(rounds.map(|(tokio, tiny)| figure(tokio) / figure(tiny)).collect())
    };
    let median = |samples: &[Sample]| Sample {
        time: spread(samples.iter().map(|sample| sample.time).collect()).median,
        cpu: spread(samples.iter().map(|sample| sample.cpu).collect()).median,
    };
    let medians = contenders.iter().zip(&samples);
    Result {
        ratio: ratio(|sample| sample.time),
        cpu_ratio: ratio(|sample| sample.cpu),
        contenders: medians.map(|(ready, samples)| (ready.name, median(samples))).collect(),
    }
}

fn spread(mut values: Vec<f64>) -> Spread {
    values.sort_by(f64::total_cmp);
    let at = |quarters: usize| values[(values.len() - 1) * quarters / 4];
    Spread { first: at(1), median: at(2), third: at(3) }
}
