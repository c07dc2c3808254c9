//! How long a program may run: `5s`.

use crate::typed::folded;
use std::time::Duration;

/// A day: nobody waits longer, and any clock can add it.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// A whole number with its unit.
pub fn limit(typed: &str) -> Result<Duration, String> {
    const ALLOWED: &str = "a whole number with `ms`, `s` or `m`, such as `5s`, up to a day";
    let typed = folded(typed);
    let (number, unit) = typed.split_at(typed.find(|it: char| !it.is_ascii_digit()).unwrap_or(0));
    let unit = match unit.trim() {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        _ => return Err(ALLOWED.to_string()),
    };
    let millis = number.parse::<u64>().ok().and_then(|number| number.checked_mul(unit));
    let limit = millis.map(Duration::from_millis);
    let allowed = |limit: &Duration| !limit.is_zero() && *limit <= LONGEST;
    limit.filter(allowed).ok_or_else(|| ALLOWED.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_number_with_its_unit() {
        for (typed, millis) in [
            ("5s", 5_000),
            ("500ms", 500),
            ("2m", 120_000),
            (" 5 s ", 5_000),
            ("５ｓ", 5_000),
            ("1440m", 86_400_000),
        ] {
            assert_eq!(limit(typed), Ok(Duration::from_millis(millis)), "{typed}");
        }
        for typed in [
            "",
            "5",
            "s",
            "0s",
            "-5s",
            "1.5s",
            "5h",
            "5 s s",
            "1441m",
            "99999999999999999999s",
            "18446744073709551615m",
        ] {
            assert!(limit(typed).unwrap_err().contains("such as `5s`"), "{typed}");
        }
    }
}
