//! Connections: how many at once, how long one may be silent, and where a request comes from.

use std::{
    future::pending,
    io,
    net::{IpAddr, SocketAddr},
    pin::pin,
    sync::Arc,
    time::Duration,
};

use axum::{Router, body::Body, extract::Request};
use hyper::{body::Incoming, server::conn::http1};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, oneshot},
};
use tower::ServiceExt;

/// The address a connection comes from, in the extensions of each of its requests.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// What a connection may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at once. Fewer than the 1,024 descriptors a process usually has, because
    /// databases and calls to operators need some; who comes later waits to be accepted.
    pub connections: usize,
    /// How long the head of a request may take, and a connection be silent between two.
    pub silence: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { connections: 768, silence: Duration::from_secs(5) }
    }
}

/// Answers on `listener` until `stop`, then lets what was begun end.
pub async fn answer(
    listener: TcpListener,
    routes: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(limits.connections));
    let under_way = GracefulShutdown::new();
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places) => accepted,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                let connection = serve(stream, peer, routes.clone(), limits, &under_way);
                tokio::spawn(async move {
                    // A client that breaks off is no fault of this server.
                    let _ = connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(kind = %error.kind(), "a connection was not accepted");
                // Out of descriptors: those that end free some.
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    under_way.shutdown().await;
}

/// [`answer`], but what was begun is waited for no longer than `grace` after `stop`: for pages whose calls wait for
/// news.
pub async fn answer_until(
    listener: TcpListener,
    routes: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
    grace: Duration,
) {
    let (stopped, is_stopped) = oneshot::channel();
    let told = async move {
        stop.await;
        let _ = stopped.send(());
    };
    let late = async move {
        // Never told, it is answered for ever.
        if is_stopped.await.is_ok() {
            tokio::time::sleep(grace).await;
        } else {
            pending::<()>().await;
        }
    };
    tokio::select! {
        () = answer(listener, routes, limits, told) => {}
        () = late => {}
    }
}

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    Ok((stream, peer, place))
}

fn serve(
    stream: TcpStream,
    peer: SocketAddr,
    routes: Router,
    limits: Limits,
    under_way: &GracefulShutdown,
) -> impl Future<Output = hyper::Result<()>> + use<> {
    let service = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let mut request: Request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip().to_canonical()));
        routes.clone().oneshot(request)
    });
    // HTTP/1 alone, which the proxy in front speaks: to wait for the first bytes of HTTP/2 has no
    // limit in time, so a silent client would keep its place for ever.
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(limits.silence);
    let watcher = under_way.watcher();
    async move {
        let connection = builder.serve_connection(TokioIo::new(stream), service);
        watcher.watch(connection).await
    }
}

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    #[tokio::test]
    async fn a_call_that_waits_for_news_is_not_waited_for_at_a_stop_and_a_half_head_not_at_all() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let routes = Router::new().route("/news", get(pending::<&str>));
        let (stop, stopped) = oneshot::channel::<()>();
        let stopped = async { stopped.await.unwrap() };
        let limits = Limits { silence: Duration::from_millis(100), ..Limits::default() };
        let grace = Duration::from_millis(200);
        let served = tokio::spawn(answer_until(listener, routes, limits, stopped, grace));
        let mut half = TcpStream::connect(address).await.unwrap();
        half.write_all(b"GET /news HT").await.unwrap();
        half.read_to_end(&mut Vec::new()).await.unwrap();
        let mut waits = TcpStream::connect(address).await.unwrap();
        waits.write_all(b"GET /news HTTP/1.1\r\nhost: it\r\n\r\n").await.unwrap();
        stop.send(()).unwrap();
        served.await.unwrap();
    }
}
