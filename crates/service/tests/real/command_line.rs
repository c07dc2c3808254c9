//! Settings, arguments and starts that fail: named, with what is allowed, and nothing touched.

use crate::support::Setup;
use std::net::TcpListener;

/// Runs it to its end, and returns its exit code and what it says.
async fn refused(setup: &Setup) -> (Option<i32>, String) {
    let (code, out, err) = setup.run().await;
    assert_eq!(out, "", "nothing on stdout");
    assert!(!err.contains("panicked"), "{err}");
    (code, err)
}

fn is_empty(setup: &Setup) -> bool {
    std::fs::read_dir(setup.folder()).expect("it is there").next().is_none()
}

/// Each setting with a value that is wrong.
const WRONG: [(&str, &str); 8] = [
    ("LISTEN", "nowhere"),
    ("DATABASE_URL", "mysql://me:secret@localhost/links"),
    ("CHECK_EVERY", "often"),
    ("CHECK_LIMIT", "0s"),
    ("CHECKS_AT_ONCE", "0"),
    ("DRAIN_LIMIT", "-1s"),
    ("REQUEST_LIMIT", "10"),
    ("REQUESTS_AT_ONCE", "many"),
];

#[tokio::test]
async fn all_wrong_settings_are_named_and_nothing_is_opened() {
    let mut setup = Setup::new();
    for (name, value) in WRONG {
        setup = setup.with(name, value);
    }
    setup = setup.with("OTEL_EXPORTER_OTLP_ENDPOINT", "somewhere").with("RUST_LOG", "loud=");
    let (code, text) = refused(&setup).await;
    assert_eq!(code, Some(2), "{text}");
    for (name, value) in WRONG {
        let line = text.lines().find(|line| line.contains(name));
        let line = line.unwrap_or_else(|| panic!("{name} is not named:\n{text}"));
        // But for a password.
        assert!(line.contains(value) != (name == "DATABASE_URL"), "{line}");
    }
    assert!(text.contains("OTEL_EXPORTER_OTLP_ENDPOINT"), "{text}");
    assert!(is_empty(&setup));
}

#[tokio::test]
async fn one_wrong_setting_is_enough_and_nothing_is_opened() {
    for (name, value) in WRONG {
        // A port that is in use would be another error, if it were opened.
        let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = taken.local_addr().expect("it has an address");
        let setup = Setup::new().with("LISTEN", address).with(name, value);
        let (code, text) = refused(&setup).await;
        assert_eq!(code, Some(2), "{name}: {text}");
        assert!(text.contains(name) && text.contains("allowed"), "{text}");
        assert!(is_empty(&setup), "{name}");
    }
}

#[tokio::test]
async fn an_address_of_no_database_that_lasts_is_refused() {
    for value in [
        "sqlite:?mode=rwc",
        "sqlite:links.db?mode=memory",
        "sqlite:%3Amemory%3A",
        "sqlite:file:links.db?mode=memory",
        "sqlite:file%3Alinks.db%3Fmode=memory",
        "postgres://",
        "postgres:links",
        "postgres:///links",
    ] {
        let taken = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
        let address = taken.local_addr().expect("it has an address");
        let setup = Setup::new().with("LISTEN", address).with("DATABASE_URL", value);
        let (code, text) = refused(&setup).await;
        assert_eq!(code, Some(2), "{value}: {text}");
        assert!(is_empty(&setup), "{value}");
    }
}

#[tokio::test]
async fn an_argument_is_refused_with_the_usage() {
    for argument in ["--port", "serve", "", "-h="] {
        let setup = Setup::new().argument(argument);
        let (code, text) = refused(&setup).await;
        assert_eq!(code, Some(2), "{argument}: {text}");
        assert!(text.contains("LISTEN") || text.contains("--help"), "{text}");
        assert!(is_empty(&setup));
    }
}

#[tokio::test]
async fn help_lists_every_setting() {
    let setup = Setup::new().argument("--help");
    let (code, text, err) = setup.run().await;
    assert_eq!((code, err.as_str()), (Some(0), ""));
    for (name, _) in WRONG {
        assert!(text.contains(name), "{name} is not in\n{text}");
    }
    assert!(is_empty(&setup));
}

#[tokio::test]
async fn a_port_in_use_is_said_and_its_owner_is_not_disturbed() {
    let first = Setup::new().start().await;
    let setup = Setup::new().with("LISTEN", first.address);
    let (code, text) = refused(&setup).await;
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains(&first.address.to_string()), "{text}");
    assert_eq!(first.add("https://example.com/").await, 1);
    first.stop().await;
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_said_and_left_as_it_is() {
    // No database at all.
    let setup = Setup::new();
    let noise = b"These are no pages of SQLite. ".repeat(1000);
    std::fs::write(setup.database(), &noise).expect("there is room");
    fails_to_start(&setup, "links.db").await;
    assert_eq!(std::fs::read(setup.database()).expect("it is there"), noise);
    // No folder.
    let setup = Setup::new();
    let setup = setup
        .clone()
        .with("DATABASE_URL", format!("sqlite:{}/no/links.db", setup.folder().display()));
    fails_to_start(&setup, "no/links.db").await;
    assert!(is_empty(&setup));
    // No server: this port is free.
    let free = TcpListener::bind("127.0.0.1:0").expect("there is a free port");
    let address = free.local_addr().expect("it has an address");
    drop(free);
    let setup = Setup::new().with("DATABASE_URL", format!("postgres://me:secret@{address}/links"));
    let text = fails_to_start(&setup, &address.to_string()).await;
    assert!(!text.contains("secret"), "a password is for no log: {text}");
    assert!(is_empty(&setup));
}

async fn fails_to_start(setup: &Setup, named: &str) -> String {
    let (code, text) = refused(setup).await;
    assert_eq!(code, Some(1), "{text}");
    assert!(text.contains("error: ") && text.contains(named), "{text}");
    text
}
