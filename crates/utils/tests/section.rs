//! The command line of a section: what it repeats, and whom it asks.

use std::process::{Command, ExitCode, Output};
use utils::http::stand_in_for_the_internet;
use utils::section::{Part, run};

/// Set where a test is run once more, as a section.
const SECTION: &str = "UTILS_SECTION_TEST";

/// This test once more, with `words` where a section has its own.
fn once_more(test: &str, words: &[&str]) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args([test, "--exact", "--nocapture"]).args(words).env(SECTION, "1");
    command
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr)
}

/// Each of them leads to a port that nobody listens on, or says nothing of this machine.
const HOSTILE: [&[(&str, &str)]; 4] = [
    &[("HTTP_PROXY", "http://127.0.0.1:1"), ("http_proxy", "http://127.0.0.1:1")],
    &[("ALL_PROXY", "socks5://127.0.0.1:1"), ("NO_PROXY", "")],
    &[("all_proxy", "http://127.0.0.1:1"), ("NO_PROXY", "example.org")],
    &[("http_proxy", "http://127.0.0.1:1"), ("no_proxy", "example.org,10.0.0.0/8")],
];

#[test]
fn the_local_server_is_asked_whatever_the_shell_says_of_proxies() {
    if std::env::var_os(SECTION).is_some() {
        let code = stand_in_for_the_internet(|| {
            let url = format!("{}/get", std::env::var("BASE_URL").unwrap());
            let runtime = tokio::runtime::Runtime::new().unwrap();
            let answer = runtime.block_on(async { reqwest::get(url).await?.text().await });
            println!("got {answer:?}, but not {:?}", std::env::var("NO_PROXY"));
            ExitCode::SUCCESS
        });
        assert!(code == ExitCode::SUCCESS);
        return;
    }
    for variables in HOSTILE {
        let test = "the_local_server_is_asked_whatever_the_shell_says_of_proxies";
        let mut command = once_more(test, &[]);
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"] {
            command.env_remove(name);
        }
        let output =
            command.env_remove("BASE_URL").envs(variables.iter().copied()).output().unwrap();
        let said = text(&output);
        assert!(said.contains(r#"got Ok("{\"url\": \"/get\"}")"#), "{variables:?}: {said}");
        // The user's own list is kept.
        let kept = variables
            .iter()
            .all(|(name, value)| !name.eq_ignore_ascii_case("no_proxy") || said.contains(value));
        assert!(kept, "{variables:?}: {said}");
    }
}

/// The words of this process reach [`run`], which repeats the first that it does not know.
#[test]
fn no_control_sequence_in_an_argument_gets_to_the_terminal() {
    if std::env::var_os(SECTION).is_some() {
        let part = |name| Part { name, main: || ExitCode::SUCCESS, on_request: false };
        let own = "no_control_sequence_in_an_argument_gets_to_the_terminal";
        let code = run("a-section", "", &[own, "--exact", "--nocapture"].map(part));
        println!("refused: {}", code == ExitCode::from(2));
        return;
    }
    for word in ["\x1b[31mred\x07", "\u{9b}31m", "\u{202e}\u{2066}", "a\r\nb\x08", "\x7f\u{85}"] {
        let test = "no_control_sequence_in_an_argument_gets_to_the_terminal";
        let output = once_more(test, &[word]).output().unwrap();
        let said = String::from_utf8(output.stderr).expect("it is safe to print");
        assert!(said.starts_with("error: a-section has no part \""), "{said}");
        let is_bad = |letter: char| {
            letter != '\n' && (letter.is_control() || matches!(letter, '\u{202e}' | '\u{2066}'))
        };
        assert!(!said.contains(is_bad), "{said:?}");
        assert!(String::from_utf8_lossy(&output.stdout).contains("refused: true"));
    }
}

/// As with `2>&1 | head -1`: the exit code is all that is left to say it.
#[test]
fn without_stderr_an_error_is_still_an_exit_code() {
    let test = "without_stderr_an_error_is_still_an_exit_code";
    if std::env::var_os(SECTION).is_some() {
        let refused = run("a-section", "", &[]) == ExitCode::from(2);
        println!("refused: {refused}");
        eprintln!("nobody reads this");
        println!("never printed");
        return;
    }
    let (reader, stderr) = std::io::pipe().unwrap();
    drop(reader);
    let output = once_more(test, &[]).stderr(stderr).output().unwrap();
    assert!(text(&output).contains("refused: true\n"), "{output:?}");
    assert!(!text(&output).contains("never printed"), "{output:?}");
    assert_eq!(output.status.code(), Some(1), "{output:?}");
}
