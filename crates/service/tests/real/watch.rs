//! The stream of links by gRPC, on the port of the API.

use crate::support::client::{Held, channel, watch, watch_on};
use crate::support::database::Postgres;
use crate::support::{Setup, eventually, limited};
use futures::future::join_all;
use service::rpc::proto::Link;
use tonic::{Code, Streaming};

/// The numbers of the next links.
async fn next(links: &mut Streaming<Link>, count: usize) -> Vec<i64> {
    let mut numbers = Vec::new();
    while numbers.len() < count {
        let link = limited("a link", links.message()).await.expect("it is no error");
        numbers.push(link.expect("the stream has not ended").id);
    }
    numbers
}

#[tokio::test]
async fn a_stream_has_what_is_stored_and_then_what_is_new() {
    let service = Setup::new().start().await;
    for n in 1..=5 {
        service.add(&format!("https://example.com/{n}")).await;
    }
    let (mut all, mut some) = (watch(service.address, 0).await, watch(service.address, 3).await);
    assert_eq!(next(&mut all, 5).await, [1, 2, 3, 4, 5]);
    assert_eq!(next(&mut some, 2).await, [4, 5]);
    // One that is known is not new.
    assert_eq!(service.post("https://example.com/1").await.0, 200);
    service.add("https://example.com/6").await;
    assert_eq!((next(&mut all, 1).await, next(&mut some, 1).await), (vec![6], vec![6]));
    service.stop().await;
}

#[tokio::test]
async fn streams_that_begin_amid_new_links_miss_none_and_have_none_twice() {
    amid_new_links(Setup::new()).await;
}

/// A sequence of PostgreSQL hands out 5 after 4, and 5 may be committed before 4.
#[tokio::test]
async fn streams_of_postgresql_miss_none_that_is_committed_late() {
    if let Some(server) = Postgres::shared() {
        amid_new_links(server.setup()).await;
    }
}

async fn amid_new_links(setup: Setup) {
    let service = setup.start().await;
    let clients = join_all((0..8).map(async |client| {
        for n in 0..25 {
            service.add(&format!("https://example.com/{client}/{n}")).await;
        }
    }));
    let watchers = join_all((0..8).map(async |_| {
        let mut links = watch(service.address, 0).await;
        next(&mut links, 200).await
    }));
    let (_, seen) = tokio::join!(clients, watchers);
    let all: Vec<i64> = (1..=200).collect();
    assert!(seen.iter().all(|numbers| *numbers == all), "{seen:?}");
    service.stop().await;
}

#[tokio::test]
async fn a_client_that_does_not_read_stalls_nobody_and_gets_all_in_the_end() {
    let service = Setup::new().start().await;
    let mut slow = watch(service.address, 0).await;
    let mut quick = watch(service.address, 0).await;
    // More than the windows of HTTP/2 and the buffers between hold.
    let long = "x".repeat(1900);
    join_all((0..8).map(async |client| {
        for n in 0..40 {
            service.add(&format!("https://example.com/{long}/{client}/{n}")).await;
        }
    }))
    .await;
    let all: Vec<i64> = (1..=320).collect();
    assert_eq!(next(&mut quick, 320).await, all);
    assert_eq!(next(&mut slow, 320).await, all);
    service.stop().await;
}

#[tokio::test]
async fn streams_take_no_place_of_requests_and_outlast_their_limit() {
    let setup = Setup::new().with("REQUESTS_AT_ONCE", 1).with("REQUEST_LIMIT", "200ms");
    let service = setup.start().await;
    let mut streams = Vec::new();
    for _ in 0..4 {
        // In turn: each takes the place until it has begun.
        streams.push(watch(service.address, 0).await);
    }
    // A request that the limit ends shows that it is over.
    let held = Held::begin(service.address, "https://example.com/0").await;
    assert!(held.answer().await.status == 504);
    service.add("https://example.com/1").await;
    for stream in &mut streams {
        assert_eq!(next(stream, 1).await, [1]);
    }
    drop(streams);
    service.stop().await;
}

