//! Four ways from task to task: a queue, one value, all to all, the latest.
//!
//! Every module below is a complete program. Paste any one of them over a fresh `src/main.rs`
//! and it runs.

mod mpsc; // deep dive 11.1
mod back_pressure; // deep dive 11.1
mod unbounded; // deep dive 11.1
mod full_cycle; // deep dive 11.1
mod closing; // deep dive 11.1
mod kept_sender; // deep dive 11.1
mod oneshot; // deep dive 11.2
mod request_response; // deep dive 11.2
mod broadcast; // deep dive 11.3
mod lag; // deep dive 11.3
mod watch; // deep dive 11.4
mod watch_changes; // deep dive 11.4
mod watch_borrow; // deep dive 11.4
mod four_channels; // deep dive 18

fn main() -> std::process::ExitCode {
    utils::section!(
        mpsc,
        back_pressure,
        unbounded,
        full_cycle,
        closing,
        kept_sender,
        oneshot,
        request_response,
        broadcast,
        lag,
        watch,
        watch_changes,
        watch_borrow,
        four_channels
    )
}
