#[test]
fn a_future_that_is_ready_by_its_deadline_is_in_time() {
    paused(async {
        assert_eq!(timeout(5 * MILLI, sleep(4 * MILLI)).await, Ok(()));
        assert_eq!(timeout(Duration::ZERO, ready(1)).await, Ok(1));
        assert_eq!(timeout_at(Instant::now() - MILLI, ready(2)).await, Ok(2));
        assert_eq!(timeout(Duration::MAX, sleep(MILLI)).await, Ok(()));
        let mut unpolled = timeout(MILLI, ready(3));
        assert_eq!(unpolled.get_mut().clone().into_inner(), 3);
        assert_eq!(unpolled.get_ref().clone().into_inner(), 3);
        assert_eq!(Ready::into_inner(unpolled.into_inner()), 3);
    });
}

#[test]
fn a_future_that_is_not_ready_by_its_deadline_is_an_error() {
    paused(async {
        let start = Instant::now();
        let late: Elapsed = timeout(5 * MILLI, sleep(6 * MILLI)).await.unwrap_err();
        assert_eq!(start.elapsed(), 5 * MILLI);
        assert_eq!(late.to_string(), "deadline has elapsed");
        assert_eq!(std::io::Error::from(late).kind(), std::io::ErrorKind::TimedOut);
        assert!(timeout_at(start + 8 * MILLI, pending::<()>()).await.is_err());
        assert_eq!(start.elapsed(), 8 * MILLI);
        assert!(timeout(Duration::ZERO, pending::<()>()).await.is_err());
        assert_eq!(start.elapsed(), 8 * MILLI);
    });
}

#[test]
fn a_deadline_comes_although_the_future_uses_up_the_budget() {
    paused(async {
        let busy = async {
            loop {
                sleep(Duration::ZERO).await;
            }
        };
        let (result, ()) = join!(timeout(10 * MILLI, busy), advance(20 * MILLI));
        let _: Result<(), _> = result;
        assert!(result.is_err());
    });
}

/// 128 a poll.
#[test]
fn a_thousand_sleeps_or_timeouts_that_are_ready_give_way_seven_times() {
    let polls_of = |future: Pin<Box<dyn Future<Output = ()>>>| {
        let polls = Polls::new();
        paused(polls.of(future));
        polls.count()
    };
    let sleeps = async {
        for _ in 0..1_000 {
            sleep(Duration::ZERO).await;
        }
    };
    assert_eq!(polls_of(Box::pin(sleeps)), 8);
    let timeouts = async {
        for _ in 0..1_000 {
            assert!(timeout(Duration::ZERO, pending::<()>()).await.is_err());
        }
    };
    assert_eq!(polls_of(Box::pin(timeouts)), 8);
}

/// A poll that is not ready costs nothing.
#[test]
fn a_sleep_that_is_not_ready_gives_its_unit_of_the_budget_back() {
    paused(async {
        let (counter, waker) = CountingWaker::new();
        let mut timer = pin!(sleep(MILLI));
        for _ in 0..1_000 {
            assert!(timer.as_mut().poll(&mut Context::from_waker(&waker)).is_pending());
        }
        assert!(poll(pin!(sleep(Duration::ZERO))).is_ready());
        assert_eq!(counter.wakes(), 0);
    });
}
