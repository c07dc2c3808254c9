//! Wrong: asks all hosts and returns the first error.

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
    let mut first = None;
    for host in hosts {
        match get(host).await {
            Ok(page) => return Ok(page),
            Err(FetchError::NotFound) => return Err(FetchError::NotFound),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.unwrap())
}
