//! Refusals as RFC 9457 problems.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::wire::Problem;

use crate::database::DatabaseError;

/// A request that is not answered, told as RFC 9457 `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    status: StatusCode,
    code: &'static str,
    title: &'static str,
    detail: String,
    retry_after_s: Option<u64>,
}

impl Refused {
    /// A refusal of the kind `code` (a word, for programs) and `title` (for people); `detail` says
    /// what to do next and never carries another member's data, SQL or a stack.
    pub fn new(
        status: StatusCode,
        code: &'static str,
        title: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self { status, code, title, detail: detail.into(), retry_after_s: None }
    }

    /// The same, to be tried again after `seconds`.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after_s = Some(seconds);
        self
    }

    /// Nothing is there.
    pub fn not_found(detail: &'static str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", "Not found", detail)
    }

    /// The credentials are missing, wrong or no longer valid.
    pub fn unauthorized(detail: &'static str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthorized", "Not signed in", detail)
    }

    /// The request is understood, but a value in it cannot be.
    pub fn invalid(detail: impl Into<String>) -> Self {
        Self::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "invalid_value",
            "A value is out of range",
            detail,
        )
    }

    /// Something failed on this side. The cause is logged by whoever calls this, never told.
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "The server failed",
            "Try again; if it stays so, tell the operator of this server the time of the request.",
        )
        .retry_after(1)
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The kind as a word.
    pub fn code(&self) -> &'static str {
        self.code
    }

    fn retryable(&self) -> bool {
        self.retry_after_s.is_some()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let problem = Problem {
            kind: format!("/problems/{}", self.code),
            title: self.title.to_owned(),
            status: self.status.as_u16(),
            retryable: self.retryable(),
            detail: self.detail,
            code: self.code.to_owned(),
        };
        let mut response = (self.status, axum::Json(problem)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(seconds) = self.retry_after_s {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

impl From<DatabaseError> for Refused {
    fn from(error: DatabaseError) -> Self {
        // The kind alone: the text of a database error can quote values.
        let kind = match &error {
            DatabaseError::Database(database) => format!("{:?}", database.kind()),
            DatabaseError::PoolTimedOut => "no connection free".to_owned(),
            DatabaseError::Io(error) => error.kind().to_string(),
            DatabaseError::ColumnDecode { index, .. } => format!("column {index} cannot be read"),
            _ => "other".to_owned(),
        };
        tracing::error!(kind, "the database failed");
        Self::internal()
    }
}
