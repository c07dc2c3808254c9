use super::{answer, next_request};
use tokio::io::DuplexStream;
use tokio_util::sync::CancellationToken;

/// Serves a connection until the client ends it, or until the shutdown.
pub async fn connection(mut client: DuplexStream, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let request = next_request(&mut client);
        let request = shutdown.run_until_cancelled(request);
        let Some(Some(request)) = request.await else { return };
        answer(&mut client, request).await;
    }
}
