//! The commands `start`, `hint`, `evidence` and `fix`, as a user types them.

use diagnoses::{ALL, Incident, answer};
use std::process::Command;

/// What stdout shows, or else stderr.
fn typed(words: &str) -> Result<String, String> {
    let words: Vec<_> = words.split(' ').map(String::from).collect();
    answer(&words).expect("the first word is a command")
}

/// One test for all: the commands take over what panics print.
#[test]
fn each_incident_leads_from_its_start_to_its_fix() {
    for incident in &ALL {
        let Incident { name, hints, .. } = incident;
        let (broken, fixed) = ((incident.broken.observe)(), (incident.fixed.observe)());
        assert_ne!(broken.symptoms, fixed.symptoms);

        // Each says what comes next.
        let mut texts = Vec::new();
        let mut words = Some(format!("start {name}"));
        while let Some(some) = words {
            texts.push(typed(&some).unwrap());
            words = next(&texts[texts.len() - 1]);
        }
        for text in &texts {
            let wide = text.lines().find(|line| line.chars().count() > 80);
            assert_eq!(wide, None, "{text}");
        }
        let [start, between @ .., evidence, fix] = &texts[..] else { panic!("{texts:?}") };
        assert_eq!(between.len(), hints.len());

        assert!(start.contains(&broken.symptoms), "{start}");
        assert!(!start.contains(&broken.evidence) && !start.contains("panicked"), "{start}");
        assert!(evidence.contains(&broken.evidence), "{evidence}");
        let panicked = evidence.contains("on stderr: panicked: order 4 has no address\n");
        assert_eq!(panicked, *name == "lost_panic", "{evidence}");
        for shown in [incident.cause, &broken.symptoms, &fixed.symptoms, &fixed.evidence] {
            assert!(fix.contains(shown), "{fix}");
        }
        let changed = |sign| fix.lines().filter(|line| line.starts_with(sign)).count();
        assert!((1..=9).contains(&changed('+')) && changed('-') <= 4, "{fix}");
    }
}

fn next(text: &str) -> Option<String> {
    let (_, next) = text.rsplit_once("\nNext: cargo run -p incidents -- ")?;
    Some(next.trim_end().to_string())
}

/// What a picture looks like is a matter of the `timeline` crate; that it points at the cause is not.
#[test]
#[cfg(tokio_unstable)] // Tokio reports to it with this flag only
fn the_picture_of_what_is_stuck_ends_there_and_names_who_waits_in_vain() {
    // In a process of its own: the command takes over what panics print.
    let picture = |name| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_incidents"));
        let output = command.args(["evidence", name]).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let futurelock = picture("futurelock");
    let stuck = "Nothing more can happen: main waits, and nothing will wake it.";
    assert!(futurelock.contains(stuck), "{futurelock}");
    // Its number is not always 1: on a busy machine a long poll may be the first finding.
    assert!(futurelock.contains(" query has a permit of Semaphore"), "{futurelock}");
    assert!(futurelock.contains("while log_slow waits for one too: a futurelock."));
    let shutdown = picture("shutdown_hangs");
    assert!(shutdown.contains("main and task 1 wait, and nothing will wake them."), "{shutdown}");
    assert!([futurelock, shutdown].iter().all(|it| !it.contains("unfinished")));
}

#[test]
fn a_wrong_name_has_a_near_one_and_the_list() {
    let refused = |words| typed(words).unwrap_err();
    for (words, near) in
        [("start futurelokc", "futurelock"), ("fix unbounded-queue", "unbounded_queue")]
    {
        let text = refused(words);
        assert!(text.contains(&format!("Did you mean {near}?\n")), "{text}");
        assert!(ALL.iter().all(|incident| text.contains(incident.name)), "{text}");
    }
    assert!(!refused("start xyzzy").contains("Did you mean"));
    assert!(refused("hint").starts_with("hint takes the name of an incident\n"));
    assert!(refused("hint bursts 0").contains("hints 1 to 3"));
    assert!(refused("hint bursts many").contains("hints 1 to 3"));
    assert!(refused("start bursts now").contains("\"now\" is one more"));
}

#[test]
fn what_is_wrong_ends_with_2_on_stderr() {
    for (words, near) in [
        ("start futurelokc", Some("futurelock")),
        ("strat futurelock", Some("start")),
        ("futurelock", Some("start futurelock")),
        ("shutdown", Some("start shutdown_hangs")),
        ("foo", None),
    ] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_incidents"));
        let output = command.args(words.split(' ')).output().unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(2), 0), "{output:?}");
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(stderr.starts_with("error: "), "{stderr}");
        assert!(stderr.contains("cargo run -p incidents -- COMMAND NAME\n"), "{stderr}");
        for command in ["start", "hint", "evidence", "fix"] {
            assert!(stderr.contains(&format!("\n  {command:8}  ")), "{stderr}");
        }
        match near {
            Some(near) => assert!(stderr.contains(&format!("Did you mean {near}?\n")), "{stderr}"),
            None => assert!(!stderr.contains("Did you mean"), "{stderr}"),
        }
    }
}

#[test]
fn start_alone_and_the_help_list_them() {
    let mut help = Command::new(env!("CARGO_BIN_EXE_incidents"));
    let help = help.arg("--help").output().unwrap();
    for text in [typed("start").unwrap(), String::from_utf8(help.stdout).unwrap()] {
        assert!(ALL.iter().all(|incident| text.contains(incident.name)), "{text}");
    }
    assert!(typed("start").unwrap().lines().all(|line| line.len() <= 80));
}
