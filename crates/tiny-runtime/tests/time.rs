//! Time: one suite, on Tokio and on tiny-runtime.

mod tokio {
    use ::tokio::{runtime, task, time};
    include!("time/suite.rs");
    include!("time/timeouts.rs");
    include!("time/intervals.rs");
    include!("time/clocks.rs");
}

mod tiny_runtime {
    use ::tiny_runtime::{runtime, task, time};
    include!("time/suite.rs");
    include!("time/timeouts.rs");
    include!("time/intervals.rs");
    include!("time/clocks.rs");

    /// Tokio rounds this deadline up as well, and takes until 1.5 ms.
    #[test]
    fn differs_a_deadline_of_now_is_ready_also_between_two_milliseconds() {
        paused(async {
            advance(Duration::from_micros(500)).await;
            assert!(poll(pin!(sleep(Duration::ZERO))).is_ready());
            assert!(poll(pin!(sleep_until(Instant::now()))).is_ready());
        });
    }

    #[cfg(target_pointer_width = "64")] // with pointers of 4 bytes it is 24
    #[test]
    fn a_sleep_is_32_bytes_and_tokios_112_or_with_its_tracing_more() {
        assert_eq!(size_of::<Sleep>(), 32);
        assert!(size_of::<::tokio::time::Sleep>() >= 112);
    }

    #[test]
    fn a_timer_allocates_nothing_where_there_has_been_another() {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        let _entered = runtime.enter();
        let start_all = |timers: &mut [Pin<Box<Sleep>>]| {
            timers.iter_mut().for_each(|timer| assert!(poll(timer.as_mut()).is_pending()));
        };
        let new = || (1..=1_000).map(|n| Box::pin(sleep(n * MILLI * 1_000))).collect::<Vec<_>>();
        let (mut first, mut second) = (new(), new());
        start_all(&mut first);
        drop(first);
        assert_eq!(utils::probe::allocations(|| start_all(&mut second)).0, 0);
    }
}
