//! Taking connections: bounded in number, in memory and in patience.
//!
//! axum's own server waits for ever: a few thousand clients that send half a request each would keep everybody else out,
//! and a single one would keep the program from ending.

use core::future::Future;
use core::net::SocketAddr;
use core::pin::pin;
use core::time::Duration;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::{interval, timeout};

/// Served at once; who comes then waits in the system's queue.
const MOST_CONNECTIONS: u32 = 4_096;

/// Bytes kept for a connection at most, its request's head included. With [`MOST_CONNECTIONS`]: 128 MiB.
const BUFFER: usize = 32 * 1024;

/// For a request's head to arrive, from the connection's start or from the answer before.
const HEAD: Duration = Duration::from_secs(20);

/// After which a connection is asked to end, at the end of the request under way: who reads answers drop by drop holds
/// its place no longer than this.
const LIFE: Duration = Duration::from_mins(10);

/// For the request under way, once its connection has been asked to end.
const LAST_REQUEST: Duration = Duration::from_secs(20);

/// Between two tries to take a connection when the system has none to give (too many open files).
const PAUSE: Duration = Duration::from_millis(500);

/// What becomes of a connection that was taken, before its first request.
pub trait Transport: Send + Sync + 'static {
    type Stream: AsyncRead + AsyncWrite + Unpin + Send + 'static;

    /// What requests are read from, and what answers them; `None` where it comes to none. As impatient as it should be with who
    /// says nothing.
    fn open(&self, stream: TcpStream) -> impl Future<Output = Option<(Self::Stream, Router)>> + Send;
}

/// Nothing between the connection and its requests.
struct Plain(Router);

impl Transport for Plain {
    type Stream = TcpStream;

    async fn open(&self, stream: TcpStream) -> Option<(TcpStream, Router)> {
        Some((stream, self.0.clone()))
    }
}

/// Serves `router` until `stop` completes, then finishes the requests under way.
pub async fn serve(listener: TcpListener, router: Router, stop: impl Future<Output = ()>) {
    serve_over(listener, Plain(router), stop).await;
}

/// The same over another transport.
pub async fn serve_over(listener: TcpListener, transport: impl Transport, stop: impl Future<Output = ()>) {
    let transport = Arc::new(transport);
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS as usize));
    let (stopping, stopped) = watch::channel(());
    let mut stop = pin!(stop);
    loop {
        let next = async {
            // The semaphore is never closed.
            let place = Arc::clone(&places).acquire_owned().await.ok();
            (accept(&listener).await, place)
        };
        tokio::select! {
            ((stream, peer), place) = next => {
                tokio::spawn(connection(stream, peer, Arc::clone(&transport), stopped.clone(), place));
            }
            () = &mut stop => break,
        }
    }
    drop(listener);
    drop(stopping);
    // Every place is free once every connection has ended.
    drop(places.acquire_many(MOST_CONNECTIONS).await);
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    let mut pauses = interval(PAUSE);
    loop {
        pauses.tick().await;
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => tracing::warn!(%error, "a connection could not be taken"),
        }
    }
}

/// One connection, until it ends, or has to.
async fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    transport: Arc<impl Transport>,
    mut stopped: watch::Receiver<()>,
    _place: Option<OwnedSemaphorePermit>,
) {
    let opened = tokio::select! {
        opened = transport.open(stream) => opened,
        // The sender is dropped at the end, and sends nothing before.
        _ = stopped.changed() => return,
    };
    let Some((stream, router)) = opened else {
        return;
    };
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        router.call(request.map(Body::new))
    });
    let served = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(BUFFER)
        .serve_connection(TokioIo::new(stream), service);
    let mut served = pin!(served);
    let has_to_end = timeout(LIFE, stopped.changed());
    tokio::select! {
        // How it ended concerns nobody: clients go as they like.
        _ = served.as_mut() => return,
        _ = has_to_end => {}
    }
    served.as_mut().graceful_shutdown();
    drop(timeout(LAST_REQUEST, served).await);
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::oneshot;
    use tokio::task::JoinHandle;

    use super::*;

    /// A server on a free port. Its time is tokio's, which in these tests jumps to the next end of a wait when nobody has
    /// anything to do.
    async fn server() -> (SocketAddr, oneshot::Sender<()>, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route(
            "/",
            get(|ConnectInfo(peer): ConnectInfo<SocketAddr>| async move { peer.ip().to_string() }),
        );
        let (stop, stopped) = oneshot::channel();
        let running = tokio::spawn(serve(listener, router, async move { drop(stopped.await) }));
        (address, stop, running)
    }

    async fn answer(stream: &mut TcpStream) -> String {
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).await.unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_is_answered_and_knows_where_it_comes_from() {
        let (address, _stop, _running) = server().await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
            .await
            .unwrap();
        assert!(answer(&mut stream).await.ends_with("127.0.0.1"));
    }

    #[tokio::test(start_paused = true)]
    async fn who_sends_half_a_request_is_not_waited_for() {
        let (address, _stop, _running) = server().await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
        assert_eq!(answer(&mut stream).await, "");
    }

    #[tokio::test(start_paused = true)]
    async fn who_sends_half_a_request_does_not_keep_the_server_from_ending() {
        let (address, stop, running) = server().await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nhost:").await.unwrap();
        stop.send(()).unwrap();
        running.await.unwrap();
    }

    #[tokio::test(start_paused = true)]
    async fn a_request_larger_than_its_buffer_is_refused() {
        let (address, _stop, _running) = server().await;
        let mut stream = TcpStream::connect(address).await.unwrap();
        // No more than is read: what is left unread at the end would take the answer away.
        let request = format!("{:a<BUFFER$}", "GET / HTTP/1.1\r\nhost: a\r\nx: ");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut first = [0; 12];
        stream.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1 431");
    }
}
