//! How long a connection is kept that nothing moves on. Each is an open file of this process, and whoever opens connections
//! and says nothing would have them all.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum_server::Server;
use axum_server::accept::Accept;
use hyper_util::rt::TokioTimer;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep};

/// Until the head of a request has come whole, the pause before it included. Longer than desktops and proxies keep a
/// connection that they do not use, which is two minutes at most: whoever lets go first must be the one who would ask.
pub(crate) const HEAD: Duration = Duration::from_secs(150);

/// Without a byte in either direction. Longer than the slowest answer takes; a live stream writes every 15 seconds.
const SILENCE: Duration = Duration::from_secs(200);

/// Lets go of a connection whose next request does not come, or does not come to the end of its head.
pub(crate) fn limit_heads<A>(server: &mut Server<SocketAddr, A>, limit: Duration) {
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(limit);
}

/// Takes connections and lets go of them when they are silent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Patient;

impl<I, S> Accept<I, S> for Patient {
    type Stream = Watched<I>;
    type Service = S;
    type Future = std::future::Ready<io::Result<(Watched<I>, S)>>;

    fn accept(&self, stream: I, service: S) -> Self::Future {
        std::future::ready(Ok((Watched::new(stream, SILENCE), service)))
    }
}

/// A connection that fails when nothing moves on it.
#[derive(Debug)]
pub(crate) struct Watched<I> {
    stream: I,
    silence: Duration,
    /// The last time something came or went.
    moved: Instant,
    /// Set for when that was too long ago, as far as it was known when it was set.
    alarm: Pin<Box<Sleep>>,
}

impl<I> Watched<I> {
    fn new(stream: I, silence: Duration) -> Self {
        Self { stream, silence, moved: Instant::now(), alarm: Box::pin(sleep(silence)) }
    }

    /// What the connection answered; instead of waiting on and on, the failure.
    fn judge<T>(&mut self, cx: &mut Context<'_>, answered: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if answered.is_ready() {
            self.moved = Instant::now();
            return answered;
        }
        loop {
            ready!(self.alarm.as_mut().poll(cx));
            let over = self.moved + self.silence;
            if Instant::now() >= over {
                return Poll::Ready(Err(io::Error::new(io::ErrorKind::TimedOut, "nothing moved for too long")));
            }
            self.alarm.as_mut().reset(over);
        }
    }
}

impl<I: AsyncRead + Unpin> AsyncRead for Watched<I> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let answered = Pin::new(&mut this.stream).poll_read(cx, buffer);
        this.judge(cx, answered)
    }
}

impl<I: AsyncWrite + Unpin> AsyncWrite for Watched<I> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let answered = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.judge(cx, answered)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        let answered = Pin::new(&mut this.stream).poll_write_vectored(cx, bytes);
        this.judge(cx, answered)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum_server::Handle;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
    use tokio::net::TcpStream;
    use tokio::time::{advance, timeout};

    use super::*;

    /// On a clock that jumps: nobody waits.
    #[tokio::test(start_paused = true)]
    async fn a_connection_that_nothing_moves_on_is_let_go_and_a_slow_one_is_not() {
        let (near, mut far) = duplex(8);
        let mut near = Watched::new(near, Duration::from_mins(1));
        let mut byte = [0];
        for _ in 0..5 {
            advance(Duration::from_secs(50)).await;
            far.write_all(b"x").await.expect("sent");
            near.read_exact(&mut byte).await.expect("it came in time");
        }
        let began = Instant::now();
        let over = near.read_exact(&mut byte).await.expect_err("nothing comes any more");
        assert_eq!((over.kind(), began.elapsed().as_secs()), (io::ErrorKind::TimedOut, 60));

        // Whoever asks and does not take the answer.
        let (near, _far) = duplex(8);
        let mut near = Watched::new(near, Duration::from_mins(1));
        let over = near.write_all(&[0; 64]).await.expect_err("nobody reads");
        assert_eq!(over.kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test]
    async fn whoever_never_ends_the_head_of_a_request_is_let_go() {
        let handle = Handle::new();
        let mut server = axum_server::bind(SocketAddr::from(([127, 0, 0, 1], 0))).acceptor(Patient);
        limit_heads(&mut server, Duration::from_millis(50));
        let serving = tokio::spawn(server.handle(handle.clone()).serve(Router::new().into_make_service()));
        let address = handle.listening().await.expect("it listens");
        let mut slow = TcpStream::connect(address).await.expect("connected");
        slow.write_all(b"GET / HTTP/1.1\r\nhost: ").await.expect("sent");
        let mut answer = Vec::new();
        let ended = timeout(Duration::from_secs(20), slow.read_to_end(&mut answer)).await;
        assert!(ended.is_ok(), "it waits for the rest of the head on and on");
        serving.abort();
    }
}
