//! error[E0425]: cannot find value `WouldBlock`
//! Proves D-7-4.
//! Deep dive 7.3: the name of the kind is `io::ErrorKind::WouldBlock`.

use std::io::{self, Read};
use std::net::TcpStream;
use std::pin::Pin;
use std::task::{Context, Poll};

struct PollEvented {
    io: TcpStream,
}

enum Readiness {
    Read,
}

impl PollEvented {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        match self.io.read(buf) {
            Ok(n) => Poll::Ready(Ok(n)),
            Err(error) if error.kind() == WouldBlock => {
                self.register_readiness(cx, Readiness::Read);
                Poll::Pending
            }
            Err(error) => Poll::Ready(Err(error)),
        }
    }

    fn register_readiness(&mut self, cx: &mut Context<'_>, interest: Readiness) {
        match interest {
            // No driver here: polled again at once.
            Readiness::Read => cx.waker().wake_by_ref(),
        }
    }
}

fn main() -> io::Result<()> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let io = TcpStream::connect(listener.local_addr()?)?;
    io.set_nonblocking(true)?;
    let mut stream = PollEvented { io };
    let mut cx = Context::from_waker(std::task::Waker::noop());
    assert!(Pin::new(&mut stream).poll_read(&mut cx, &mut [0; 8]).is_pending());
    Ok(())
}
