//! Reads the arguments and the settings, and runs the service.

use service::run::run;
use service::settings::Settings;
use service::variables::help;
use std::error::Error;
use std::io::{Write, stderr, stdout};
use std::process::exit;
use tokio::runtime::Runtime;

/// The exit code for a wrong argument or a wrong setting.
const WRONG: i32 = 2;

fn main() {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    match arguments.as_slice() {
        [] => {}
        [argument] if argument == "--help" || argument == "-h" => {
            // Nobody reads it if this fails.
            let _ = stdout().write_all(help().as_bytes());
            return;
        }
        [argument, ..] => {
            let _ = writeln!(stderr(), "error: {argument:?} is no argument: allowed: --help\n");
            let _ = write!(stderr(), "{}", help());
            exit(WRONG);
        }
    }
    let settings = match Settings::read(&|name| std::env::var_os(name)) {
        Ok(settings) => settings,
        Err(lines) => {
            for line in lines {
                let _ = writeln!(stderr(), "error: {line}");
            }
            exit(WRONG);
        }
    };
    raise_limit();
    let ended = Runtime::new().map_err(Into::into).and_then(|runtime| {
        let ended = runtime.block_on(run(settings));
        // A name that the checker looks up blocks a thread. It is not waited for.
        runtime.shutdown_background();
        ended
    });
    if let Err(error) = ended {
        let _ = writeln!(stderr(), "error: {}", causes(&error));
        exit(1);
    }
}

/// Allows as many open files as the system lets this process have. Each connection is one, and a
/// shell often gives 1024.
fn raise_limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
        let maximum = getrlimit(Resource::Nofile).maximum;
        // If the system refuses, fewer clients are served at once.
        let _ = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    }
}

/// Returns the error with its causes. Some errors show theirs themselves.
fn causes(error: &dyn Error) -> String {
    let text = error.to_string();
    match error.source().map(causes) {
        Some(cause) if !text.contains(&cause) => format!("{text}: {cause}"),
        _ => text,
    }
}
