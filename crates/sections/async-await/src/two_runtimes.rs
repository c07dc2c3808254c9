//! Guide 3.1 — A `Client` of reqwest leaves its connections on the runtime that has opened them.

use reqwest::Client;
use std::error::Error;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};
use tokio::task::yield_now;
use tokio::time::timeout;

/// So it goes with a `static` client in tests: each `#[tokio::test]` builds a runtime of its own.
pub fn main() -> Result<(), Box<dyn Error>> {
    let url =
        std::env::var("BASE_URL").unwrap_or_else(|_| "https://httpbin.org".to_string()) + "/get";
    let (first, second) = (runtime()?, runtime()?);

    let client = Client::new();
    println!("first runtime: {} bytes", first.block_on(fetch(&client, &url))?);
    // The pool has a connection. Its task is on the first runtime, which only runs in `block_on`.
    let in_time = async { timeout(Duration::from_millis(100), fetch(&client, &url)).await };
    println!("second, while the first stands still: {:?}", second.block_on(in_time).map(drop));
    drop(first);
    println!("second, the first is gone: {} bytes", second.block_on(fetch(&client, &url))?);

    // Good: a client for each runtime. Or one without a pool, which connects for each request.
    let first = runtime()?;
    let client = Client::builder().pool_max_idle_per_host(0).build()?;
    println!("without a pool, first: {} bytes", first.block_on(fetch(&client, &url))?);
    println!("without a pool, second: {} bytes", second.block_on(fetch(&client, &url))?);
    Ok(())
}

fn runtime() -> std::io::Result<Runtime> {
    Builder::new_current_thread().enable_all().build()
}

async fn fetch(client: &Client, url: &str) -> reqwest::Result<usize> {
    let body = client.get(url).send().await?.bytes().await?;
    yield_now().await; // A task of reqwest puts the connection into the pool.
    Ok(body.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use hyper_util::client::legacy::connect::HttpInfo;
    use std::iter::successors;
    use std::net::SocketAddr;
    use utils::http::{Answer, Server, httpbin};

    fn client() -> Client {
        // Only a request that hangs takes a minute.
        Client::builder().no_proxy().timeout(Duration::from_secs(60)).build().unwrap()
    }

    /// The client's end of the connection that has brought the answer.
    async fn connection(client: Client, url: String) -> SocketAddr {
        let response = client.get(url).send().await.unwrap();
        let end = response.extensions().get::<HttpInfo>().unwrap().local_addr();
        response.bytes().await.unwrap();
        yield_now().await;
        end
    }

    fn chain(error: &reqwest::Error) -> String {
        let all = successors(Some(error as &dyn Error), |&error| error.source());
        all.map(|error| format!("{error}: ")).collect()
    }

    /// The other runtime runs on its own threads, and has nothing to do.
    #[test]
    fn a_request_of_another_runtime_goes_out_when_the_first_one_runs() {
        let server = Server::by_path(httpbin).unwrap();
        let (client, first, second) = (client(), runtime().unwrap(), Runtime::new().unwrap());
        let opened = first.block_on(connection(client.clone(), server.url("/get")));
        let request = second.spawn(connection(client, server.url("/get")));
        assert_eq!(first.block_on(request).unwrap(), opened, "over the same connection");
    }

    #[test]
    fn once_the_first_runtime_is_gone_another_one_connects_anew() {
        let server = Server::by_path(httpbin).unwrap();
        let (client, first, second) = (client(), runtime().unwrap(), runtime().unwrap());
        let opened = first.block_on(connection(client.clone(), server.url("/get")));
        drop(first);
        assert_ne!(second.block_on(connection(client, server.url("/get"))), opened);
    }

    /// As of a test that ends while another one waits for its answer.
    #[test]
    fn a_request_under_way_fails_when_the_first_runtime_ends() {
        let answer = |path: &str| match path {
            "/never" => Answer::ok("").after(Duration::from_secs(3600)),
            _ => httpbin(path),
        };
        let server = Server::by_path(answer).unwrap();
        let (client, first, second) = (client(), runtime().unwrap(), Runtime::new().unwrap());
        first.block_on(connection(client.clone(), server.url("/get")));
        let url = server.url("/never");
        let request = second.spawn(async move { client.get(url).send().await });
        first.block_on(async {
            while server.requests().len() < 2 {
                yield_now().await;
            }
        });
        drop(first);
        let error = second.block_on(request).unwrap().unwrap_err();
        assert!(chain(&error).contains("runtime dropped the dispatch task"), "{}", chain(&error));
    }

    /// It has not been sent, so it can be sent again.
    #[test]
    fn a_request_that_waits_for_the_first_runtime_is_sent_anew_when_that_ends() {
        let server = Server::by_path(httpbin).unwrap();
        let (client, first, second) = (client(), runtime().unwrap(), runtime().unwrap());
        first.block_on(connection(client.clone(), server.url("/get")));
        let request = second.spawn(connection(client, server.url("/get")));
        second.block_on(async {
            for _ in 0..10 {
                yield_now().await;
            }
        });
        assert!(!request.is_finished());
        drop(first);
        second.block_on(request).unwrap();
        assert_eq!(server.requests().len(), 2);
    }

    #[test]
    fn without_a_pool_each_request_has_a_connection_of_its_own_runtime() {
        let server = Server::by_path(httpbin).unwrap();
        let (first, second) = (runtime().unwrap(), runtime().unwrap());
        let client = Client::builder().no_proxy().pool_max_idle_per_host(0).build().unwrap();
        let ends = [&first, &second, &first]
            .map(|runtime| runtime.block_on(connection(client.clone(), server.url("/get"))));
        assert!(ends[0] != ends[1] && ends[1] != ends[2], "{ends:?}");
    }
}
