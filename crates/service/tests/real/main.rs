//! The service as it is used: the real process, a database on a disk, clients over the network.

mod api;
mod checker;
mod command_line;
mod crash;
mod disk;
mod load;
mod overload;
mod postgres;
mod shutdown;
mod support;
mod traces;
mod watch;
