//! Every error as a client sees it: a status, and a sentence that says what is allowed or what to do.

use axum::Json;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::http::{StatusCode, header::RETRY_AFTER};
use axum::response::{IntoResponse, Response};
use sea_orm::{DbErr, RuntimeErr};
use serde::Serialize;
use std::fmt::Display;
use tracing::{error, warn};

/// An answer that is no success.
#[derive(Clone, Debug)]
pub struct Problem {
    pub status: StatusCode,
    pub message: String,
}

#[derive(Serialize)]
struct Body {
    error: String,
}

impl Problem {
    pub fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// Answers a method that the path does not have.
    pub async fn of_method() -> Self {
        let message = "this path has no such method: see `allow`";
        Self::new(StatusCode::METHOD_NOT_ALLOWED, message)
    }

    /// The client does not see the error: it tells how the service is built.
    fn of_store(error: &dyn Display, passes: bool) -> Self {
        if passes {
            warn!(%error, "the database is locked, full or away");
            let message = "the database is locked, full or away: try again in a second";
            return Self::new(StatusCode::SERVICE_UNAVAILABLE, message);
        }
        error!(%error, "the database refuses a statement");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "an error of this service; it is logged")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let body = Json(Body { error: self.message.clone() });
        let mut response = (self.status, body).into_response();
        if self.status == StatusCode::SERVICE_UNAVAILABLE {
            response.headers_mut().insert(RETRY_AFTER, 1.into());
        }
        // For a client that needs it in other words.
        response.extensions_mut().insert(self);
        response
    }
}

impl From<JsonRejection> for Problem {
    fn from(rejection: JsonRejection) -> Self {
        let message = match rejection.status() {
            StatusCode::PAYLOAD_TOO_LARGE => "the body has more than 16 KiB".to_owned(),
            _ => format!(
                r#"{}: allowed: {{"url": "https://example.com"}} as application/json"#,
                rejection.body_text()
            ),
        };
        Self::new(rejection.status(), message)
    }
}

impl From<PathRejection> for Problem {
    fn from(_: PathRejection) -> Self {
        Self::new(StatusCode::NOT_FOUND, "there is no such link: an id is a number, such as 1")
    }
}

impl From<QueryRejection> for Problem {
    fn from(_: QueryRejection) -> Self {
        let message = "allowed: after=ID and limit=N, with N from 1 to 1000";
        Self::new(StatusCode::BAD_REQUEST, message)
    }
}

impl From<sqlx::Error> for Problem {
    fn from(error: sqlx::Error) -> Self {
        let shown = error.as_database_error().map(|error| error.message().to_owned());
        Self::of_store(&shown.unwrap_or_else(|| error.to_string()), passes(&error))
    }
}

impl From<DbErr> for Problem {
    fn from(error: DbErr) -> Self {
        let passes = match &error {
            DbErr::ConnectionAcquire(_) => true,
            DbErr::Conn(RuntimeErr::SqlxError(error))
            | DbErr::Exec(RuntimeErr::SqlxError(error))
            | DbErr::Query(RuntimeErr::SqlxError(error)) => passes(error),
            _ => false,
        };
        Self::of_store(&error, passes)
    }
}

/// Returns whether the same statement may succeed later.
pub fn passes(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Database(error) => {
            let code = error.code().unwrap_or_default();
            match code.parse::<u32>() {
                // SQLite, whose extended codes have the kind in the low byte: busy, locked,
                // read-only, I/O error, full, cannot open.
                Ok(number) if code.len() < 5 => {
                    matches!(number & 0xff, 5 | 6 | 8 | 10 | 13 | 14)
                }
                // PostgreSQL: the connection, resources, the operator, the system, and a lock.
                _ => ["08", "53", "57", "58", "55P03", "40"].iter().any(|it| code.starts_with(it)),
            }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_does_not_see_the_error_of_the_database() {
        for error in [sqlx::Error::PoolTimedOut, sqlx::Error::RowNotFound] {
            let said = error.to_string();
            let problem = Problem::from(error);
            assert!(problem.status.is_server_error());
            assert!(!problem.message.contains(&said), "{}", problem.message);
        }
    }
}
