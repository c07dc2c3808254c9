//! The same table, counted by sea-orm: one query for both databases, where speed does not matter.

use crate::store::{Pool, Store};
use sea_orm::entity::prelude::*;
use sea_orm::{DatabaseConnection, QueryOrder, QuerySelect};
use sea_orm::{SqlxPostgresConnector, SqlxSqliteConnector};
use serde::Serialize;

/// How many links there are.
#[derive(Debug, Serialize)]
pub struct Report {
    /// By host and port, the one with the most links first; a hundred hosts at most.
    pub hosts: Vec<Host>,
    /// By the result of the last check.
    pub checks: Vec<Check>,
}

#[derive(Debug, Serialize)]
pub struct Host {
    pub host: String,
    pub links: i64,
}

#[derive(Debug, Serialize)]
pub struct Check {
    /// A status, `error` or `never`.
    pub result: String,
    pub links: i64,
}

/// The table `links`, as sea-orm sees it.
mod link {
    use super::*;

    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "links")]
    pub struct Model {
        #[sea_orm(primary_key)]
        pub id: i64,
        pub url: String,
        pub host: String,
        pub added: String,
        pub checked: Option<String>,
        pub status: Option<i32>,
        pub error: Option<String>,
    }

    #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Counts the links.
pub async fn report(store: &Store) -> Result<Report, DbErr> {
    let database = connection(store.reader());
    let hosts: Vec<(String, i64)> = link::Entity::find()
        .select_only()
        .column(link::Column::Host)
        .column_as(link::Column::Id.count(), "links")
        .group_by(link::Column::Host)
        .order_by_desc(link::Column::Id.count())
        .order_by_asc(link::Column::Host)
        .limit(100)
        .into_tuple()
        .all(&database)
        .await?;
    // The links of one status, and how many of them have been checked at all.
    let checks: Vec<(Option<i32>, i64, i64)> = link::Entity::find()
        .select_only()
        .column(link::Column::Status)
        .column_as(link::Column::Id.count(), "links")
        .column_as(link::Column::Checked.count(), "checked")
        .group_by(link::Column::Status)
        .order_by_asc(link::Column::Status)
        .into_tuple()
        .all(&database)
        .await?;
    Ok(Report {
        hosts: hosts.into_iter().map(|(host, links)| Host { host, links }).collect(),
        checks: checks.into_iter().flat_map(results).filter(|check| check.links > 0).collect(),
    })
}

/// Splits the links without a status into those without an answer and those that were never asked.
fn results((status, links, checked): (Option<i32>, i64, i64)) -> Vec<Check> {
    match status {
        Some(status) => vec![Check { result: status.to_string(), links }],
        None => vec![
            Check { result: "never".to_owned(), links: links - checked },
            Check { result: "error".to_owned(), links: checked },
        ],
    }
}

/// Returns sea-orm's view of the same connections.
fn connection(pool: &Pool) -> DatabaseConnection {
    match pool {
        Pool::Sqlite(pool) => SqlxSqliteConnector::from_sqlx_sqlite_pool(pool.clone()),
        Pool::Postgres(pool) => SqlxPostgresConnector::from_sqlx_postgres_pool(pool.clone()),
    }
}
