//! A database that refuses every statement: the log has its words, and no client.

use crate::disk::other_connection;
use crate::support::client::watch;
use crate::support::database::Postgres;
use crate::support::{Service, Setup, limited};
use rustix::process::Signal;
use sqlx::{Connection, PgConnection};
use tonic::Code;

const SENTENCE: &str = "an error of this service; it is logged";

#[tokio::test]
async fn no_client_reads_what_sqlite_says() {
    let setup = Setup::new();
    let service = setup.start().await;
    service.add("https://example.com/").await;
    let mut other = other_connection(&setup).await;
    sqlx::query("DROP TABLE links").execute(&mut other).await.expect("nobody uses it");
    says_nothing_of_it(service, "no such table").await;
}

#[tokio::test]
async fn no_client_reads_what_postgresql_says() {
    let Some(server) = Postgres::shared() else { return };
    let database = server.database();
    let service = Setup::new().with("DATABASE_URL", &database).start().await;
    service.add("https://example.com/").await;
    let mut other = PgConnection::connect(&database).await.expect("it listens");
    sqlx::query("DROP TABLE links").execute(&mut other).await.expect("nobody uses it");
    says_nothing_of_it(service, "does not exist").await;
}

/// By HTTP and by gRPC: the error has one sentence, which tells nothing of tables.
async fn says_nothing_of_it(mut service: Service, cause: &str) {
    for path in ["/links", "/links/1", "/admin/report", "/readyz"] {
        let (status, answer) = service.json(path).await;
        assert_eq!((status, answer["error"].as_str()), (500, Some(SENTENCE)), "{path}");
    }
    let (status, answer) = service.post("https://example.com/2").await;
    assert_eq!((status, answer["error"].as_str()), (500, Some(SENTENCE)));
    let mut links = watch(service.address, 0).await;
    let error = limited("the end", links.message()).await.expect_err("it cannot be read");
    assert_eq!((error.code(), error.message()), (Code::Internal, SENTENCE));
    assert!(error.details().is_empty() && error.metadata().is_empty(), "{error:?}");
    service.process.signal(Signal::TERM);
    assert_eq!(service.ended().await, Some(0));
    let log = service.log();
    assert!(log.lines().filter(|line| line.contains(cause)).count() >= 6, "{log}");
    assert!(
        log.lines().any(|line| line.contains("a stream ends") && line.contains(cause)),
        "{log}"
    );
}
