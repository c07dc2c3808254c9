//! Guide 4.2 — `try_join!` ends with the first error.
//!
//! It drops the futures that are not ready yet. `join!` waits for all of its futures, even after an
//! error.
//!
//! Fails first: the test `the_first_error_ends_all_of_it` fails.

/// Books flight and hotel at the same time: both, or nothing.
async fn book(
    flight: impl Future<Output = Result<u32, String>>,
    hotel: impl Future<Output = Result<u32, String>>,
) -> Result<(u32, u32), String> {
    // TODO: If one fails, nobody needs to wait for the other.
    let (flight, hotel) = tokio::join!(flight, hotel);
    Ok((flight?, hotel?))
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::time::Duration;
    use tokio::time::{Instant, sleep};

    async fn after(seconds: u64, result: Result<u32, &str>) -> Result<u32, String> {
        sleep(Duration::from_secs(seconds)).await;
        result.map_err(String::from)
    }

    #[test]
    fn the_first_error_ends_all_of_it() {
        paused(async {
            let start = Instant::now();
            let booked = book(after(10, Ok(1)), after(1, Err("no room"))).await;
            assert_eq!(booked, Err("no room".to_string()));
            assert_eq!(start.elapsed(), Duration::from_secs(1));
        });
    }

    #[test]
    fn without_an_error_both_are_booked_at_the_same_time() {
        paused(async {
            let start = Instant::now();
            assert_eq!(book(after(2, Ok(1)), after(3, Ok(2))).await, Ok((1, 2)));
            assert_eq!(start.elapsed(), Duration::from_secs(3));
        });
    }
}
