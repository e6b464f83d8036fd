//! JSON bodies, refused as problems.

use axum::{
    extract::{FromRequest, Request, rejection::JsonRejection},
    http::StatusCode,
};
use serde::de::DeserializeOwned;

use super::problem::Refused;

/// A JSON body, refused as problem+json when it is not JSON, too large or of another shape.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        axum::Json::from_request(request, state)
            .await
            .map(|axum::Json(value)| Self(value))
            .map_err(|rejection| refusal(&rejection))
    }
}

fn refusal(rejection: &JsonRejection) -> Refused {
    let status = rejection.status();
    match rejection {
        JsonRejection::MissingJsonContentType(_) => Refused::new(
            status,
            "not_json",
            "The body is not JSON",
            "Send JSON with the header content-type: application/json.",
        ),
        JsonRejection::JsonSyntaxError(_) => Refused::new(
            status,
            "not_json",
            "The body is not JSON",
            "The body cannot be read as JSON; it may have been cut short.",
        ),
        // The reader's text names the field that is wrong, and only its sender sees it.
        JsonRejection::JsonDataError(error) => Refused::new(
            status,
            "wrong_shape",
            "The body has another shape than documented",
            error.body_text(),
        ),
        _ if status == StatusCode::PAYLOAD_TOO_LARGE => {
            Refused::new(status, "too_large", "The body is too large", "Send less at once.")
        }
        _ => Refused::new(
            status,
            "unreadable_body",
            "The body cannot be read",
            "Send the whole body.",
        ),
    }
}
