//! The table of links, in SQLite or in PostgreSQL: the same statements for both.

pub use crate::database::{OpenError, Pool};
use crate::database::{on, open};
use crate::link::{Link, Outcome, Row, now};
use crate::settings::Database;
use sqlx::{query, query_as, query_scalar};
use tokio::sync::watch;
use tracing::instrument;
use url::Url;

/// Whether a link is new.
#[derive(Debug)]
pub enum Added {
    New(Link),
    Known(Link),
}

/// The links. Clones share the connections.
#[derive(Clone, Debug)]
pub struct Store {
    /// SQLite has one writer at a time. With one connection for it, writers queue here, first come,
    /// first served. In SQLite's lock they would not: one could wait until its time is over.
    write: Pool,
    /// With SQLite's WAL, readers do not wait for the writer.
    read: Pool,
    /// The id of the newest link that this process knows of.
    newest: watch::Sender<i64>,
}

impl Store {
    /// Opens the database and brings its tables up to date.
    pub async fn open(database: &Database) -> Result<Self, OpenError> {
        let (write, read) = open(database).await?;
        let store = Self { write, read, newest: watch::Sender::new(0) };
        store.refresh().await?;
        Ok(store)
    }

    /// Returns the connections that do not write.
    pub fn reader(&self) -> &Pool {
        &self.read
    }

    /// Returns the id of the newest link, and notes when there is a newer one: at once if this process
    /// stores it, with the next [`Store::refresh`] if another one does.
    pub fn newest(&self) -> watch::Receiver<i64> {
        self.newest.subscribe()
    }

    /// Looks whether another process has stored links.
    pub async fn refresh(&self) -> Result<(), sqlx::Error> {
        const SELECT: &str = "SELECT MAX(id) FROM links";
        let newest: Option<i64> =
            on!(&self.read, pool => query_scalar(SELECT).fetch_one(pool).await)?;
        self.has(newest.unwrap_or_default());
        Ok(())
    }

    /// Ids are visible in their order, so all that are smaller are there too.
    fn has(&self, id: i64) {
        self.newest.send_if_modified(|newest| {
            let newer = id > *newest;
            *newest = id.max(*newest);
            newer
        });
    }

    /// Stores the link, unless it is there. When this returns, the link is on the disk.
    #[instrument(skip_all, err(level = "debug"))]
    pub async fn add(&self, url: &Url) -> Result<Added, sqlx::Error> {
        const INSERT: &str = "INSERT INTO links (url, host, added) VALUES ($1, $2, $3) \
             ON CONFLICT (url) DO NOTHING RETURNING id, url, added, checked, status, error";
        const KNOWN: &str =
            "SELECT id, url, added, checked, status, error FROM links WHERE url = $1";
        // With the port, if it is not the usual one: two ports may well be two servers.
        let host = url.authority();
        // `fetch_optional` would leave after the first row, before SQLite commits, and would not
        // learn that the disk is full.
        let stored: Vec<Row> = on!(&self.write, pool => {
            query_as(INSERT).bind(url.as_str()).bind(host).bind(now()).fetch_all(pool).await
        })?;
        if let Some(row) = stored.into_iter().next() {
            let link = Link::from(row);
            self.has(link.id);
            return Ok(Added::New(link));
        }
        // No link is ever removed, so it is still there.
        let known: Row =
            on!(&self.read, pool => query_as(KNOWN).bind(url.as_str()).fetch_one(pool).await)?;
        Ok(Added::Known(known.into()))
    }

    #[instrument(skip(self), err(level = "debug"))]
    pub async fn get(&self, id: i64) -> Result<Option<Link>, sqlx::Error> {
        const SELECT: &str =
            "SELECT id, url, added, checked, status, error FROM links WHERE id = $1";
        let row: Option<Row> =
            on!(&self.read, pool => query_as(SELECT).bind(id).fetch_optional(pool).await)?;
        Ok(row.map(Link::from))
    }

    /// Returns up to `limit` links whose ids are greater, in their order.
    #[instrument(skip(self), err(level = "debug"))]
    pub async fn after(&self, id: i64, limit: u32) -> Result<Vec<Link>, sqlx::Error> {
        const SELECT: &str = "SELECT id, url, added, checked, status, error FROM links \
             WHERE id > $1 ORDER BY id LIMIT $2";
        let limit = i64::from(limit);
        let rows: Vec<Row> =
            on!(&self.read, pool => query_as(SELECT).bind(id).bind(limit).fetch_all(pool).await)?;
        Ok(rows.into_iter().map(Link::from).collect())
    }

