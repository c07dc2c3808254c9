//! tiny-runtime beside Tokio, smol, async-executor and futures' thread pool: the same workloads in turns,
//! and the ratios of neighbouring rounds, so that what else the machine does concerns all alike.
//!
//! `scripts/bench` builds and starts this.

mod allocator;
mod contender;
mod figures;
mod files;
mod load;
mod machine;
mod measure;
mod options;
#[cfg(feature = "plot")]
mod plot;
mod readme;
mod row;
mod table;
mod verdict;
mod workloads;

use figures::Figures;
use options::Options;
use std::process::ExitCode;

fn main() -> ExitCode {
    let files = files::raise();
    let words: Vec<_> = std::env::args().skip(1).collect();
    match words.iter().map(|word| &**word).collect::<Vec<_>>()[..] {
        ["--at-rest", row, contender] => table::figure(row, contender),
        ["--load", address, connections, request] => load::main(address, connections, request),
        _ => {
            return run(words, files).unwrap_or_else(|error| {
                eprintln!("error: {error}");
                ExitCode::from(2)
            });
        }
    }
    ExitCode::SUCCESS
}

fn run(words: Vec<String>, files: u64) -> Result<ExitCode, String> {
    let Some(options) = Options::read(words)? else {
        println!("{}", Options::help());
        return Ok(ExitCode::SUCCESS);
    };
    if options.from.is_empty() {
        let figures = table::table(&options, files);
        if let Some(path) = &options.save {
            figures.save(path)?;
        } else if options.check {
            return Ok(verdict::check(&[figures]));
        }
        return Ok(ExitCode::SUCCESS);
    }
    let figures = options.from.iter().map(|path| Figures::read(path));
    let figures: Vec<_> = figures.collect::<Result<_, _>>()?;
    if let Some(readme) = &options.write {
        readme::write(readme, &figures, options.wants_all())?;
    }
    if options.check {
        return Ok(verdict::check(&figures));
    }
    Ok(ExitCode::SUCCESS)
}
