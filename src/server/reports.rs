//! What the server says to a phone that asks for a credential or reports.

use domain::wire::EvaluatedCredential;

use super::reply::{CallProblem, is_problem, member};
use crate::{error::ServerProblem, phone::HttpReply};

/// The answer to a request for a credential; `None` where the member was given another one of this week.
pub(super) fn issued(reply: &HttpReply) -> Result<Option<EvaluatedCredential>, CallProblem> {
    match reply.status {
        409 if is_problem(reply) => Ok(None),
        _ => member(reply).map(Some),
    }
}

/// Whether a report was dealt with for good: counted, or refused in the server's own words.
pub(super) fn dealt_with(reply: &HttpReply) -> Result<(), ServerProblem> {
    match reply.status {
        200..=299 => Ok(()),
        400..=428 if is_problem(reply) => Ok(()),
        500..=599 | 429 => Err(ServerProblem::Failing),
        _ => Err(ServerProblem::Garbled),
    }
}
