//! What a member asks of the account and of the methods, and how the server refuses it.

use std::time::Duration;

use domain::wire::{
    ApprovalKey, DeviceAgreement, EmailChange, EmailConfirmation, JoinConfirmation, JoinRequest,
    LeaveRequest, MethodChange, Problem, ProfileChange, PushToken, ResetConfirmation, ResetRequest,
    SecretChange, SecretOf, UnlockLimitChange,
};
use serde::{Serialize, de::IgnoredAny};
use uuid::Uuid;

use super::{
    deposits::escaped,
    reply::{CallProblem, body_of, from_json, is_problem, wait},
};
use crate::{
    error::{RequestProblem, ServerProblem},
    phone::HttpReply,
};

/// What done without more to say is answered with.
const NO_CONTENT: u16 = 204;

/// One request. What it holds may be secret, so it has no `Debug`.
pub(crate) struct Request {
    pub(super) method: &'static str,
    pub(super) path: String,
    /// JSON, or empty.
    pub(super) body: Vec<u8>,
    /// Whether an answer has a body, in JSON.
    answers: bool,
}

/// Why a request came to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AskProblem {
    /// The server refused it, in its own words, and changed nothing.
    Refused(RequestProblem, Option<Duration>),
    /// As for every call of a member.
    Call(CallProblem),
}

impl Request {
    fn of(method: &'static str, path: impl Into<String>) -> Self {
        Self { method, path: path.into(), body: Vec::new(), answers: method == "GET" }
    }

    fn with(self, asked: &impl Serialize) -> Self {
        Self { body: body(asked), ..self }
    }

    fn answered(self) -> Self {
        Self { answers: true, ..self }
    }

    /// A code for a person who wants to join; answered by a `CodeSent`.
    pub fn join(asked: &JoinRequest) -> Self {
        Self::of("POST", "/v1/members").with(asked).answered()
    }

    /// The contact is proven.
    pub fn confirm(asked: &JoinConfirmation) -> Self {
        Self::of("POST", "/v1/members/confirmations").with(asked)
    }

    /// The receipt of a payment: a `SignedReceipt`.
    pub fn receipt(id: Uuid) -> Self {
        Self::of("GET", format!("/v1/settlements/{id}/receipt"))
    }

    /// Who the member is: a `MemberProfile`.
    pub fn profile() -> Self {
        Self::of("GET", "/v1/members/me")
    }

    /// Another name, address and phone.
    pub fn change_profile(asked: &ProfileChange) -> Self {
        Self::of("PUT", "/v1/members/me").with(asked)
    }

    /// A code for another e-mail address; answered by a `CodeSent`.
    pub fn change_email(asked: &EmailChange) -> Self {
        Self::of("POST", "/v1/members/me/email").with(asked).answered()
    }

    /// The other address is proven with that code.
    pub fn confirm_email(id: Uuid, asked: &EmailConfirmation) -> Self {
        Self::of("PUT", format!("/v1/members/me/email/{id}")).with(asked)
    }

    /// The `OperatorList`.
    pub fn operators() -> Self {
        Self::of("GET", "/v1/operators")
    }

    /// The member's `Devices`.
    pub fn devices() -> Self {
        Self::of("GET", "/v1/devices")
    }

    /// Up to how much an unlocked phone agrees: an `UnlockLimit`.
    pub fn unlock_limit() -> Self {
        Self::of("GET", "/v1/members/me/unlock-limit")
    }

    /// Another limit.
    pub fn set_unlock_limit(asked: &UnlockLimitChange) -> Self {
        Self::of("PUT", "/v1/members/me/unlock-limit").with(asked)
    }

    /// A new device pays from now on; `None` for what can be no id.
    pub fn agree_to_device(id: &str, asked: &DeviceAgreement) -> Option<Self> {
        Some(Self::of("PUT", format!("/v1/devices/{}/agreement", segment(id)?)).with(asked))
    }

    /// One of them is logged out; `None` for what can be no id.
    pub fn log_out_device(id: &str) -> Option<Self> {
        Some(Self::of("DELETE", format!("/v1/devices/{}", segment(id)?)))
    }

    /// Another password or settlement code.
    pub fn change_secret(of: SecretOf, asked: &SecretChange) -> Self {
        let path = match of {
            SecretOf::Password => "/v1/members/me/password",
            SecretOf::SettlementCode => "/v1/members/me/settlement-code",
        };
        Self::of("PUT", path).with(asked)
    }

    /// By what a provider wakes this phone.
    pub fn set_push_token(service: &str, token: &str) -> Self {
        let asked = PushToken { service: service.to_owned(), token: token.to_owned() };
        Self::of("PUT", "/v1/push-token").with(&asked)
    }

    /// No provider wakes this phone any more.
    pub fn forget_push_token() -> Self {
        Self::of("DELETE", "/v1/push-token")
    }

    /// The key by which this device agrees to payments.
    pub fn set_approval_key(asked: &ApprovalKey) -> Self {
        Self::of("PUT", "/v1/members/me/approval-key").with(asked)
    }

    /// This device agrees by the settlement code alone.
    pub fn forget_approval_key() -> Self {
        Self::of("DELETE", "/v1/members/me/approval-key")
    }

    /// A code for a member who forgot one of them; answered by a `CodeSent`.
    pub fn reset(asked: &ResetRequest) -> Self {
        Self::of("POST", "/v1/resets").with(asked).answered()
    }

    /// It is set anew with that code.
    pub fn set_anew(id: Uuid, asked: &ResetConfirmation) -> Self {
        Self::of("PUT", format!("/v1/resets/{id}")).with(asked)
    }

