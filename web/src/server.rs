//! The listening socket: connections are taken, served, and at the end seen off.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::{Extension, Router};
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::Layer as _;

use crate::source::Peer;

/// How long a client may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(15);
/// How long requests that are under way may still take when the server ends.
const FAREWELL: Duration = Duration::from_secs(20);
/// How many connections are served at the same time; others wait.
const CONNECTIONS: usize = 8192;
/// The longest wait after the system had no connection to give.
const PAUSE: Duration = Duration::from_millis(100);

/// Listens on the first of these addresses that can be had.
///
/// # Errors
/// The reason of the last one that cannot.
pub async fn listen(addresses: &[SocketAddr]) -> std::io::Result<TcpListener> {
    TcpListener::bind(addresses).await
}

/// Serves until `end` comes, then lets requests that are under way finish.
pub async fn serve(listener: TcpListener, router: Router, end: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut builder = Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEAD);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEAD);
    let mut end = std::pin::pin!(end);
    loop {
        let taken = tokio::select! {
            taken = next(&listener, &places) => taken,
            () = &mut end => break,
        };
        let Some((stream, peer, place)) = taken else { continue };
        let from_peer = Extension(Peer(peer)).layer(router.clone());
        let service = TowerToHyperService::new(from_peer);
        let served = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        let served = graceful.watch(served);
        tokio::spawn(async move {
            if let Err(error) = served.await {
                tracing::debug!(%error, "a connection broke off");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(FAREWELL, graceful.shutdown()).await.is_err() {
        tracing::warn!("requests that were under way are broken off");
    }
}

/// The next connection, once there is a place for it.
async fn next(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, IpAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = places.clone().acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => {
            // Answers are small and whole: waiting to fill a packet only makes them late.
            let _ = stream.set_nodelay(true);
            Some((stream, peer.ip(), place))
        }
        Err(error) => {
            tracing::warn!(%error, "a connection was not taken");
            tokio::time::sleep(PAUSE).await;
            None
        }
    }
}
