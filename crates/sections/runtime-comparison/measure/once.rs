//! One run of the program: in this process, by Go, or in a process of its own.

use crate::contender::{Contender, How};
use std::io::{Error, ErrorKind, Read};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// Far longer than a run takes: only one that hangs reaches it.
const LIMIT: Duration = Duration::from_secs(120);

/// Runs the program on this runtime. It prints what it has to say.
pub fn here(contender: &Contender) -> Result<(), String> {
    match contender.how {
        How::Built(run) => run(),
        How::Left(reason) => Err(reason.to_string()),
        How::Go => go().map_err(|error| match error.kind() {
            ErrorKind::NotFound => "there is no go here (Debian: golang-go)".to_string(),
            _ => error.to_string(),
        }),
    }
}

/// Builds and runs the Go program as `scripts/elsewhere` does: nothing is downloaded, and nothing stays outside of the
/// workspace.
fn go() -> Result<(), Error> {
    let folder = tempfile::tempdir()?;
    let program = folder.path().join("program");
    let elsewhere = Path::new(env!("CARGO_MANIFEST_DIR")).join("elsewhere");
    let target = elsewhere.join("../../../../target/elsewhere");
    let variables = [("GOTOOLCHAIN", "local"), ("GO111MODULE", "off")];
    let mut build = Command::new("go");
    build.arg("build").arg("-o").arg(&program).arg("one_program.go").current_dir(elsewhere);
    build.envs(variables).env("GOPATH", folder.path()).env("GOCACHE", std::path::absolute(target)?);
    for command in [&mut build, &mut Command::new(program)] {
        let status = command.status()?;
        if !status.success() {
            return Err(Error::other(format!("the Go program ended with {status}")));
        }
    }
    Ok(())
}

/// Runs this program once more, for this runtime alone: its threads and its memory are its own then.
///
/// Returns what it has printed. The error is the last that it has said.
pub fn in_a_process(contender: &Contender) -> Result<String, String> {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.args(["once", contender.name]).stdin(Stdio::null());
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| error.to_string())?;
    let has_succeeded = ended(&mut child)?;
    // It has printed some lines, which the pipes hold.
    let (mut printed, mut said) = (String::new(), String::new());
    let _ = child.stdout.take().map(|mut stdout| stdout.read_to_string(&mut printed));
    let _ = child.stderr.take().map(|mut stderr| stderr.read_to_string(&mut said));
    if has_succeeded {
        return Ok(printed);
    }
    let lines = said.lines().rev().filter(|line| !line.is_empty() && !line.starts_with("note: "));
    let last = lines.into_iter().next().unwrap_or("it ended without a word");
    Err(last.trim_start_matches("error: ").to_string())
}

fn ended(child: &mut Child) -> Result<bool, String> {
    let start = Instant::now();
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return Ok(status.success()),
            Ok(None) if start.elapsed() < LIMIT => thread::sleep(Duration::from_millis(5)),
            Ok(None) => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("it has not ended after {} s", LIMIT.as_secs()));
            }
            Err(error) => return Err(error.to_string()),
        }
    }
}
