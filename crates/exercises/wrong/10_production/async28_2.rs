//! Wrong: makes each job a child of the one before.

use tokio_util::sync::CancellationToken;

struct Service {
    stop: CancellationToken,
    jobs: Vec<CancellationToken>,
}

impl Service {
    fn new(jobs: usize) -> Self {
        let stop = CancellationToken::new();
        let mut tokens: Vec<CancellationToken> = Vec::new();
        for _ in 0..jobs {
            tokens.push(tokens.last().unwrap_or(&stop).child_token());
        }
        Self { stop, jobs: tokens }
    }
}
