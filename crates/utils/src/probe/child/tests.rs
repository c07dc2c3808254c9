use super::*;

#[test]
fn a_child_that_ends_reports_its_output() {
    let ended = in_child(Duration::from_secs(60), || println!("hello"));
    assert!(ended.status.success() && !ended.hung);
    assert!(ended.stdout.lines().any(|line| line.ends_with("hello")), "{ended:#?}");
}

#[test]
fn a_child_that_panics_is_told_from_one_that_ends() {
    let ended = in_child(Duration::from_secs(60), || panic!("on purpose"));
    assert!(!ended.status.success() && !ended.hung);
    assert!(ended.stderr.contains("on purpose"), "{ended:#?}");
}

#[test]
fn a_child_that_hangs_is_killed_at_its_limit() {
    let ended = in_child(Duration::from_millis(300), || {
        loop {
            std::thread::park();
        }
    });
    assert!(ended.hung);
}

#[test]
fn a_child_with_a_stdin_reads_what_is_typed() {
    let mut child = Child::with_stdin(&mut rerun(|| {
        println!("ready");
        let line = std::io::stdin().lines().next();
        println!("read {}", line.unwrap().unwrap());
    }));
    child.wait_for_line("ready");
    child.type_in("hello\n");
    assert!(child.end().stdout.ends_with("read hello\n"));
}

/// Its stdout ends with it.
#[cfg(unix)] // starts `sleep`
#[test]
fn a_child_that_is_dropped_is_killed() {
    let mut child = Child::start(Command::new("sleep").arg("3600"));
    let lines = std::mem::replace(&mut child.lines, channel().1);
    drop(child);
    assert_eq!(lines.recv_timeout(WATCHDOG), Err(RecvTimeoutError::Disconnected));
}
