//! What a reply of the server says, before it is known what was asked.

use std::time::Duration;

use serde::de::DeserializeOwned;

use crate::{error::ServerProblem, phone::HttpReply};

/// Why a call of a member gave nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum CallProblem {
    /// The server says that the token is void.
    Session,
    /// Refused for good: the server does not know what was asked for.
    Refused,
    /// No usable answer.
    Away(ServerProblem),
}

impl From<ServerProblem> for CallProblem {
    fn from(problem: ServerProblem) -> Self {
        Self::Away(problem)
    }
}

/// Whether the server itself refuses, in its own words (RFC 9457). What else stands between, for
/// instance the log-in page of a hotel's Wi-Fi, does not speak for it.
pub(super) fn is_problem(reply: &HttpReply) -> bool {
    let kind = reply.header("content-type").unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(PROBLEM)
}

const PROBLEM: &str = "application/problem+json";

pub(super) fn member<T: DeserializeOwned>(reply: &HttpReply) -> Result<T, CallProblem> {
    match reply.status {
        401 | 403 if is_problem(reply) => Err(CallProblem::Session),
        400 | 404 | 422 => Err(CallProblem::Refused),
        _ => Ok(read(reply)?),
    }
}

pub(super) fn read<T: DeserializeOwned>(reply: &HttpReply) -> Result<T, ServerProblem> {
    from_json(body_of(reply)?)
}

pub(super) fn body_of(reply: &HttpReply) -> Result<&[u8], ServerProblem> {
    match reply.status {
        200..=299 => Ok(&reply.body),
        500..=599 | 429 => Err(ServerProblem::Failing),
        _ => Err(ServerProblem::Garbled),
    }
}

/// Seconds, as the server says them (RFC 9110, section 10.2.3).
pub(super) fn wait(reply: &HttpReply) -> Option<Duration> {
    let seconds: u64 = reply.header("retry-after")?.trim().parse().ok()?;
    Some(Duration::from_secs(seconds.min(LONGEST_WAIT_S)))
}

/// The longest wait that a server is believed to mean: a settlement code is not reset within a day of
/// the password.
const LONGEST_WAIT_S: u64 = 86_400;

/// What an answer holds.
///
/// # Errors
/// [`ServerProblem::Garbled`].
pub(crate) fn from_json<T: DeserializeOwned>(body: &[u8]) -> Result<T, ServerProblem> {
    serde_json::from_slice(body).map_err(|_| ServerProblem::Garbled)
}

#[cfg(test)]
pub(super) mod tests {
    use super::HttpReply;
    use crate::phone::HttpHeader;

    pub fn reply(status: u16, kind: &str, body: &str) -> HttpReply {
        let header =
            |name: &str, value: &str| HttpHeader { name: name.to_owned(), value: value.to_owned() };
        let headers = vec![header("Content-Type", kind), header("Retry-After", "7")];
        HttpReply { status, headers, body: body.as_bytes().to_vec() }
    }

    pub fn problem(status: u16, code: &str) -> HttpReply {
        let body = format!(
            r#"{{"type":"/problems/{code}","title":"","status":{status},"detail":"","code":"{code}","retryable":false}}"#
        );
        reply(status, "application/problem+json", &body)
    }
}
