//! The variables of the environment, and the help that lists them.

/// A variable, as the help and the README show it.
#[derive(Clone, Copy, Debug)]
pub struct Variable {
    pub name: &'static str,
    /// Its value if it is not set.
    pub default: &'static str,
    pub what: &'static str,
    pub allowed: &'static str,
}

const TIME: &str = "a time such as 500ms, 30s or 5m, from 1ms to 1day";
pub const LISTEN: Variable = Variable {
    name: "LISTEN",
    default: "127.0.0.1:8080",
    what: "where clients connect",
    allowed: "an address with a port, such as 127.0.0.1:8080 or [::1]:8080; port 0 is any free one",
};
pub const DATABASE_URL: Variable = Variable {
    name: "DATABASE_URL",
    default: "sqlite:links.db",
    what: "where the links are",
    allowed: "sqlite:FILE without options, and postgres://USER:PASSWORD@HOST:PORT/DATABASE",
};
pub const CHECK_EVERY: Variable = Variable {
    name: "CHECK_EVERY",
    default: "5m",
    what: "how often each link is checked; a new one within a second, if a place is free",
    allowed: "a time such as 30s or 5m, from 1ms to 1day; and off",
};
pub const CHECKS_AT_ONCE: Variable = Variable {
    name: "CHECKS_AT_ONCE",
    default: "8",
    what: "how many places there are: in each, one host is asked for one link at a time",
    allowed: "a number from 1 to 1000",
};
pub const CHECK_LIMIT: Variable = Variable {
    name: "CHECK_LIMIT",
    default: "5s",
    what: "how long a host may take to answer; it is asked three times",
    allowed: TIME,
};
pub const CHECK_PRIVATE: Variable = Variable {
    name: "CHECK_PRIVATE",
    default: "no",
    what: "whether private addresses are asked, such as 127.0.0.1 and 10.0.0.1",
    allowed: "yes and no",
};
pub const DRAIN_LIMIT: Variable = Variable {
    name: "DRAIN_LIMIT",
    default: "10s",
    what: "how long the end may take after SIGTERM or SIGINT",
    allowed: TIME,
};
pub const REQUEST_LIMIT: Variable = Variable {
    name: "REQUEST_LIMIT",
    default: "5s",
    what: "how long a request may take",
    allowed: TIME,
};
pub const REQUESTS_AT_ONCE: Variable = Variable {
    name: "REQUESTS_AT_ONCE",
    default: "256",
    what: "how many requests run at once; the others get 503 and Retry-After",
    allowed: "a number from 1 to 100000",
};
pub const OTLP: Variable = Variable {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    default: "",
    what: "where spans go, over gRPC; nowhere if it is not set",
    allowed: "an address such as http://127.0.0.1:4317",
};
pub const RUST_LOG: Variable = Variable {
    name: "RUST_LOG",
    default: "info",
    what: "what is logged on stderr",
    allowed: "off, error, warn, info, debug and trace, also by module: info,service=debug",
};
pub const ALL: [Variable; 11] = [
    LISTEN,
    DATABASE_URL,
    CHECK_EVERY,
    CHECKS_AT_ONCE,
    CHECK_LIMIT,
    CHECK_PRIVATE,
    DRAIN_LIMIT,
    REQUEST_LIMIT,
    REQUESTS_AT_ONCE,
    OTLP,
    RUST_LOG,
];

/// The longest line of the help.
const WIDTH: usize = 80;

/// Returns the help: each variable, its value if it is not set, what it is, and what is allowed.
pub fn help() -> String {
    let mut help = String::from(
        "Keeps links, and checks them.\n\nUsage: service [--help]\n\n\
         It takes no other argument. The environment says how it runs:\n",
    );
    for Variable { name, default, what, allowed } in ALL {
        let default = if default.is_empty() { "not set" } else { default };
        help += &format!("\n  {name:<27} {default}\n");
        wrap(&mut help, what);
        wrap(&mut help, &format!("allowed: {allowed}"));
    }
    help
}

/// Writes a text in lines that are indented.
fn wrap(help: &mut String, text: &str) {
    let mut line = String::from("     ");
    for word in text.split(' ') {
        if line.len() + 1 + word.len() > WIDTH {
            *help += &(line + "\n");
            line = String::from("       ");
        }
        line += &format!(" {word}");
    }
    *help += &(line + "\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_help_has_every_variable_with_what_is_allowed() {
        let help = help();
        assert!(help.lines().all(|line| line.len() <= WIDTH), "{help}");
        let words = help.split_whitespace().collect::<Vec<_>>().join(" ");
        for Variable { name, what, allowed, .. } in ALL {
            assert!(help.contains(&format!("\n  {name} ")), "{name}: {help}");
            assert!(words.contains(&format!("{what} allowed: {allowed}")), "{name}: {help}");
        }
    }
}
