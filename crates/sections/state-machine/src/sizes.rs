//! Guide 2.3 — A state holds what lives across its `.await`; the machine has the size of the largest.

pub fn main() {
    println!("gone before the await: {} KiB", kib(gone_before));
    println!("used across the await: {} KiB", kib(used_across));
    println!("two, one after the other: {} KiB", kib(one_after_the_other));
    println!("two at once: {} KiB", kib(both_at_once));
}

/// The size of the future that `make` would return. It is not made: that could overflow the stack.
fn kib<F: Future>(_make: impl FnOnce() -> F) -> usize {
    size_of::<F>() / 1024
}

async fn gone_before() {
    // Without this block it would be there until the end of the function, borrowed as it was.
    {
        let buffer = [1_u8; 1024];
        println!("{}", buffer.len());
    }
    std::future::pending::<()>().await;
}

async fn used_across() {
    let buffer = [1_u8; 1024];
    std::future::pending::<()>().await;
    println!("{}", buffer[0]);
}

async fn one_after_the_other() {
    used_across().await;
    used_across().await;
}

async fn both_at_once() {
    let buffer = [1_u8; 1024];
    used_across().await;
    println!("{}", buffer[0]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::pending;

    fn bytes<F: Future>(_make: impl FnOnce() -> F) -> usize {
        size_of::<F>()
    }

    /// Proves D-1-6, D-13-2.
    #[test]
    fn only_what_lives_across_an_await_is_kept() {
        assert_eq!(bytes(gone_before), 1);
        assert_eq!(bytes(used_across), 1025);
    }

    /// Proves D-18-2, D-19-1.
    #[test]
    fn the_machine_is_its_largest_state_and_not_their_sum() {
        assert_eq!(bytes(one_after_the_other), 1026);
        assert_eq!(bytes(both_at_once), 2050);
    }

    /// `a` is needed in the second wait only: 8 bytes there, and a 1-byte step in both.
    /// Proves G-2.3-6, D-2-9.
    #[cfg(target_pointer_width = "64")] // elsewhere a `u64` may be aligned to 4 bytes
    #[test]
    fn a_variable_is_a_field_of_the_states_that_need_it() {
        async fn example() -> u64 {
            let a = step().await;
            a + step().await
        }
        async fn step() -> u64 {
            pending().await
        }
        async fn wide() -> u64 {
            let b = [1_u8; 8];
            step().await;
            u64::from(b[0])
        }
        // Never needed at once, `a` and `wide` share a place.
        async fn wide_then_a() -> u64 {
            let a = wide().await;
            a + step().await
        }
        async fn a_beside_wide() -> u64 {
            let a = step().await;
            a + wide().await
        }
        async fn without_a() -> u64 {
            step().await;
            step().await
        }
        assert_eq!(bytes(step), 1);
        assert_eq!(bytes(without_a), 2);
        assert_eq!(bytes(example), 16);
        assert_eq!((bytes(wide), bytes(wide_then_a), bytes(a_beside_wide)), (10, 16, 24));
    }
}
