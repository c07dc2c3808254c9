//! Wrong: gives each job a token that knows no other.

use tokio_util::sync::CancellationToken;

struct Service {
    stop: CancellationToken,
    jobs: Vec<CancellationToken>,
}

impl Service {
    fn new(jobs: usize) -> Self {
        let jobs = (0..jobs).map(|_| CancellationToken::new()).collect();
        Self { stop: CancellationToken::new(), jobs }
    }
}
