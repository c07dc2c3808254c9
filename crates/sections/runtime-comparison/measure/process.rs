//! Reads what Linux says of this process. Other systems say nothing here.

use std::fs;

/// Prints the threads, the peak of the memory, and what it waits with for its sockets.
pub fn print() {
    if let Some(status) = status() {
        println!("threads: {}", field(&status, "Threads"));
        println!("peak: {} KiB", field(&status, "VmHWM"));
    }
    if let Some(waits) = waits_with() {
        println!("waits with: {waits}");
    }
}

fn status() -> Option<String> {
    fs::read_to_string("/proc/self/status").ok()
}

/// The number in `VmHWM:      5232 kB`.
fn field(status: &str, name: &str) -> u64 {
    let value = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let number = value.and_then(|value| value.split_whitespace().next()?.parse().ok());
    number.expect("Linux has had this line since 2.6")
}

/// `epoll` or `io_uring`, as the descriptors of this process say. A runtime may have both: io_uring is what it is for.
fn waits_with() -> Option<&'static str> {
    let descriptors = fs::read_dir("/proc/self/fd").ok()?;
    let targets: Vec<_> =
        descriptors.filter_map(|entry| fs::read_link(entry.ok()?.path()).ok()).collect();
    let has = |name: &str| targets.iter().any(|target| target.to_string_lossy().contains(name));
    Some(match () {
        () if has("[io_uring]") => "io_uring",
        () if has("[eventpoll]") => "epoll",
        () => "neither",
    })
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn a_field_is_the_number_of_its_own_line() {
        let status = "VmPeak:\t   9 kB\nVmHWM:\t    5232 kB\nThreads:\t3\n";
        assert_eq!((field(status, "VmHWM"), field(status, "Threads")), (5232, 3));
    }
}
