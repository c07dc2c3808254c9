//! Wrong: gives up after the first error, whatever it is.

#[derive(Clone, Debug, PartialEq)]
enum FetchError {
    Unreachable(&'static str),
    NotFound,
}

type Page = Result<String, FetchError>;

async fn fetch<F: Future<Output = Page>>(
    hosts: &[&'static str],
    get: impl Fn(&'static str) -> F,
) -> Page {
    get(hosts[0]).await
}
