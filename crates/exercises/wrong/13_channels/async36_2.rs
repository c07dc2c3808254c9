//! Wrong: gives the value away, so that it can be had once.

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
                let _ = reply.send(values.remove(&key));
            }
        }
    }
}
