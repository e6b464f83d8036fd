//! The bearer token of a request.

use axum::http::{HeaderMap, header};

/// The token of `Authorization: Bearer TOKEN`; `None` without one.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get(header::AUTHORIZATION)?.to_str().ok()?.strip_prefix("Bearer ")
}
