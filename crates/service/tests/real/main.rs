//! The service as it is used: the real process, a database on a disk, clients over the network.

// It looks into /proc, sets limits of another process, and uses all of 127.0.0.0/8.
#![cfg(target_os = "linux")]

mod api;
mod bodies;
mod checker;
mod clients;
mod command_line;
mod connections;
mod crash;
mod disk;
mod failures;
mod heads;
mod load;
mod overload;
mod postgres;
mod private;
mod shutdown;
mod support;
mod traces;
mod turns;
mod watch;
