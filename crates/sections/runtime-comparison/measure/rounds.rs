//! Rounds in turn, a process for each runtime in each round, and what they say: medians.

use crate::contender::Contender;
use std::collections::HashMap;

pub const PARTS: [&str; 4] = ["timers", "channels", "echo", "cpu"];

/// The results of one runtime in all rounds.
#[derive(Debug, PartialEq)]
pub struct Report {
    /// In the order of [`PARTS`].
    pub parts: [Part; 4],
    /// The other lines of its process, in its last round: `threads`, `peak`, `cpu on`, `waits with`.
    pub facts: HashMap<String, String>,
}

#[derive(Debug, PartialEq)]
pub enum Part {
    /// The median, and the median of the ratios to Tokio in the same round.
    Took { nanos: f64, ratio: f64 },
    /// The runtime does not have this part.
    Lacks(String),
}

/// The lines that one process has printed: `echo: 52100000 ns, result 5000`, `threads: 3`.
type Said = HashMap<String, String>;

/// Runs all in turn, and lets another one begin in each round. One that fails is left out from then on, and the error
/// says why.
///
/// The first one is what the others are compared with.
pub fn report(
    contenders: &[&Contender],
    rounds: usize,
    mut run: impl FnMut(&Contender) -> Result<String, String>,
) -> Vec<Result<Report, String>> {
    let mut said: Vec<Result<Vec<Said>, String>> =
        contenders.iter().map(|_| Ok(Vec::new())).collect();
    for round in 0..rounds {
        for turn in 0..contenders.len() {
            let index = (round + turn) % contenders.len();
            let Ok(before) = &mut said[index] else { continue };
            match run(contenders[index]) {
                Ok(text) => before.push(lines(&text)),
                Err(reason) => said[index] = Err(reason),
            }
        }
    }
    let first = match &said[0] {
        Ok(first) => first.clone(),
        Err(reason) => {
            let reason = format!("nothing to compare with: {}: {reason}", contenders[0].name);
            return said.into_iter().map(|_| Err(reason.clone())).collect();
        }
    };
    said.into_iter().map(|said| summary(said?, &first)).collect()
}

fn lines(text: &str) -> Said {
    let pairs = text.lines().filter_map(|line| line.split_once(": "));
    pairs.map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

fn summary(said: Vec<Said>, first: &[Said]) -> Result<Report, String> {
    let mut parts = Vec::new();
    for name in PARTS {
        parts.push(part(name, &said, first)?);
    }
    let facts = said.into_iter().next_back().unwrap_or_default();
    let parts = parts.try_into().expect("as many as there are names");
    Ok(Report { parts, facts })
}

fn part(name: &str, said: &[Said], first: &[Said]) -> Result<Part, String> {
    let (mut times, mut ratios) = (Vec::new(), Vec::new());
    for (own, tokio) in said.iter().zip(first) {
        let [own, tokio] = [own, tokio].map(|said| said.get(name).map_or("", String::as_str));
        let (Some((nanos, result)), Some((theirs, expected))) = (took(own), took(tokio)) else {
            return match own.is_empty() {
                true => Err(format!("it ended before {name}")),
                false => Ok(Part::Lacks(own.to_string())),
            };
        };
        if result != expected {
            return Err(format!("{name} gave {result}, and not {expected}"));
        }
        times.push(nanos);
        ratios.push(nanos / theirs);
    }
    Ok(Part::Took { nanos: median(times), ratio: median(ratios) })
}

/// The time and the result in `52100000 ns, result 5000`.
fn took(value: &str) -> Option<(f64, &str)> {
    let (nanos, result) = value.split_once(" ns, result ")?;
    Some((nanos.parse().ok()?, result))
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contender::ALL;

    const ONE: &str = "timers: 10 ns, result 1\nchannels: 10 ns, result 2\necho: 10 ns, result 3\n\
                       cpu: 10 ns, result 4\nthreads: 3\n";

    fn two(run: impl FnMut(&Contender) -> Result<String, String>) -> Vec<Result<Report, String>> {
        report(&[&ALL[0], &ALL[1]], 3, run)
    }

    #[test]
    fn they_take_turns_and_another_one_begins_each_round() {
        let mut order = Vec::new();
        two(|contender| {
            order.push(contender.name);
            Ok(ONE.to_string())
        });
        assert_eq!(order, ["tokio", "tokio-1", "tokio-1", "tokio", "tokio", "tokio-1"]);
    }

    /// The machine is ten times slower in the second round, which the ratios do not show.
    #[test]
    fn a_ratio_is_of_one_round_and_a_time_is_the_median() {
        let mut rounds = [10, 20, 200, 100, 10, 20].into_iter();
        let reports = two(|_| {
            let nanos = rounds.next().unwrap();
            Ok(ONE.replace("10 ns", &format!("{nanos} ns")))
        });
        let reports: Vec<_> = reports.into_iter().map(Result::unwrap).collect();
        assert_eq!(reports[0].parts[0], Part::Took { nanos: 10.0, ratio: 1.0 });
        assert_eq!(reports[1].parts[3], Part::Took { nanos: 20.0, ratio: 2.0 });
        assert_eq!(reports[1].facts["threads"], "3");
    }

    #[test]
    fn one_that_fails_is_left_out_and_says_why() {
        let mut runs = 0;
        let reports = two(|contender| {
            runs += 1;
            match contender.name {
                "tokio" => Ok(ONE.to_string()),
                _ => Err("no io_uring".to_string()),
            }
        });
        assert!(reports[0].is_ok());
        assert_eq!((&reports[1], runs), (&Err("no io_uring".to_string()), 3 + 1));
    }

    #[test]
    fn another_result_and_a_part_that_is_missing_are_errors() {
        for (said, why) in [
            (ONE.replace("result 3", "result 2"), "echo gave 2, and not 3"),
            (ONE.replace("cpu:", "gpu:"), "it ended before cpu"),
        ] {
            let reports = two(|contender| match contender.name {
                "tokio" => Ok(ONE.to_string()),
                _ => Ok(said.clone()),
            });
            assert_eq!(reports[1], Err(why.to_string()));
        }
    }

    #[test]
    fn what_a_runtime_lacks_is_what_it_says() {
        let reports = two(|contender| match contender.name {
            "tokio" => Ok(ONE.to_string()),
            _ => Ok(ONE.replace("10 ns, result 3", "no sockets")),
        });
        let [_, second] = &reports[..] else { panic!("{reports:?}") };
        let lacks = Part::Lacks("no sockets".to_string());
        assert_eq!(second.as_ref().unwrap().parts[2], lacks);
    }

    #[test]
    fn without_tokio_there_is_nothing_to_compare_with() {
        let reports = two(|contender| match contender.name {
            "tokio" => Err("no threads".to_string()),
            _ => Ok(ONE.to_string()),
        });
        let why = Err("nothing to compare with: tokio: no threads".to_string());
        assert!(reports.iter().all(|report| *report == why), "{reports:?}");
    }
}
