use bytes::Bytes;
use hyper::Response;
use hyper::body::{Body, Frame, SizeHint};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

/// One scripted answer: after a delay, a status, headers and a body, which may never end.
#[derive(Clone, Debug)]
pub struct Answer {
    delay: Option<Duration>,
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Bytes,
    ending: Ending,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Ending {
    /// The body ends and the connection stays open for the next request.
    Whole,
    /// More is promised and never comes.
    Stalled,
    /// More is promised and the connection is closed.
    Cut,
    /// The connection is closed at once.
    Refused,
}

impl Answer {
    /// 200 with this body.
    pub fn ok(body: impl Into<Bytes>) -> Self {
        Self::status(200).body(body)
    }

    /// An answer without a body.
    ///
    /// # Panics
    ///
    /// When it is given, if `status` is not between 100 and 999.
    pub fn status(status: u16) -> Self {
        let (headers, body) = (Vec::new(), Bytes::new());
        Self { delay: None, status, headers, body, ending: Ending::Whole }
    }

    /// No answer at all: the connection is closed.
    pub fn close() -> Self {
        Self { ending: Ending::Refused, ..Self::status(200) }
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Waits this long, in real time, before the status line.
    pub fn after(mut self, delay: Duration) -> Self {
        self.delay = Some(delay);
        self
    }

    /// Sends what there is of the body and then nothing more, with the connection open.
    pub fn then_stall(mut self) -> Self {
        self.ending = Ending::Stalled;
        self
    }

    /// Sends what there is of the body and closes the connection in the middle of it.
    pub fn then_cut(mut self) -> Self {
        self.ending = Ending::Cut;
        self
    }

    pub(super) async fn give(self) -> io::Result<Response<Scripted>> {
        if let Some(delay) = self.delay {
            tokio::time::sleep(delay).await;
        }
        if self.ending == Ending::Refused {
            return Err(io::ErrorKind::ConnectionAborted.into());
        }
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        let body = Scripted { rest: Some(self.body), ending: self.ending };
        response.body(body).map_err(io::Error::other)
    }
}

/// The body of an [`Answer`].
pub(super) struct Scripted {
    rest: Option<Bytes>,
    ending: Ending,
}

impl Body for Scripted {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        match self.rest.take() {
            Some(body) if !body.is_empty() => Poll::Ready(Some(Ok(Frame::data(body)))),
            _ => match self.ending {
                Ending::Whole => Poll::Ready(None),
                // No waker is kept, on purpose: this body never goes on.
                Ending::Stalled => Poll::Pending,
                // hyper sends what it has while the body is pending, and nothing after an error.
                Ending::Cut => {
                    self.ending = Ending::Refused;
                    cx.waker().wake_by_ref();
                    Poll::Pending
                }
                Ending::Refused => Poll::Ready(Some(Err(io::ErrorKind::ConnectionAborted.into()))),
            },
        }
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.rest, self.ending) {
            (Some(body), Ending::Whole) => SizeHint::with_exact(body.len() as u64),
            _ => SizeHint::default(),
        }
    }
}