    /// Returns links that were not checked after `from` and before `to`: up to `limit`, and of one host
    /// up to `a_host`. The first link of each host comes before the second of any, so that no number of
    /// hosts with many links hides another one. Then the oldest check comes first.
    ///
    /// A check in the future was made before somebody set the clock back. Without `to`, it would count
    /// until the clock is there again.
    // Below what is exported: it runs each second.
    #[instrument(level = "debug", skip(self), err(level = "debug"))]
    pub async fn due(
        &self,
        [from, to]: [&str; 2],
        a_host: i64,
        limit: i64,
    ) -> Result<Vec<Link>, sqlx::Error> {
        const SELECT: &str = "SELECT id, url, added, checked, status, error FROM ( \
                 SELECT *, row_number() \
                     OVER (PARTITION BY host ORDER BY checked NULLS FIRST, id) AS place \
                 FROM links WHERE checked IS NULL OR checked <= $1 OR checked >= $2 \
             ) AS due WHERE place <= $3 ORDER BY place, checked NULLS FIRST, id LIMIT $4";
        let rows: Vec<Row> = on!(&self.read, pool => {
            query_as(SELECT).bind(from).bind(to).bind(a_host).bind(limit).fetch_all(pool).await
        })?;
        Ok(rows.into_iter().map(Link::from).collect())
    }

    /// Notes the result of a check, made now.
    #[instrument(skip(self, outcome), err(level = "debug"))]
    pub async fn record(&self, id: i64, outcome: &Outcome) -> Result<(), sqlx::Error> {
        const UPDATE: &str = "UPDATE links SET checked = $2, status = $3, error = $4 WHERE id = $1";
        let (status, error) = match outcome {
            Outcome::Status(status) => (Some(i32::from(*status)), None),
            Outcome::Error(error) => (None, Some(error.as_str())),
        };
        on!(&self.write, pool => {
            query(UPDATE).bind(id).bind(now()).bind(status).bind(error).execute(pool).await.map(drop)
        })
    }

    /// Fails if the database does not answer.
    pub async fn ping(&self) -> Result<(), sqlx::Error> {
        const SELECT: &str = "SELECT id FROM links LIMIT 1";
        on!(&self.read, pool => query(SELECT).fetch_optional(pool).await.map(drop))
    }

    /// Waits for the statements that run, and closes the connections.
    pub async fn close(&self) {
        for pool in [&self.read, &self.write] {
            on!(pool, pool => pool.close().await);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures::future::join_all;
    use sqlx::sqlite::SqliteConnectOptions;
    use std::str::FromStr;
    use tempfile::TempDir;

    async fn store() -> (TempDir, Store) {
        let folder = TempDir::new().unwrap();
        let url = format!("sqlite:{}", folder.path().join("links.db").display());
        let options = SqliteConnectOptions::from_str(&url).unwrap();
        (folder, Store::open(&Database::Sqlite(options)).await.unwrap())
    }

    async fn add(store: &Store, url: &str) -> i64 {
        match store.add(&Url::parse(url).unwrap()).await.unwrap() {
            Added::New(link) | Added::Known(link) => link.id,
        }
    }

    #[tokio::test]
    async fn twenty_clients_with_one_address_keep_one_link() {
        let (_folder, store) = store().await;
        let url = Url::parse("https://a/").unwrap();
        let all = join_all((0..20).map(|_| store.add(&url))).await;
        let new = all.iter().filter(|added| matches!(added, Ok(Added::New(_)))).count();
        assert_eq!((new, store.after(0, 100).await.unwrap().len()), (1, 1));
    }

    #[tokio::test]
    async fn each_host_is_due_once_before_any_is_twice_and_the_oldest_check_first() {
        let (_folder, store) = store().await;
        let [a1, a2, a3] = ["https://a/1", "https://a/2", "https://a/3"];
        let ids = join_all([a1, a2, a3, "https://b/"].map(|url| add(&store, url))).await;
        store.record(ids[0], &Outcome::Status(200)).await.unwrap();
        let due = async |from_to: [&str; 2], a_host| {
            let links = store.due(from_to, a_host, 100).await.unwrap();
            links.into_iter().map(|link| link.id).collect::<Vec<_>>()
        };
        // Of a, never checked, then the one that was.
        assert_eq!(due(["9", "9"], 100).await, [ids[1], ids[3], ids[2], ids[0]]);
        assert_eq!(due(["9", "9"], 1).await, [ids[1], ids[3]]);
        assert_eq!(due(["0", "9"], 100).await, [ids[1], ids[3], ids[2]]);
        // That of a clock that was ahead.
        assert_eq!(due(["0", "1"], 100).await, [ids[1], ids[3], ids[2], ids[0]]);
    }
}
