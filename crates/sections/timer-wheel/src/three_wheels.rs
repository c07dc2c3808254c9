//! Deep dive 8 — Netty's wheel is flat, Linux's does not cascade; only Tokio's is exact to 1 ms.

pub fn main() {
    println!("{:<24}{:>8}{:>9}{:>10}", "10000 within an hour", "turns", "touches", "late by");
    for kind in KINDS {
        let Counts { turns, touches, latest } = Wheel::new(kind).run(hour_of_timers());
        println!("{:<24}{turns:>8}{touches:>9}{latest:>10}", kind.name);
    }
    println!("{:<24}{:>8}{:>9}{:>10}", "fires at, if due at", 5, 5_000, 300_000);
    for kind in KINDS {
        let fires = |when| when + Wheel::new(kind).run([when]).latest;
        println!("{:<24}{:>8}{:>9}{:>10}", kind.name, fires(5), fires(5_000), fires(300_000));
    }
}

const KINDS: [Kind; 3] = [
    // Netty's defaults: a slot comes up every round, and most of its timers stay for a later one.
    Kind { name: "flat with rounds", levels: 1, slots: 512, tick: 100, factor: 1 },
    // Tokio's: a timer moves down until its slot is one millisecond wide.
    Kind { name: "cascading", levels: 6, slots: 64, tick: 1, factor: 64 },
    // Linux's at 1000 Hz: a timer stays where it is put, and its whole slot fires together.
    Kind { name: "not cascading", levels: 9, slots: 64, tick: 1, factor: 8 },
];

#[derive(Clone, Copy)]
struct Kind {
    name: &'static str,
    levels: u32,
    slots: u64,
    /// Milliseconds of one slot of level 0; each level is wider by the factor.
    tick: u64,
    factor: u64,
}

struct Wheel {
    kind: Kind,
    now: u64,
    /// Level by level; a timer is its deadline, which must be within reach of the top level.
    slots: Vec<Vec<u64>>,
    counts: Counts,
}

#[derive(Debug, Default, PartialEq)]
struct Counts {
    /// How often the owner had to wake up.
    turns: u64,
    /// How often a timer was looked at after its insertion.
    touches: u64,
    /// The most that a timer fired after its deadline.
    latest: u64,
}

impl Kind {
    fn width(self, level: u32) -> u64 {
        self.tick * self.factor.pow(level)
    }

    /// The level of a timer, and the number of the slot since the start of time.
    fn place(self, now: u64, when: u64) -> (u32, u64) {
        if self.factor == self.slots {
            let level = ((now ^ when) | 1).ilog2() / self.slots.ilog2();
            return (level, when / self.width(level));
        }
        // By the delay: below 63, 504, 4032, … ms on Linux.
        let reaches = |&level: &u32| when - now < (self.slots - 1) * self.width(level);
        let level = (0..self.levels - 1).find(reaches).unwrap_or(self.levels - 1);
        // The slot after its own: no timer of a slot may fire early.
        (level, when / self.width(level) + 1)
    }
}

impl Wheel {
    fn new(kind: Kind) -> Self {
        let slots = vec![Vec::new(); kind.levels as usize * kind.slots as usize];
        Self { kind, now: 0, slots, counts: Counts::default() }
    }

    fn run(mut self, timers: impl IntoIterator<Item = u64>) -> Counts {
        timers.into_iter().for_each(|when| self.insert(when));
        while self.slots.iter().any(|slot| !slot.is_empty()) {
            self.now = self.next_turn();
            self.turn();
        }
        self.counts
    }

    fn insert(&mut self, when: u64) {
        let (level, number) = self.kind.place(self.now, when);
        let slot = self.slot(level, number);
        self.slots[slot].push(when);
    }

    /// Netty's thread wakes up every tick; the others look for the next slot with a timer.
    fn next_turn(&self) -> u64 {
        let of_level = |level| {
            let width = self.kind.width(level);
            let ahead = (1..=self.kind.slots).map(|ahead| self.now / width + ahead);
            let empty = |number| self.slots[self.slot(level, number)].is_empty();
            ahead
                .map(|number| number * width)
                .find(|at| self.kind.levels == 1 || !empty(at / width))
        };
        (0..self.kind.levels).filter_map(of_level).min().unwrap_or(self.now)
    }

    fn turn(&mut self) {
        self.counts.turns += 1;
        let starts = |level: &u32| matches!(self.now % self.kind.width(*level), 0);
        for level in (0..self.kind.levels).filter(starts).collect::<Vec<_>>() {
            let slot = self.slot(level, self.now / self.kind.width(level));
            for when in std::mem::take(&mut self.slots[slot]) {
                self.counts.touches += 1;
                match self.now.checked_sub(when) {
                    Some(late) => self.counts.latest = self.counts.latest.max(late),
                    None => self.insert(when), // another round, or a narrower slot
                }
            }
        }
    }

