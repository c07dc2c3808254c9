//! Says where and when was measured, in words that name no machine: `two virtual cores of …`.

use std::fs;
use std::process::Command;
use std::thread;

/// Cores, model of the CPU, and kernel.
pub fn machine() -> String {
    let cpu = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    let virtual_ = if cpu.contains(" hypervisor") { "virtual " } else { "" };
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    // Behind the numbers stands whose kernel it is.
    let kernel: Vec<_> = kernel.split(['-', '+']).next().unwrap_or("").split('.').take(2).collect();
    format!(
        "{cores} {virtual_}cores of an {}, {} {}",
        model.unwrap_or("unknown CPU"),
        std::env::consts::OS,
        kernel.join(".")
    )
}

/// In UTC: `2026-12-01`.
pub fn date() -> Result<String, String> {
    let output = Command::new("date").args(["--utc", "+%F"]).output();
    let output = output.map_err(|error| format!("date: {error}"))?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().into())
}
