//! The links over HTTP, by axum.

use crate::link::Link;
use crate::problem::Problem;
use crate::report::{Report, report};
use crate::store::{Added, Store};
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{DefaultBodyLimit, Path, Query, State};
use axum::http::{StatusCode, header::LOCATION};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::fmt::{self, Formatter};
use url::Url;

/// The largest body.
const MAX_BODY: usize = 16 * 1024;

/// The longest address that is kept. An index of PostgreSQL takes no more than 2704 bytes.
const MAX_URL: usize = 2048;

/// Returns the handlers, without any layer.
pub fn router(store: Store) -> Router {
    Router::new()
        .route("/links", post(add).get(list))
        .route("/links/{id}", get(one))
        .route("/admin/report", get(admin_report))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .with_state(store)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewLink {
    url: String,
}

/// A link in a JSON object. What serde derives takes an array, too.
struct Object(NewLink);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Fields;
        impl<'de> Visitor<'de> for Fields {
            type Value = Object;
            fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Object, A::Error> {
                NewLink::deserialize(MapAccessDeserializer::new(fields)).map(Object)
            }
        }
        from.deserialize_map(Fields)
    }
}

/// Keeps a link. A client that got no answer may ask again: the same link is kept once.
async fn add(
    State(store): State<Store>,
    body: Result<Json<Object>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(Object(NewLink { url })) = body?;
    let url = address(&url)?;
    let (status, link) = match store.add(&url).await? {
        Added::New(link) => (StatusCode::CREATED, link),
        Added::Known(link) => (StatusCode::OK, link),
    };
    Ok((status, [(LOCATION, format!("/links/{}", link.id))], Json(link)).into_response())
}

/// Reads the address of a link, and brings it into its usual form: `https://example.com` gets a
/// slash at its end, so that it is not kept twice.
fn address(text: &str) -> Result<Url, Problem> {
    let refused = |why: String| {
        let message =
            format!("{why}: allowed: an address with http or https, of at most {MAX_URL} bytes");
        Err(Problem::new(StatusCode::UNPROCESSABLE_ENTITY, message))
    };
    match Url::parse(text) {
        // Whoever can list the links would read the password.
        Ok(url) if !url.username().is_empty() || url.password().is_some() => {
            refused("the url has a user or a password".to_owned())
        }
        Ok(url) if !matches!(url.scheme(), "http" | "https") => {
            refused(format!("the scheme of the url is {}", url.scheme()))
        }
        // As it is stored: outside of ASCII, each byte has become three.
        Ok(url) if url.as_str().len() > MAX_URL => {
            refused(format!("the url, percent-encoded, has {} bytes", url.as_str().len()))
        }
        Ok(url) => Ok(url),
        Err(error) => refused(format!("the url is malformed ({error})")),
    }
}

/// Shows a link.
async fn one(
    State(store): State<Store>,
    id: Result<Path<i64>, PathRejection>,
) -> Result<Json<Link>, Problem> {
    let Path(id) = id?;
    let link = store.get(id).await?;
    let missing = || Problem::new(StatusCode::NOT_FOUND, format!("there is no link {id}"));
    link.map(Json).ok_or_else(missing)
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PageOf {
    #[serde(default)]
    after: i64,
    #[serde(default = "hundred")]
    limit: u32,
}

fn hundred() -> u32 {
    100
}

#[derive(Serialize)]
struct Page {
    links: Vec<Link>,
    /// What `after` is for the next page. `None` if this is the last one.
    next: Option<i64>,
}

/// Shows a page of links, the oldest first.
async fn list(
    State(store): State<Store>,
    page: Result<Query<PageOf>, QueryRejection>,
) -> Result<Json<Page>, Problem> {
    let Query(PageOf { after, limit }) = page?;
    if !(1..=1000).contains(&limit) {
        let message = format!("limit={limit}: allowed: a number from 1 to 1000");
        return Err(Problem::new(StatusCode::BAD_REQUEST, message));
    }
    // One more than asked for tells whether there is another page.
    let mut links = store.after(after, limit + 1).await?;
    let more = links.len() > limit as usize;
    links.truncate(limit as usize);
    let next = links.last().filter(|_| more).map(|link| link.id);
    Ok(Json(Page { links, next }))
}

/// Counts the links, for the operator.
async fn admin_report(State(store): State<Store>) -> Result<Json<Report>, Problem> {
    Ok(Json(report(&store).await?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_form() {
        for same in ["https://example.com", "HTTPS://EXAMPLE.com:443/", " https://example.com/ "] {
            assert_eq!(address(same).unwrap().as_str(), "https://example.com/");
        }
    }

    #[test]
    fn an_address_that_is_refused_is_told_what_is_allowed() {
        let long = format!("https://example.com/{}", "x".repeat(MAX_URL));
        for wrong in ["", "example.com", "ftp://a/", "https://", "http://me:pw@a/", &long] {
            let problem = address(wrong).unwrap_err();
            assert_eq!(problem.status, StatusCode::UNPROCESSABLE_ENTITY);
            let allowed = ": allowed: an address with http or https, of at most 2048 bytes";
            assert!(problem.message.ends_with(allowed), "{}", problem.message);
        }
    }
}
