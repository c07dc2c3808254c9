//! A link keeper: the libraries that deep dive 14 names, as one service.

// The service, in the order in which one reads it.
pub mod settings;
pub mod variables;
pub mod link;
pub mod database;
pub mod store;
pub mod api;
pub mod problem;
pub mod report;
pub mod rpc;
pub mod addresses;
pub mod busy;
pub mod checker;
pub mod layers;
pub mod metrics;
pub mod telemetry;
pub mod server;
pub mod deadlines;
pub mod linger;
pub mod run;

// Copies of recipes, unchanged.
pub mod bounded_jobs;
pub mod drain_on_signal;
pub mod periodic;
pub mod retry;
pub mod supervise;
pub mod tcp_server;
