//! Who may call a page: its own files, opened by who has the link.

use std::sync::Arc;

use anyhow::Context as _;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use data_encoding::HEXLOWER;
use subtle::ConstantTimeEq as _;

/// The header that carries the link's token.
const TOKEN: &str = "x-tillsight-token";
/// Nothing but the page's own files, and no page round it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data: blob:; connect-src 'self'; media-src blob:; base-uri 'none'; \
    form-action 'none'; frame-ancestors 'none'";

/// What calls of a page must carry.
pub struct Guard {
    /// Of the link.
    token: String,
    /// `http://127.0.0.1:7321` and the like: the addresses that it may be called under.
    origins: Vec<String>,
}

impl Guard {
    /// A guard with a new token.
    ///
    /// # Errors
    /// When the system gives no random numbers.
    pub fn new(origins: Vec<String>) -> anyhow::Result<Self> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).context("the system gives no random numbers")?;
        Ok(Self { token: HEXLOWER.encode(&random), origins })
    }

    /// The link to the page, with the token.
    pub fn link(&self) -> String {
        let origin = self.origins.first().map_or("", String::as_str);
        format!("{origin}/?token={}", self.token)
    }

    /// Another site's page can name this one's address; its host or origin then tells.
    fn is_from_here(&self, headers: &HeaderMap) -> bool {
        let host = headers.get(header::HOST).map(HeaderValue::as_bytes).unwrap_or_default();
        let named = |origin: &&String| {
            origin.split_once("://").is_some_and(|(_, named)| named.as_bytes() == host)
        };
        let Some(ours) = self.origins.iter().find(named) else { return false };
        let origin = headers.get(header::ORIGIN);
        origin.is_none_or(|origin| origin.as_bytes() == ours.as_bytes())
    }
}

/// Answers only calls that name this page as it is named.
pub async fn from_here(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    if !guard.is_from_here(request.headers()) {
        let text = "This page is not reached under this name.\n";
        return (StatusCode::FORBIDDEN, text).into_response();
    }
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Answers only calls with the token of the link.
pub async fn with_token(State(guard): State<Arc<Guard>>, request: Request, next: Next) -> Response {
    let given = request.headers().get(TOKEN).map(HeaderValue::as_bytes).unwrap_or_default();
    if !bool::from(given.ct_eq(guard.token.as_bytes())) {
        let text = "Open the link that was printed: it has the token.\n";
        return (StatusCode::UNAUTHORIZED, text).into_response();
    }
    next.run(request).await
}
