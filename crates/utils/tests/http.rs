//! The scripted server, seen by a real client.

use std::time::{Duration, Instant};
use utils::http::{Answer, Server, httpbin};

#[tokio::test]
async fn answers_come_in_order_and_the_last_one_repeats() {
    let server = Server::start([Answer::status(503), Answer::ok("fine")]).unwrap();
    let mut answers = Vec::new();
    for _ in 0..3 {
        let response = reqwest::get(server.url("/")).await.unwrap();
        answers.push((response.status().as_u16(), response.text().await.unwrap()));
    }
    let fine = (200, "fine".to_string());
    assert_eq!(answers, [(503, String::new()), fine.clone(), fine]);
}

#[tokio::test]
async fn headers_go_both_ways() {
    let server = Server::start([Answer::status(429).header("retry-after", "7")]).unwrap();
    let response =
        reqwest::Client::new().get(server.url("/limited")).bearer_auth("tok").send().await.unwrap();
    assert_eq!(response.headers()["retry-after"], "7");
    let seen = server.requests();
    assert_eq!(seen.len(), 1);
    assert_eq!(seen[0].uri().path(), "/limited");
    assert_eq!(seen[0].headers()["authorization"], "Bearer tok");
}

#[tokio::test]
async fn a_delay_comes_before_the_status() {
    let delay = Duration::from_millis(50);
    let server = Server::start([Answer::ok("late").after(delay)]).unwrap();
    let start = Instant::now();
    reqwest::get(server.url("/")).await.unwrap();
    assert!(start.elapsed() >= delay);
}

#[tokio::test]
async fn a_stalled_body_never_ends() {
    let server = Server::start([Answer::ok("half").then_stall()]).unwrap();
    let mut response = reqwest::get(server.url("/")).await.unwrap();
    assert_eq!(response.chunk().await.unwrap().unwrap(), "half");
    let more = tokio::time::timeout(Duration::from_millis(100), response.chunk()).await;
    assert!(more.is_err(), "nothing comes, and no end either");
}

#[tokio::test]
async fn the_stand_in_for_the_internet_drips_but_once() {
    let server = Server::by_path(httpbin).unwrap();
    let url = server.url("/drip?duration=10&numbytes=10");
    let mut response = reqwest::get(url).await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.chunk().await.unwrap().unwrap(), "*");
    let more = tokio::time::timeout(Duration::from_millis(100), response.chunk()).await;
    assert!(more.is_err(), "nothing comes, and no end either");
}

#[tokio::test]
async fn a_cut_body_is_an_error_and_not_a_short_body() {
    let server = Server::start([Answer::ok("half").then_cut()]).unwrap();
    let response = reqwest::get(server.url("/")).await.unwrap();
    assert!(response.text().await.is_err());
}

#[tokio::test]
async fn a_closed_connection_is_an_error_of_the_request() {
    let server = Server::start([Answer::close()]).unwrap();
    assert!(reqwest::get(server.url("/")).await.unwrap_err().is_request());
}

#[tokio::test]
async fn the_stand_in_for_the_internet_answers_by_path() {
    let server = Server::by_path(httpbin).unwrap();
    let mut answers = Vec::new();
    for path in ["/get", "/status/500", "/status/429", "/status/99", "/", "/delay/0"] {
        let response = reqwest::get(server.url(path)).await.unwrap();
        answers.push((path, response.status().as_u16(), response.text().await.unwrap().len()));
    }
    assert_eq!(
        answers,
        [
            ("/get", 200, 15),
            ("/status/500", 500, 0),
            ("/status/429", 429, 0),
            ("/status/99", 404, 0),
            ("/", 404, 0),
            ("/delay/0", 200, 2),
        ]
    );
}
