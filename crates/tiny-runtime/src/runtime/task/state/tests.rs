use super::*;

const IDLE: usize = INITIAL & !NOTIFIED;

fn at(bits: usize) -> State {
    State(AtomicUsize::new(bits))
}

#[test]
fn only_the_wake_up_of_an_idle_task_submits_it() {
    for (bits, wake) in [
        (IDLE, Wake::Submit),
        (IDLE | NOTIFIED, Wake::Nothing),
        (IDLE | RUNNING, Wake::Nothing),
        (IDLE | RUNNING | NOTIFIED, Wake::Nothing),
        (IDLE | COMPLETE, Wake::Nothing),
    ] {
        assert_eq!(at(bits).wake(), wake, "{bits:b}");
        assert_eq!(at(bits).abort(), wake, "{bits:b}");
    }
}

#[test]
fn a_wake_up_while_running_is_another_turn() {
    let state = State::new();
    assert_eq!(state.start(), Start::Poll);
    assert_eq!(state.wake(), Wake::Nothing);
    assert_eq!(state.wake(), Wake::Nothing);
    assert_eq!(state.pause(), Pause::Again);
    assert_eq!(state.start(), Start::Poll);
    assert_eq!(state.pause(), Pause::Idle);
    assert_eq!(state.wake(), Wake::Submit);
}

#[test]
fn an_aborted_task_gets_one_more_turn_to_be_dropped_in() {
    let state = State::new();
    assert_eq!(state.abort(), Wake::Nothing, "it is in a queue already");
    assert_eq!(state.start(), Start::Cancel);
    assert_eq!(
        state.complete(),
        Completed { joined: true, join_waker: false, is_last_reference: false }
    );
    assert_eq!(state.wake(), Wake::Nothing);
}

#[test]
fn a_detached_task_that_nobody_can_wake_is_freed_when_it_completes() {
    let state = State::new();
    assert!(state.drop_join_handle_fast());
    assert_eq!(state.start(), Start::Poll);
    assert!(state.complete().is_last_reference);
}

#[test]
fn the_output_belongs_to_the_handle_only_if_it_came_before_the_handle_went() {
    let state = State::new();
    assert_eq!(state.start(), Start::Poll);
    assert!(!state.drop_join_handle_fast(), "it runs");
    assert!(!state.drop_join_interest());
    assert!(!state.complete().joined);

    let state = State::new();
    assert_eq!(state.start(), Start::Poll);
    assert!(state.complete().joined);
    assert!(state.drop_join_interest());
    assert!(!state.release());
    assert!(state.release());
}

#[test]
fn a_waker_that_comes_too_late_stays_with_the_handle() {
    let state = State::new();
    assert_eq!(state.start(), Start::Poll);
    assert!(state.publish_join_waker());
    assert!(state.reclaim_join_waker());
    assert!(state.publish_join_waker());
    assert!(state.complete().join_waker);
    assert!(!state.reclaim_join_waker());
    assert!(!state.publish_join_waker());
}

#[test]
fn a_waker_that_wakes_and_goes_frees_a_task_that_is_over_if_it_was_the_last() {
    for (bits, next, left) in [
        (IDLE, WakeAndRelease::Submit, IDLE | NOTIFIED),
        (IDLE | NOTIFIED, WakeAndRelease::Nothing, IDLE | NOTIFIED),
        (IDLE | RUNNING, WakeAndRelease::Nothing, IDLE | RUNNING | NOTIFIED),
        (REFERENCE | COMPLETE, WakeAndRelease::Nothing, REFERENCE | COMPLETE | NOTIFIED),
        (COMPLETE, WakeAndRelease::Free, COMPLETE | NOTIFIED),
    ] {
        let state = at(bits + REFERENCE);
        assert_eq!(state.wake_and_release(), next, "{bits:b}");
        assert_eq!(state.0.into_inner(), left, "{bits:b}");
    }
}