    /// All that is kept of the member.
    pub fn export() -> Self {
        Self::of("GET", "/v1/members/me/export")
    }

    /// The member leaves.
    pub fn leave(asked: &LeaveRequest) -> Self {
        Self::of("DELETE", "/v1/members/me").with(asked)
    }

    /// A method is changed; answered by the `Methods`. `None` for what can be no id.
    pub fn change_method(id: &str, asked: &MethodChange) -> Option<Self> {
        Some(Self::of("PATCH", format!("/v1/methods/{}", segment(id)?)).with(asked).answered())
    }

    /// A method is unlinked; `None` for what can be no id.
    pub fn remove_method(id: &str) -> Option<Self> {
        Some(Self::of("DELETE", format!("/v1/methods/{}", segment(id)?)))
    }

    /// What a reply answers: its body, empty where there is none.
    pub(super) fn answer(&self, reply: HttpReply) -> Result<Vec<u8>, AskProblem> {
        if let Some(problem) = refusal(&reply) {
            return Err(problem);
        }
        let answer = if self.answers { json(&reply) } else { nothing(&reply) };
        answer.map_err(|problem| AskProblem::Call(problem.into()))?;
        Ok(reply.body)
    }
}

/// A question as JSON.
pub(super) fn body(question: &impl Serialize) -> Vec<u8> {
    // The wire types hold nothing that JSON cannot say, so an empty body is never sent in fact.
    serde_json::to_vec(question).unwrap_or_default()
}

/// Whether there is an answer, which a page that stands between is not.
fn json(reply: &HttpReply) -> Result<(), ServerProblem> {
    from_json::<IgnoredAny>(body_of(reply)?).map(drop)
}

fn nothing(reply: &HttpReply) -> Result<(), ServerProblem> {
    body_of(reply)?;
    if reply.status == NO_CONTENT { Ok(()) } else { Err(ServerProblem::Garbled) }
}

/// What the server itself says against it.
fn refusal(reply: &HttpReply) -> Option<AskProblem> {
    if !is_problem(reply) {
        return None;
    }
    let told: Problem = from_json(&reply.body).ok()?;
    let problem = match &*told.code {
        "invalid_value" => RequestProblem::EntryUnfit,
        "user_id_taken" => RequestProblem::UserIdTaken,
        "weak_password" => RequestProblem::WeakPassword,
        "weak_settlement_code" => RequestProblem::WeakSettlementCode,
        "code_refused" => RequestProblem::CodeRefused,
        "wrong_secret" | "no_settlement_code" => RequestProblem::WrongSecret,
        "too_many_attempts" | "settlement_code_locked" => RequestProblem::TooMany,
        "too_soon" | "device_too_new" => RequestProblem::TooSoon,
        "no_messages" => RequestProblem::NoMessages,
        "no_profile" => RequestProblem::NoProfile,
        "wallet_not_empty" => RequestProblem::WalletNotEmpty,
        "deposit_pending" => RequestProblem::DepositPending,
        "operator_down" => RequestProblem::OperatorDown,
        "method_of_the_wallet" => RequestProblem::OwnMoney,
        "not_found" => RequestProblem::NotFound,
        "not_paid" => RequestProblem::NotPaid,
        "unauthorized" => return Some(AskProblem::Call(CallProblem::Session)),
        _ => return None,
    };
    Some(AskProblem::Refused(problem, wait(reply)))
}

/// An id as one segment of a path, which it never leaves.
fn segment(id: &str) -> Option<String> {
    (!id.trim_matches('.').is_empty()).then(|| escaped(id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::reply::tests::{problem, reply};

    #[test]
    fn only_the_servers_own_words_are_a_refusal() {
        let waits = Some(Duration::from_secs(7));
        let refused = |problem| Some(AskProblem::Refused(problem, waits));
        for (reply, expected) in [
            (problem(403, "wrong_secret"), refused(RequestProblem::WrongSecret)),
            (problem(409, "user_id_taken"), refused(RequestProblem::UserIdTaken)),
            (problem(429, "too_many_attempts"), refused(RequestProblem::TooMany)),
            (problem(401, "unauthorized"), Some(AskProblem::Call(CallProblem::Session))),
            (problem(503, "overloaded"), None),
            (reply(403, "text/html", "<h1>Hotel</h1>"), None),
            (reply(409, "application/problem+json", "{"), None),
        ] {
            assert_eq!(refusal(&reply), expected, "{}", reply.status);
        }
    }

    #[test]
    fn what_is_done_is_said_by_the_server_and_not_by_a_page_between() {
        assert_eq!(nothing(&reply(204, "", "")), Ok(()));
        assert_eq!(
            nothing(&reply(200, "text/html", "<h1>Hotel</h1>")),
            Err(ServerProblem::Garbled)
        );
        assert_eq!(nothing(&problem(503, "overloaded")), Err(ServerProblem::Failing));
        assert_eq!(json(&reply(202, "application/json", "{}")), Ok(()));
        assert_eq!(json(&reply(200, "text/html", "<h1>Hotel</h1>")), Err(ServerProblem::Garbled));
    }

    #[test]
    fn an_id_never_leaves_its_segment_of_the_path() {
        for (id, expected) in
            [("a1", Some("a1")), ("../me", Some("..%2Fme")), ("a?b#c", Some("a%3Fb%23c"))]
        {
            assert_eq!(segment(id).as_deref(), expected, "{id}");
        }
        for id in ["", ".", ".."] {
            assert_eq!(segment(id), None, "{id}");
        }
    }
}