    fn slot(&self, level: u32, number: u64) -> usize {
        (u64::from(level) * self.kind.slots + number % self.kind.slots) as usize
    }
}

/// Ten thousand deadlines, spread over an hour and in no order.
fn hour_of_timers() -> impl Iterator<Item = u64> {
    (1..=10_000).map(|timer| timer * 2_654_435_761 % 3_600_000 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one(kind: Kind, when: u64) -> Counts {
        Wheel::new(kind).run([when])
    }

    const FLAT: Kind = KINDS[0];
    const CASCADING: Kind = KINDS[1];
    const NOT_CASCADING: Kind = KINDS[2];
    const FIVE_MINUTES: u64 = 300_000;

    /// 3001 ticks of 100 ms are five rounds of 512 and 441: its slot comes up six times.
    /// Proves D-8-1.
    #[test]
    fn a_flat_wheel_turns_every_tick_and_touches_a_timer_every_round() {
        let counts = one(FLAT, FIVE_MINUTES);
        assert_eq!(counts, Counts { turns: 3_001, touches: 6, latest: 100 });
        assert_eq!(one(FLAT, 3_600_000).turns, 36_001);
    }

    #[test]
    fn a_cascading_wheel_moves_a_timer_at_most_once_a_level_and_is_on_time() {
        let counts = one(CASCADING, FIVE_MINUTES);
        assert_eq!(counts, Counts { turns: 4, touches: 4, latest: 0 });
    }

    #[test]
    fn a_wheel_that_does_not_cascade_touches_a_timer_once_and_is_late() {
        let counts = one(NOT_CASCADING, FIVE_MINUTES);
        assert_eq!(counts, Counts { turns: 1, touches: 1, latest: 27_680 });
    }

    /// 8 / 63 is the width of a slot by the shortest delay of its level.
    #[test]
    fn without_cascading_the_error_is_an_eighth_of_the_delay() {
        for when in hour_of_timers() {
            let late = one(NOT_CASCADING, when).latest;
            assert!(late >= 1 && late * 63 <= (when * 8).max(63), "{when}: {late}");
        }
        assert_eq!(one(NOT_CASCADING, 4_096).latest, 512);
    }

    /// Proves D-8-2.
    #[test]
    fn the_levels_of_linux_begin_at_the_delays_of_its_source() {
        let starts = [63, 504, 4_032, 32_256, 258_048, 2_064_384, 16_515_072, 132_120_576];
        for (level, start) in (0..).zip(starts) {
            assert_eq!(NOT_CASCADING.place(0, start - 1).0, level);
            assert_eq!(NOT_CASCADING.place(0, start).0, level + 1);
        }
    }

    /// Proves D-8-2.
    #[test]
    fn ten_thousand_timers_show_the_price_of_each() {
        let [flat, cascading, not_cascading] =
            KINDS.map(|kind| Wheel::new(kind).run(hour_of_timers()));
        assert_eq!(flat, Counts { turns: 35_998, touches: 356_686, latest: 100 });
        assert_eq!(cascading, Counts { turns: 20_566, touches: 38_802, latest: 0 });
        assert_eq!(not_cascading, Counts { turns: 184, touches: 10_000, latest: 262_105 });
    }

    /// A heap would look at a timer more often the more of them there are.
    /// Proves D-8-4.
    #[test]
    fn a_cascading_wheel_touches_a_timer_once_a_level_at_most_however_many_there_are() {
        for timers in [1_000, 10_000, 100_000] {
            let scattered = (1..=timers).map(|timer| timer * 2_654_435_761 % 3_600_000 + 1);
            let counts = Wheel::new(CASCADING).run(scattered);
            assert!(counts.touches <= timers * u64::from(CASCADING.levels), "{timers}: {counts:?}");
        }
    }

    /// One timer is added to one slot, and none is moved or looked at.
    /// Proves D-8-4.
    #[test]
    fn to_insert_writes_to_one_slot_however_many_timers_there_are() {
        let mut wheel = Wheel::new(CASCADING);
        for when in hour_of_timers() {
            let before: Vec<_> = wheel.slots.iter().map(Vec::len).collect();
            wheel.insert(when);
            let added = wheel.slots.iter().zip(before).map(|(slot, before)| slot.len() - before);
            let added: Vec<_> = added.filter(|&added| added > 0).collect();
            assert_eq!(added, [1]);
        }
        assert_eq!(wheel.counts, Counts::default());
    }

    #[test]
    fn the_cascading_one_turns_as_often_as_the_wheel_of_this_crate() {
        let mut wheel = crate::wheel::Wheel::new();
        for when in hour_of_timers() {
            wheel.insert(when, when);
        }
        let mut turns = 0;
        while let Some(now) = wheel.next_expiration() {
            turns += 1;
            while let Some(when) = wheel.poll(now) {
                assert_eq!(when, now);
            }
        }
        assert_eq!(turns, 20_566);
    }
}
