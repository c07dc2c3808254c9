//! One module a problem. Each file is complete: copy it with `cargo run -- copy NAME FOLDER`.

#![warn(missing_docs)]

pub mod actor;
pub mod assert_cancel_safe;
pub mod background_task;
pub mod bounded_blocking;
pub mod bounded_jobs;
pub mod debounce;
pub mod drain_on_signal;
pub mod fan_out;
pub mod heartbeat;
pub mod http_errors;
pub mod http_server;
pub mod item_timeout;
pub mod lazy_value;
pub mod limit_concurrency;
pub mod no_hang;
pub mod periodic;
pub mod pool;
pub mod rate_limit;
pub mod read_lines;
pub mod relay;
pub mod replace_file;
pub mod resend;
pub mod retry;
pub mod run_command;
pub mod shared_state;
pub mod stdin_lines;
pub mod supervise;
pub mod sync_facade;
pub mod tcp_server;
pub mod throttle;
pub mod timeout;
pub mod tracked_cleanup;
pub mod wait_until;
pub mod watched_workers;