#[tokio::test]
async fn a_stream_has_what_another_service_stores_in_the_same_file() {
    let setup = Setup::new();
    let (one, other) = (setup.start().await, setup.start().await);
    let mut links = watch(one.address, 0).await;
    one.add("https://example.com/1").await;
    other.add("https://example.com/2").await;
    assert_eq!(next(&mut links, 2).await, [1, 2]);
    one.stop().await;
    other.stop().await;
}

#[tokio::test]
async fn a_thousand_streams_stall_no_request_and_one_more_is_refused() {
    let service = Setup::new().start().await;
    let mut streams = Vec::new();
    for _ in 0..10 {
        let channel = channel(service.address).await;
        for _ in 0..100 {
            streams.push(watch_on(channel.clone(), 0).await.expect("there is room"));
        }
    }
    let channel = channel(service.address).await;
    let refused = watch_on(channel.clone(), 0).await.expect_err("that is one more");
    assert_eq!(refused.code(), Code::ResourceExhausted, "{refused}");

    let requests = async {
        for n in 1..=5 {
            assert_eq!(service.add(&format!("https://example.com/{n}")).await, n);
            assert_eq!(service.get("/links").await.status(), 200);
        }
    };
    let all = join_all(streams.iter_mut().map(|links| next(links, 5)));
    let (all, ()) = tokio::join!(all, requests);
    assert!(all.iter().all(|numbers| *numbers == [1, 2, 3, 4, 5]), "{all:?}");
    drop(streams);
    eventually("room", async || watch_on(channel.clone(), 0).await.ok()).await;
    service.stop().await;
}

/// It is not refused, so its client gets nothing until another stream ends.
#[tokio::test]
async fn a_connection_has_two_hundred_streams_and_the_next_one_waits() {
    let service = Setup::new().start().await;
    service.add("https://example.com/").await;
    let one = channel(service.address).await;
    let mut streams = Vec::new();
    for _ in 0..200 {
        streams.push(watch_on(one.clone(), 0).await.expect("there is room"));
    }
    let waiting = tokio::spawn(watch_on(one, 0));
    let mut other = watch(service.address, 0).await;
    assert_eq!(next(&mut other, 1).await, [1]);
    assert!(!waiting.is_finished());
    streams.pop();
    let stream = limited("the stream that waits", waiting).await.expect("it is no panic");
    assert_eq!(next(&mut stream.expect("there is room"), 1).await, [1]);
    drop(streams);
    service.stop().await;
}

#[tokio::test]
async fn a_stream_after_no_possible_link_waits_without_a_word() {
    let service = Setup::new().start().await;
    let (mut below, above) =
        (watch(service.address, i64::MIN).await, watch(service.address, i64::MAX).await);
    service.add("https://example.com/").await;
    assert_eq!(next(&mut below, 1).await, [1]);
    assert!(!service.log().contains("WARN"), "{}", service.log());
    drop((below, above));
    service.stop().await;
}

/// The message of another program has room for more than a number.
#[tokio::test]
async fn a_large_request_is_refused() {
    let service = Setup::new().start().await;
    let mut client = tonic::client::Grpc::new(channel(service.address).await);
    client.ready().await.expect("it is connected");
    let codec = tonic_prost::ProstCodec::<Link, Link>::default();
    let path = "/links.v1.Links/Watch".parse().expect("it is a path");
    let large = Link { url: "x".repeat(2000), ..Link::default() };
    let refused = client.server_streaming(tonic::Request::new(large), path, codec).await;
    let refused = refused.expect_err("it is too large");
    assert_eq!(refused.code(), Code::OutOfRange, "{refused:?}");
    service.stop().await;
}

#[tokio::test]
async fn a_stream_that_finds_no_place_is_told_to_ask_again() {
    let service =
        Setup::new().with("REQUESTS_AT_ONCE", 1).with("REQUEST_LIMIT", "1h").start().await;
    let held = Held::begin(service.address, "https://example.com/").await;
    let channel = channel(service.address).await;
    let refused = watch_on(channel, 0).await.expect_err("there is no place");
    assert_eq!(refused.code(), Code::Unavailable, "{refused:?}");
    assert!(refused.message().contains("try again"), "{refused:?}");
    assert_eq!(held.finish().await.status, 201);
    service.stop().await;
}
