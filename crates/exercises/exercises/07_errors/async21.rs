//! Guide 7.1 — A fallback is for the errors that another host can mend.
//!
//! Decide in one place which errors are worth another attempt. Return the last error if every host
//! fails: it says why.
//!
//! Fails first: the test `an_answer_of_the_server_is_final` fails.

#[derive(Clone, Debug, PartialEq)]
enum FetchError {
    /// Nobody answered. Another host may.
    Unreachable(&'static str),
    /// The server answered that there is no such page.
    NotFound,
}

type Page = Result<String, FetchError>;

/// Asks the hosts in turn. There is at least one.
async fn fetch<F: Future<Output = Page>>(
    hosts: &[&'static str],
    get: impl Fn(&'static str) -> F,
) -> Page {
    // TODO: This asks again for a page that does not exist, and throws the last error away.
    for host in hosts {
        if let Ok(page) = get(host).await {
            return Ok(page);
        }
    }
    Err(FetchError::NotFound)
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;
    use std::cell::RefCell;

    /// Returns the page, and the hosts that were asked.
    fn asked(answers: [Page; 3]) -> (Page, Vec<&'static str>) {
        let log = RefCell::new(Vec::new());
        let get = |host: &'static str| {
            log.borrow_mut().push(host);
            let answer = answers[log.borrow().len() - 1].clone();
            async move { answer }
        };
        let page = paused(fetch(&["a", "b", "c"], get));
        (page, log.into_inner())
    }

    fn down(host: &'static str) -> Page {
        Err(FetchError::Unreachable(host))
    }

    #[test]
    fn the_next_host_is_asked_when_one_is_down() {
        let page = Ok("page".to_string());
        assert_eq!(asked([down("a"), page.clone(), down("c")]), (page, vec!["a", "b"]));
    }

    #[test]
    fn an_answer_of_the_server_is_final() {
        let missing = Err(FetchError::NotFound);
        assert_eq!(asked([down("a"), missing.clone(), down("c")]), (missing, vec!["a", "b"]));
    }

    #[test]
    fn the_last_error_says_what_is_wrong() {
        let all_down = asked([down("a"), down("b"), down("c")]);
        assert_eq!(all_down, (down("c"), vec!["a", "b", "c"]));
    }
}
