//! A server that runs: limits around its routes, and a graceful stop.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use anyhow::Context;
use axum::{
    Extension, Router,
    extract::{DefaultBodyLimit, MatchedPath, Request},
    http::{StatusCode, header},
    middleware::{Next, from_fn},
    response::{IntoResponse, Response},
};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use tower_http::catch_panic::CatchPanicLayer;

use super::{
    connections::{Limits, answer},
    problem::Refused,
    stop_signal::StopSignal,
    stopping::Stopping,
};
use crate::database::Database;

/// Largest body taken, bytes. The largest that a call needs is a store code of under 1 kB.
const MAX_BODY: usize = 16 * 1024;
/// How long one request may take. Longer than a call to an operator with its own limit of 3 s.
const MAX_TIME: Duration = Duration::from_secs(15);
/// Where a server tells what happens: a call that waits until something does.
pub const EVENTS_PATH: &str = "/v1/events";
/// How long such a call may take. Longer than the wait that it may ask for.
const MAX_WAIT: Duration = Duration::from_secs(30);
/// How long a stop waits for the requests that were begun.
const STOP_WITHIN: Duration = Duration::from_secs(10);

/// A server that answers on [`Running::addr`] until it is stopped or dropped.
#[derive(Debug)]
pub struct Running {
    /// Where it listens: with port 0 asked for, the port that was given.
    pub addr: SocketAddr,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
    database: Database,
}

impl Running {
    /// Takes no new request, finishes those that were begun (10 s at most), closes the database.
    pub async fn stop(self) {
        let Self { stop, mut task, database, .. } = self;
        let _ = stop.send(());
        if tokio::time::timeout(STOP_WITHIN, &mut task).await.is_err() {
            tracing::warn!("requests were still running at the stop and were dropped");
            task.abort();
        }
        database.close().await;
    }

    /// Waits for SIGINT or SIGTERM, then [`Running::stop`]s.
    pub async fn until(self, mut signal: StopSignal) {
        signal.received().await;
        tracing::info!("stopping");
        self.stop().await;
    }
}

/// Serves `routes` on `listen` behind the limits every server has: unknown paths and methods,
/// panics, too long and too large requests are all answered as problem+json. `database` is closed
/// at the stop.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve(
    listen: SocketAddr,
    routes: Router,
    database: Database,
) -> anyhow::Result<Running> {
    serve_within(listen, routes, database, Limits::default()).await
}

/// [`serve`] with limits of the caller's.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve_within(
    listen: SocketAddr,
    routes: Router,
    database: Database,
    limits: Limits,
) -> anyhow::Result<Running> {
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let addr = listener.local_addr()?;
    let routes = routes
        .fallback(async || Refused::not_found("No such path; see the README for the calls."))
        .method_not_allowed_fallback(async || {
            Refused::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "Not done this way",
                "Use the method that the README gives for this path.",
            )
        })
        .layer(CatchPanicLayer::custom(|_| Refused::internal().into_response()))
        .layer(from_fn(as_problem))
        .layer(from_fn(bounded))
        .layer(from_fn(logged))
        .layer(DefaultBodyLimit::max(MAX_BODY));
    let (running, stopping) = Stopping::channel();
    let routes = routes.layer(Extension(stopping));
    let (stop, stopped) = oneshot::channel::<()>();
    let task = tokio::spawn(async move {
        let stopped = async move {
            let _ = stopped.await;
            drop(running);
        };
        answer(listener, routes, limits, stopped).await;
    });
    tracing::info!(%addr, "listening");
    Ok(Running { addr, stop, task, database })
}

async fn bounded(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>();
    let waits = route.is_some_and(|route| route.as_str() == EVENTS_PATH);
    let most = if waits { MAX_WAIT } else { MAX_TIME };
    match tokio::time::timeout(most, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Refused::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "timed_out",
            "The answer took too long",
            "Try again later.",
        )
        .retry_after(5)
        .into_response(),
    }
}

/// Refusals of the framework itself (a path that is not UTF-8) become problems as well.
async fn as_problem(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let status = response.status();
    let is_problem = response
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/problem+json");
    if !(status.is_client_error() || status.is_server_error()) || is_problem {
        return response;
    }
    Refused::new(status, "refused", "Not answered", "Check the path and the headers.")
        .into_response()
}

/// One line per request: the route's pattern, never the path, query or headers, which name stores,
/// positions and members.
async fn logged(request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    tracing::info!(
        method = if route.is_some() { method.as_str() } else { "-" },
        route = route.as_ref().map_or("-", MatchedPath::as_str),
        status = response.status().as_u16(),
        ms = begun.elapsed().as_millis() as u64,
        "request"
    );
    response
}
