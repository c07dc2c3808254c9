//! A local HTTP server that answers by script, in place of the internet.
//!
//! It runs on a thread and a runtime of its own, so it serves synchronous callers, and tests whose
//! clock is paused.

mod answer;
mod internet;

pub use answer::Answer;
pub use internet::{httpbin, stand_in_for_the_internet};

use answer::Scripted;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// Serves until it is dropped, on 127.0.0.1 and a free port.
pub struct Server {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Request<()>>>>,
    /// Dropping it stops the thread.
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Server {
    /// Gives `answers` in their order, one a request; the last one is repeated for ever.
    ///
    /// # Errors
    ///
    /// If no port can be opened or no thread started.
    ///
    /// # Panics
    ///
    /// If there is no answer to give.
    pub fn start(answers: impl IntoIterator<Item = Answer>) -> io::Result<Self> {
        let answers: VecDeque<Answer> = answers.into_iter().collect();
        assert!(!answers.is_empty(), "a server needs an answer");
        let answers = Mutex::new(answers);
        Self::by_path(move |_path| {
            let mut answers = answers.lock().expect("no holder of this lock panics");
            match answers.len() {
                1 => answers[0].clone(),
                _ => answers.pop_front().expect("there is always one left"),
            }
        })
    }

    /// Gives the answer that `answer` has for the path of the request.
    ///
    /// # Errors
    ///
    /// If no port can be opened or no thread started.
    pub fn by_path(answer: impl Fn(&str) -> Answer + Send + Sync + 'static) -> io::Result<Self> {
        let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let seen = Arc::default();
        let script = Arc::new(Script { answer: Box::new(answer), seen: Arc::clone(&seen) });
        let (stop, stopped) = oneshot::channel();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let thread = std::thread::Builder::new().name("http-server".into()).spawn(move || {
            runtime.block_on(async {
                let listener = TcpListener::from_std(listener).expect("it is non-blocking");
                tokio::select! {
                    _ = stopped => {}
                    () = serve(listener, script) => {}
                }
            });
        })?;
        Ok(Self { address, seen, stop: Some(stop), thread: Some(thread) })
    }

    /// The URL of `path`, which begins with a slash.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests so far, without their bodies, in the order of their arrival.
    pub fn requests(&self) -> Vec<Request<()>> {
        self.seen.lock().expect("no holder of this lock panics").clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic over there has already been printed; a second one here would abort.
            let _ = thread.join();
        }
    }
}

struct Script {
    answer: Box<dyn Fn(&str) -> Answer + Send + Sync>,
    seen: Arc<Mutex<Vec<Request<()>>>>,
}

impl Script {
    async fn answer(&self, request: Request<Incoming>) -> io::Result<Response<Scripted>> {
        let (head, _body) = request.into_parts();
        let answer = (self.answer)(head.uri.path());
        self.seen
            .lock()
            .expect("no holder of this lock panics")
            .push(Request::from_parts(head, ()));
        answer.give().await
    }
}

async fn serve(listener: TcpListener, script: Arc<Script>) {
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // "Too many open files" passes, but not at once: without this the loop would spin.
            tokio::time::sleep(Duration::from_millis(100)).await;
            continue;
        };
        let script = Arc::clone(&script);
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let script = Arc::clone(&script);
                async move { script.answer(request).await }
            });
            // An error here is a connection cut off: by script, or by the client.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}
