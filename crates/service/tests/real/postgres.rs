//! What only a database behind a network does: it goes away, comes back, and is locked by others.

use crate::support::client::watch;
use crate::support::database::Postgres;
use crate::support::{eventually, limited};
use sqlx::{Connection, PgConnection};

#[tokio::test]
async fn a_server_that_goes_away_is_said_and_used_again_when_it_is_back() {
    let Some(server) = Postgres::start() else { return };
    let service = server.setup().start().await;
    assert_eq!(service.add("https://example.com/1").await, 1);
    server.pause();
    for path in ["/links", "/links/1", "/readyz"] {
        assert_eq!(service.get(path).await.status(), 503, "{path}");
    }
    let (status, answer) = service.post("https://example.com/2").await;
    assert_eq!(status, 503, "{answer}");
    assert!(answer["error"].is_string(), "{answer}");
    // The process is well: to restart it would help nobody.
    assert_eq!(service.get("/healthz").await.status(), 200);
    let mut links = watch(service.address, 0).await;
    // It has read in vain before this has.
    assert_eq!(service.get("/links").await.status(), 503);

    assert!(server.resume(), "it starts again");
    eventually("readiness", async || (service.get("/readyz").await.status() == 200).then_some(()))
        .await;
    assert_eq!(service.post("https://example.com/1").await.0, 200);
    service.add("https://example.com/2").await;
    assert_eq!(service.links().await.len(), 2);
    // A stream that began in between waits, as its client would.
    let first = limited("a link", links.message()).await.expect("it is no error");
    assert_eq!(first.map(|link| link.id), Some(1));
    service.stop().await;
}

#[tokio::test]
async fn a_locked_table_refuses_links_and_reads_on() {
    let Some(server) = Postgres::shared() else { return };
    let database = server.database();
    let setup = server.setup().with("DATABASE_URL", &database);
    let service = setup.start().await;
    service.add("https://example.com/1").await;
    let mut other = PgConnection::connect(&database).await.expect("it listens");
    let lock = "BEGIN; LOCK TABLE links IN EXCLUSIVE MODE";
    sqlx::raw_sql(lock).execute(&mut other).await.expect("nobody else has it");
    let (status, answer) = service.post("https://example.com/2").await;
    assert_eq!(status, 503, "{answer}");
    assert!(answer["error"].is_string(), "{answer}");
    assert_eq!(service.links().await.len(), 1);

    sqlx::raw_sql("ROLLBACK").execute(&mut other).await.expect("it has begun");
    service.add("https://example.com/2").await;
    assert_eq!(service.links().await.len(), 2);
    service.stop().await;
}
