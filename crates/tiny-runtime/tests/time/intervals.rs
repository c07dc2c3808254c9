/// When the ticks were due and when they came, in milliseconds, after the first of period 10 was
/// taken in time and nobody was there until `late`.
fn ticks(behavior: MissedTickBehavior, late: u64) -> Vec<(u128, u128)> {
    paused(async {
        let start = Instant::now();
        let mut interval = interval(10 * MILLI);
        interval.set_missed_tick_behavior(behavior);
        assert_eq!(interval.missed_tick_behavior(), behavior);
        assert_eq!(interval.tick().await, start);
        assert_eq!(start.elapsed(), Duration::ZERO);
        advance(Duration::from_millis(late)).await;
        let mut ticks = Vec::new();
        for _ in 0..5 {
            let due = interval.tick().await - start;
            ticks.push((due.as_millis(), start.elapsed().as_millis()));
        }
        ticks
    })
}

#[test]
fn missed_ticks_come_in_a_burst_or_are_skipped_or_delay_the_rest() {
    use MissedTickBehavior::{Burst, Delay, Skip};
    assert_eq!(MissedTickBehavior::default(), Burst);
    assert_eq!(ticks(Burst, 35), [(10, 35), (20, 35), (30, 35), (40, 40), (50, 50)]);
    assert_eq!(ticks(Delay, 35), [(10, 35), (45, 45), (55, 55), (65, 65), (75, 75)]);
    assert_eq!(ticks(Skip, 35), [(10, 35), (40, 40), (50, 50), (60, 60), (70, 70)]);
    assert_eq!(ticks(Skip, 30), [(10, 30), (40, 40), (50, 50), (60, 60), (70, 70)]);
}

#[test]
fn a_tick_five_milliseconds_late_has_not_been_missed() {
    use MissedTickBehavior::{Burst, Delay, Skip};
    for behavior in [Burst, Delay, Skip] {
        let in_time = [(10, 15), (20, 20), (30, 30), (40, 40), (50, 50)];
        assert_eq!(ticks(behavior, 15), in_time);
    }
}

#[test]
fn an_interval_can_start_later_and_be_reset() {
    paused(async {
        let start = Instant::now();
        let mut interval = interval_at(start + 3 * MILLI, 10 * MILLI);
        assert_eq!(interval.period(), 10 * MILLI);
        assert!(poll_fn(|context| Poll::Ready(interval.poll_tick(context))).await.is_pending());
        assert_eq!(interval.tick().await - start, 3 * MILLI);
        advance(4 * MILLI).await;
        interval.reset();
        assert_eq!(interval.tick().await - start, 17 * MILLI);
        interval.reset_immediately();
        assert_eq!(interval.tick().await - start, 17 * MILLI);
        interval.reset_after(MILLI);
        assert_eq!(interval.tick().await - start, 18 * MILLI);
        interval.reset_at(start + 50 * MILLI);
        assert_eq!(interval.tick().await - start, 50 * MILLI);
        interval.reset_after(Duration::MAX);
        assert_eq!(time::interval(Duration::MAX).tick().await - start, 50 * MILLI);
    });
}

#[test]
#[should_panic(expected = "`period` must be non-zero.")]
fn an_interval_of_nothing_panics() {
    paused(async { drop(interval(Duration::ZERO)) });
}
