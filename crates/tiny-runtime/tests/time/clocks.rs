#[test]
fn a_clock_that_stands_moves_only_by_hand_while_something_is_ready() {
    paused(async {
        let start = Instant::now();
        std::thread::sleep(2 * MILLI);
        task::yield_now().await;
        assert_eq!(start.elapsed(), Duration::ZERO);
        advance(Duration::from_nanos(1_500)).await;
        assert_eq!(start.elapsed(), Duration::from_nanos(1_500));
    });
}

#[test]
fn a_clock_runs_on_from_where_it_stood() {
    let runtime = Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let running = Instant::now();
        pause();
        let stopped = Instant::now();
        assert!(running <= stopped, "it does not go back");
        std::thread::sleep(2 * MILLI);
        assert_eq!(Instant::now(), stopped);
        assert_eq!(time_of_sleep(Duration::from_secs(3_600)).await.as_secs(), 3_600);
        resume();
        while Instant::now() < stopped + Duration::from_secs(3_600) + 2 * MILLI {}
        assert!(stopped.elapsed() < Duration::from_secs(3_700));
    });
}

#[test]
fn a_clock_that_stands_waits_for_the_blocking_pool() {
    paused(async {
        let has_ended = Arc::new(AtomicBool::new(false));
        let ends = has_ended.clone();
        let _detached = task::spawn_blocking(move || {
            std::thread::sleep(20 * MILLI);
            ends.store(true, SeqCst);
        });
        sleep(Duration::from_secs(3_600)).await;
        assert!(has_ended.load(SeqCst));
    });
}

/// It holds after another runtime has stopped its clock, too.
#[test]
fn outside_a_runtime_an_instant_is_the_systems() {
    paused(async { Instant::now() });
    let before = std::time::Instant::now();
    let now = Instant::now();
    assert!(before <= now.into_std() && now.into_std() <= std::time::Instant::now());
}

#[test]
fn instants_add_and_subtract_without_going_below_zero() {
    let now = Instant::now();
    let mut later = now + MILLI;
    assert_eq!((later - now, now - later), (MILLI, Duration::ZERO));
    assert_eq!((later.duration_since(now), now.duration_since(later)), (MILLI, Duration::ZERO));
    assert_eq!(now.saturating_duration_since(later), Duration::ZERO);
    assert_eq!(
        (later.checked_duration_since(now), now.checked_duration_since(later)),
        (Some(MILLI), None)
    );
    assert_eq!((now.checked_add(MILLI), later.checked_sub(MILLI)), (Some(later), Some(now)));
    assert_eq!(now.checked_add(Duration::MAX), None);
    later += MILLI;
    later -= 2 * MILLI;
    assert_eq!(later, now);
    assert_eq!(Instant::from(std::time::Instant::from(now)), Instant::from_std(now.into_std()));
    assert_eq!(format!("{now:?}"), format!("{:?}", now.into_std()));
}

#[test]
#[should_panic(expected = "time is already frozen")]
fn a_clock_that_stands_cannot_be_stopped() {
    paused(async { pause() });
}

#[test]
#[should_panic(expected = "time is not frozen")]
fn a_clock_that_runs_cannot_be_started() {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(async { resume() });
}

#[test]
#[should_panic(expected = "time is not frozen")]
fn a_clock_that_runs_cannot_be_moved() {
    Builder::new_current_thread().enable_all().build().unwrap().block_on(advance(MILLI));
}

#[test]
#[should_panic(expected = "`time::pause()` requires the `current_thread`")]
fn a_multi_thread_runtime_cannot_stop_its_clock() {
    Builder::new_multi_thread().enable_all().build().unwrap().block_on(async { pause() });
}
