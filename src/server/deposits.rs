//! What the server's replies say of a deposit, and whether they say anything of a transfer.

use std::time::Duration;

use domain::wire::{DepositFailure, Problem};
use serde::de::DeserializeOwned;

use super::reply::{CallProblem, from_json, is_problem, read, wait};
use crate::{
    error::ServerProblem,
    phone::HttpReply,
    transfers::{Answer, Failure},
};

/// The longest wait that a server is believed to mean.
const LONGEST_WAIT: Duration = Duration::from_secs(3_600);

/// Why nothing is known of a transfer that was not known before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unanswered {
    /// The server says: ask again, after this time if it says when.
    Later(Option<Duration>),
    /// As for every call of a member.
    Call(CallProblem),
}

impl Unanswered {
    /// What the server asked to be waited.
    pub fn wait(self) -> Option<Duration> {
        match self {
            Self::Later(wait) => wait,
            Self::Call(_) => None,
        }
    }

    /// What is wrong with the session or the server.
    pub fn problem(self) -> Option<CallProblem> {
        match self {
            Self::Later(_) => None,
            Self::Call(problem) => Some(problem),
        }
    }
}

impl From<CallProblem> for Unanswered {
    fn from(problem: CallProblem) -> Self {
        Self::Call(problem)
    }
}

impl From<ServerProblem> for Unanswered {
    fn from(problem: ServerProblem) -> Self {
        Self::Call(CallProblem::Away(problem))
    }
}

/// What the reply to a deposit says. Only the server's own words end a deposit: whatever stands between
/// may refuse the call, but not the money.
pub(super) fn sent(reply: &HttpReply) -> Result<Answer, Unanswered> {
    match reply.status {
        400 | 404 | 413 | 415 | 422 if is_problem(reply) => Ok(Answer::Refused(refused(reply))),
        _ => told(reply).map(Answer::Known),
    }
}

/// What the reply to the question about a deposit says.
pub(super) fn asked(reply: &HttpReply) -> Result<Answer, Unanswered> {
    match reply.status {
        404 if is_problem(reply) => Ok(Answer::Unknown),
        _ => told(reply).map(Answer::Known),
    }
}

/// What the server tells of a transfer, if it does.
pub(super) fn told<T: DeserializeOwned>(reply: &HttpReply) -> Result<T, Unanswered> {
    match reply.status {
        401 | 403 if is_problem(reply) => Err(CallProblem::Session.into()),
        409 | 429 | 503 if is_problem(reply) => {
            Err(Unanswered::Later(wait(reply).map(|wait| wait.min(LONGEST_WAIT))))
        }
        _ => Ok(read(reply)?),
    }
}

fn refused(reply: &HttpReply) -> Failure {
    let problem: Result<Problem, _> = from_json(&reply.body);
    match problem.as_ref().map(|problem| problem.code.as_str()) {
        Ok("no_such_source") => Failure::NoSuchSource,
        Ok("no_such_wallet") => Failure::NoSuchWallet,
        Ok("idempotency_key_reused") => Failure::Told(DepositFailure::IdUsed),
        _ => Failure::NotTaken,
    }
}

/// A text as it stands in a query (RFC 3986, section 2.1).
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'.' | b'_' | b'~' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::reply::tests::{problem, reply};

    #[test]
    fn only_the_servers_own_words_end_a_deposit() {
        type Said = Result<Answer, Unanswered>;
        let later: Said = Err(Unanswered::Later(Some(Duration::from_secs(7))));
        let garbled: Said = Err(ServerProblem::Garbled.into());
        let failing: Said = Err(ServerProblem::Failing.into());
        for (reply, expected) in [
            (problem(422, "no_such_source"), Ok(Answer::Refused(Failure::NoSuchSource))),
            (problem(422, "no_such_wallet"), Ok(Answer::Refused(Failure::NoSuchWallet))),
            (problem(400, "invalid"), Ok(Answer::Refused(Failure::NotTaken))),
            (problem(401, "unauthorized"), Err(CallProblem::Session.into())),
            (problem(409, "still_running"), later.clone()),
            (problem(503, "overloaded"), later),
            (reply(422, "text/html", "<h1>Hotel</h1>"), garbled.clone()),
            (reply(401, "text/html", "<h1>Hotel</h1>"), garbled.clone()),
            (reply(503, "text/html", "<h1>Proxy</h1>"), failing),
            (reply(200, "text/html", "<h1>Hotel</h1>"), garbled),
        ] {
            assert_eq!(sent(&reply), expected, "{}", reply.status);
        }
        assert_eq!(asked(&problem(404, "not_found")), Ok(Answer::Unknown));
        assert_eq!(asked(&reply(404, "text/html", "")), Err(ServerProblem::Garbled.into()));
    }

    #[test]
    fn a_cursor_adds_nothing_to_the_question() {
        assert_eq!(escaped("12.9-a_~"), "12.9-a_~");
        assert_eq!(escaped("1&limit=9 é"), "1%26limit%3D9%20%C3%A9");
    }
}
