//! Deep dive 11.2 — A oneshot is a promise of one answer.

use std::collections::HashMap;
use tokio::sync::{mpsc, oneshot};

enum Request {
    Put(u32, String),
    Get(u32, oneshot::Sender<Option<String>>),
}

async fn store(mut requests: mpsc::Receiver<Request>) {
    let mut values = HashMap::new();
    while let Some(request) = requests.recv().await {
        match request {
            Request::Put(key, value) => {
                values.insert(key, value);
            }
            Request::Get(key, reply) => {
                // `send` fails if the asker no longer waits. The store goes on.
                let _ = reply.send(values.get(&key).cloned());
            }
        }
    }
}

fn main() {}

#[cfg(test)]
mod tests {
    use super::*;
    use exercises::paused;

    #[test]
    fn every_question_gets_its_answer() {
        paused(async {
            let (sender, receiver) = mpsc::channel(4);
            let store = tokio::spawn(store(receiver));
            let get = async |key| {
                let (reply, answer) = oneshot::channel();
                sender.send(Request::Get(key, reply)).await.expect("the store is there");
                answer.await
            };
            sender.send(Request::Put(1, "one".to_string())).await.unwrap();
            assert_eq!(get(1).await, Ok(Some("one".to_string())));
            assert_eq!(get(2).await, Ok(None));

            // This asker does not wait for its answer.
            let (reply, _) = oneshot::channel();
            sender.send(Request::Get(1, reply)).await.unwrap();
            assert_eq!(get(1).await, Ok(Some("one".to_string())));
            drop(sender);
            store.await.unwrap();
        });
    }
}
