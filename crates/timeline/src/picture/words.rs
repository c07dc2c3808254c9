//! Tells what happens in each moment, in plain words.

mod lives;
mod names;
mod said;
mod teller;
mod wakes;

pub(crate) use names::{file_and_line, plain_name};

use super::moments::Moment;
use super::rows::Rows;
use crate::model::Timeline;
use teller::Teller;

/// A moment in words.
#[derive(Debug, PartialEq)]
pub(crate) struct Told {
    /// Names and code stand between backticks.
    pub text: String,
    /// The rows whose state is another one after it.
    pub states: Vec<(usize, &'static str)>,
}

pub(super) fn tell(timeline: &Timeline, rows: &Rows, moments: &[Moment]) -> Vec<Told> {
    let mut teller = Teller::new(timeline);
    moments.iter().map(|moment| teller.tell(moment, rows)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::picture::moments::moments;

    #[test]
    fn each_moment_of_a_run_is_told_in_plain_words() {
        let timeline = Timeline::example();
        let told =
            tell(&timeline, &Rows::of(&timeline, timeline.events.len()), &moments(&timeline));
        let text: Vec<_> = told.iter().map(|told| told.text.as_str()).collect();
        assert_eq!(
            text,
            [
                "The runtime starts with `main` at `src/main.rs:5`.",
                "`main` is polled for the first time.",
                "`main` spawns `task 1` at `src/main.rs:6`.",
                "`fetch` is polled for the first time, as part of `main`. It makes `Sleep 10 ms`. \
             It returns `Pending`: it waits for `Sleep 10 ms` at `src/main.rs:14`.",
                "`main` returns `Pending`: it waits for `fetch`.",
                "`task 1` is polled for the first time. It is ready.",
                "10 ms later: `Sleep 10 ms` is over and wakes `fetch`.",
                "`fetch` is part of `main`, so `main` is woken too.",
                "`main` is polled for the second time.",
                "`fetch` is polled for the second time. `Sleep 10 ms` is over. `fetch` is ready.",
                "`main` is ready.",
            ]
        );
    }

    #[test]
    fn the_state_of_a_row_is_told_when_it_changes() {
        let timeline = Timeline::example();
        let rows = Rows::of(&timeline, timeline.events.len());
        let told = tell(&timeline, &rows, &moments(&timeline));
        let fetch = timeline.lanes.iter().find(|lane| lane.name == "fetch").unwrap();
        let row = rows.of_lane(fetch.id).unwrap();
        let own = told.iter().flat_map(|told| &told.states).filter(|(it, _)| *it == row);
        let states: Vec<_> = own.map(|(_, state)| *state).collect();
        assert_eq!(states, ["waiting", "woken", "ready"]);
    }
}
