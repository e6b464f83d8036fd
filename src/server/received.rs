//! An answer as the built-in client reads it: bounded before it is kept, and unpacked.

mod gzip;

use reqwest::{
    Response,
    header::{CONTENT_ENCODING, HeaderMap, HeaderName, HeaderValue},
};

use crate::phone::{HttpFailure, HttpHeader, HttpReply, MOST_HEADER_BYTES, MOST_HEADERS};
use gzip::{GzipProblem, unpack};

/// A dense tile is under 1 MiB of JSON; eight leave room and bound what a hostile server can send.
const MOST_BYTES: usize = 8 << 20;

/// The whole of an answer whose head is here.
///
/// # Errors
/// [`HttpFailure`].
pub(super) async fn received(mut response: Response) -> Result<HttpReply, HttpFailure> {
    let status = response.status().as_u16();
    let headers = fields(response.headers()).ok_or(HttpFailure::TooLarge)?;
    let packed = response.headers().get(CONTENT_ENCODING).is_some_and(|coding| coding == "gzip");
    let mut body = Vec::new();
    while let Some(piece) = response.chunk().await.map_err(|error| failure(&error))? {
        if body.len() + piece.len() > MOST_BYTES {
            return Err(HttpFailure::TooLarge);
        }
        body.extend_from_slice(&piece);
    }
    let body = if packed { unpacked(&body)? } else { body };
    Ok(HttpReply { status, headers, body })
}

/// What a failure of reqwest is to the core.
pub(super) fn failure(error: &reqwest::Error) -> HttpFailure {
    if error.is_timeout() { HttpFailure::Timeout } else { HttpFailure::Unreachable }
}

/// The header fields; `None` for more than a phone reads. A value that is no text is left out.
fn fields(headers: &HeaderMap) -> Option<Vec<HttpHeader>> {
    let bytes: usize = headers.iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    let field = |(name, value): (&HeaderName, &HeaderValue)| {
        let value = value.to_str().ok()?.to_owned();
        Some(HttpHeader { name: name.as_str().to_owned(), value })
    };
    (headers.len() <= MOST_HEADERS && bytes <= MOST_HEADER_BYTES)
        .then(|| headers.iter().filter_map(field).collect())
}

fn unpacked(packed: &[u8]) -> Result<Vec<u8>, HttpFailure> {
    unpack(packed, MOST_BYTES).map_err(|problem| match problem {
        GzipProblem::TooLarge => HttpFailure::TooLarge,
        GzipProblem::Damaged => HttpFailure::Unreachable,
    })
}
