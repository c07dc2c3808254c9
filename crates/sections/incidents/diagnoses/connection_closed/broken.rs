use super::{Connection, Server};
use std::io;

/// A client that keeps its connection for the next request.
#[derive(Default)]
pub struct Client {
    idle: Option<Connection>,
}

impl Client {
    pub async fn get(&mut self, server: &Server) -> io::Result<()> {
        let idle = self.idle.take();
        let mut connection = match idle {
            Some(connection) => connection,
            None => server.connect(),
        };
        connection.ask().await?;
        self.idle = Some(connection);
        Ok(())
    }
}
