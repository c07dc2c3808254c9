//! Deep dive 11.5 — Without `biased`, `select!` starts at a random branch, so none is starved.

use std::future::ready;

#[tokio::main]
pub async fn main() {
    println!("biased: {:?}", biased(3000).await);

    let wins = fair(3000).await;
    println!("fair: every branch has won: {}", wins.iter().all(|&n| n > 0));
}

/// Three branches, all ready: how often each has won. `biased` takes the first, every time.
async fn biased(rounds: u32) -> [u32; 3] {
    let mut wins = [0; 3];
    for _ in 0..rounds {
        tokio::select! {
            biased;
            () = ready(()) => wins[0] += 1,
            () = ready(()) => wins[1] += 1,
            () = ready(()) => wins[2] += 1,
        }
    }
    wins
}

/// The same without `biased`: about a third each.
async fn fair(rounds: u32) -> [u32; 3] {
    let mut wins = [0; 3];
    for _ in 0..rounds {
        tokio::select! {
            () = ready(()) => wins[0] += 1,
            () = ready(()) => wins[1] += 1,
            () = ready(()) => wins[2] += 1,
        }
    }
    wins
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Proves G-4.1-5.
    #[tokio::test]
    async fn biased_takes_the_first_ready_branch_every_time() {
        assert_eq!(biased(30_000).await, [30_000, 0, 0]);
    }

    /// A third is 10,000, the standard deviation 82: 1,000 off is twelve of them.
    /// Proves G-4.1-5, D-11-8.
    #[tokio::test]
    async fn each_branch_wins_about_a_third_of_the_rounds() {
        let wins = fair(30_000).await;
        assert!(wins.iter().all(|n| (9_000..=11_000).contains(n)), "{wins:?}");
    }
}
