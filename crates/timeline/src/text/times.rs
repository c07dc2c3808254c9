//! Times as a reader compares them.

use std::time::Duration;

/// `35 µs`, `8.5 ms`, `10 ms`, `2.5 s`, `12.35 s`
pub(crate) fn time(time: Duration) -> String {
    let micros = time.as_micros();
    let millis = micros as f64 / 1e3;
    match micros {
        0 => "0 ms".to_string(),
        _ if micros.is_multiple_of(1_000_000) => format!("{} s", micros / 1_000_000),
        1_000_000.. if micros.is_multiple_of(100_000) => format!("{:.1} s", millis / 1e3),
        _ if micros.is_multiple_of(1000) && micros < 10_000_000 => format!("{} ms", micros / 1000),
        1..1000 => format!("{micros} µs"),
        1000..100_000 => format!("{millis:.1} ms"),
        100_000..10_000_000 => format!("{millis:.0} ms"),
        _ => format!("{:.2} s", millis / 1e3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_milliseconds_are_exact_and_others_have_two_or_three_digits() {
        let text = |micros| time(Duration::from_micros(micros));
        assert_eq!([0, 35, 8540, 10_000].map(text), ["0 ms", "35 µs", "8.5 ms", "10 ms"]);
        assert_eq!([123_456, 1_500_000].map(text), ["123 ms", "1.5 s"]);
        assert_eq!([3_000_000, 12_345_678].map(text), ["3 s", "12.35 s"]);
    }
}
