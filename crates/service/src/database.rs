//! Opens SQLite or PostgreSQL, and brings its tables up to date.

use crate::settings::Database;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection, SqlStr};
use std::time::Duration;

/// How long a statement waits: for a connection, and then for a lock that another process holds.
/// Both fit into the time-out of a request, so that the answer says what was missing.
const PATIENCE: Duration = Duration::from_secs(2);

/// The connections to one database.
#[derive(Clone, Debug)]
pub enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Runs the same expression on whichever pool it is.
macro_rules! on {
    ($pool:expr, $name:ident => $run:expr) => {
        match $pool {
            $crate::database::Pool::Sqlite($name) => $run,
            $crate::database::Pool::Postgres($name) => $run,
        }
    };
}
pub(crate) use on;

/// Why the database cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error(transparent)]
    Connect(#[from] sqlx::Error),
    #[error(transparent)]
    Migrate(#[from] MigrateError),
}

/// Returns the connections that write and those that read.
pub async fn open(database: &Database) -> Result<(Pool, Pool), OpenError> {
    match database {
        Database::Sqlite(options) => sqlite(options).await,
        Database::Postgres(options) => postgres(options).await,
    }
}

async fn sqlite(options: &SqliteConnectOptions) -> Result<(Pool, Pool), OpenError> {
    let options = options.clone().busy_timeout(PATIENCE);
    // Acknowledged means on the disk: `FULL` also survives the loss of power, `NORMAL` does not.
    let writing = options.clone().create_if_missing(true);
    let writing = writing.journal_mode(SqliteJournalMode::Wal).synchronous(SqliteSynchronous::Full);
    let pool = SqlitePoolOptions::new().max_connections(1).acquire_timeout(PATIENCE);
    let write = pool.connect_with(writing).await?;
    migrations(include_str!("../migrations/sqlite/1_links.sql")).run(&write).await?;
    let pool = SqlitePoolOptions::new().max_connections(4).acquire_timeout(PATIENCE);
    let read = pool.connect_with(options.read_only(true)).await?;
    Ok((Pool::Sqlite(write), Pool::Sqlite(read)))
}

async fn postgres(options: &PgConnectOptions) -> Result<(Pool, Pool), OpenError> {
    let options = options.clone().options([("lock_timeout", "2s"), ("statement_timeout", "5s")]);
    // A pool would try again until its time is over, and not say why it fails.
    PgConnection::connect_with(&options).await?.close().await?;
    let pool = PgPoolOptions::new().max_connections(10).acquire_timeout(PATIENCE);
    let pool = pool.connect_with(options).await?;
    migrations(include_str!("../migrations/postgres/1_links.sql")).run(&pool).await?;
    Ok((Pool::Postgres(pool.clone()), Pool::Postgres(pool)))
}

fn migrations(links: &'static str) -> Migrator {
    let links = SqlStr::from_static(links);
    let first = Migration::new(1, "links".into(), MigrationType::Simple, links, false);
    Migrator::with_migrations(vec![first])
}
