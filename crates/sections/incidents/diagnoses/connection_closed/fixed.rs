use super::{Connection, Server};
use std::io;
use tokio::time::Duration;

/// Less than the 5 s after which the server closes an idle connection.
const MAX_IDLE: Duration = Duration::from_secs(4);

/// A client that keeps its connection for the next request.
#[derive(Default)]
pub struct Client {
    idle: Option<Connection>,
}

impl Client {
    pub async fn get(&mut self, server: &Server) -> io::Result<()> {
        let idle = self.idle.take().filter(|it| it.idle_for() < MAX_IDLE);
        let mut connection = match idle {
            Some(connection) => connection,
            None => server.connect(),
        };
        connection.ask().await?;
        self.idle = Some(connection);
        Ok(())
    }
}
