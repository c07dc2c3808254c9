//! The variables of the environment, and the help that lists them.

/// A variable: its name, its value if it is not set, what it is, and what is allowed.
pub struct Variable(pub &'static str, pub &'static str, pub &'static str, pub &'static str);

const TIME: &str = "a time such as 500ms, 30s or 5m, from 1ms to 1day";
pub const LISTEN: Variable = Variable(
    "LISTEN",
    "127.0.0.1:8080",
    "where clients connect",
    "an address with a port, such as 127.0.0.1:8080 or [::1]:8080; port 0 is any free one",
);
pub const DATABASE_URL: Variable = Variable(
    "DATABASE_URL",
    "sqlite:links.db",
    "where the links are",
    "sqlite:FILE and postgres://USER:PASSWORD@HOST:PORT/DATABASE",
);
pub const CHECK_EVERY: Variable = Variable(
    "CHECK_EVERY",
    "5m",
    "how often each link is checked",
    "a time such as 30s or 5m, from 1ms to 1day; and off",
);
pub const CHECKS_AT_ONCE: Variable = Variable(
    "CHECKS_AT_ONCE",
    "8",
    "how many hosts are asked at once, each for one link at a time",
    "a number from 1 to 1000",
);
pub const CHECK_LIMIT: Variable = Variable(
    "CHECK_LIMIT",
    "5s",
    "how long a host may take to answer; it is asked three times",
    TIME,
);
pub const DRAIN_LIMIT: Variable =
    Variable("DRAIN_LIMIT", "10s", "how long the end may take after SIGTERM or SIGINT", TIME);
pub const REQUEST_LIMIT: Variable =
    Variable("REQUEST_LIMIT", "5s", "how long a request may take", TIME);
pub const REQUESTS_AT_ONCE: Variable = Variable(
    "REQUESTS_AT_ONCE",
    "256",
    "how many requests run at once; the others are told to come back",
    "a number from 1 to 100000",
);
pub const OTLP: Variable = Variable(
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "",
    "where spans go, over gRPC; nowhere if it is not set",
    "an address such as http://127.0.0.1:4317",
);
pub const RUST_LOG: Variable = Variable(
    "RUST_LOG",
    "info",
    "what is logged on stderr",
    "off, error, warn, info, debug and trace, also by module: info,service=debug",
);
pub const ALL: [Variable; 10] = [
    LISTEN,
    DATABASE_URL,
    CHECK_EVERY,
    CHECKS_AT_ONCE,
    CHECK_LIMIT,
    DRAIN_LIMIT,
    REQUEST_LIMIT,
    REQUESTS_AT_ONCE,
    OTLP,
    RUST_LOG,
];

/// Returns the help: each variable, what it is, and its value if it is not set.
pub fn help() -> String {
    let mut help = String::from(
        "Keeps links, and checks them.\n\nUsage: service [--help]\n\n\
         It takes no arguments. The environment says how it runs:\n",
    );
    for Variable(name, default, what, _) in ALL {
        let default = if default.is_empty() { "not set" } else { default };
        help += &format!("\n  {name:<27} {default}\n      {what}\n");
    }
    help
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_names_every_variable() {
        let help = help();
        assert!(ALL.iter().all(|Variable(name, ..)| help.contains(name)), "{help}");
        assert!(help.lines().all(|line| line.len() <= 80), "{help}");
    }
}
