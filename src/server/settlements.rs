//! What the server's replies say of a payment.

use std::time::Duration;

use domain::wire::{PaymentToken, Problem, SettlementFailure};

use serde::de::IgnoredAny;

use super::{
    deposits::{Unanswered, told},
    reply::{from_json, is_problem, wait},
};
use crate::{
    error::{PaymentProblem, ServerProblem},
    phone::HttpReply,
    transfers::{PaymentAnswer, PaymentFailure},
};

/// Why an agreement was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NotApproved {
    /// In the server's own words; nothing is paid by it.
    Refused(PaymentProblem, Option<Duration>),
    /// It is not known whether it was: only the server's word on the payment says so.
    Unanswered(Unanswered),
}

/// What the reply to the beginning of a payment says. Only the server's own words end one.
pub(super) fn begun(reply: &HttpReply) -> Result<PaymentAnswer, Unanswered> {
    match (reply.status, code(reply).as_deref()) {
        (400 | 404 | 409 | 413 | 415 | 422, Some(code)) => match failure(code) {
            Some(failure) => Ok(PaymentAnswer::Refused(failure)),
            None if reply.status == 409 => Err(Unanswered::Later(wait(reply))),
            None => Ok(PaymentAnswer::Refused(PaymentFailure::NotTaken)),
        },
        _ => told(reply).map(PaymentAnswer::Known),
    }
}

/// What the reply to the wish for a code to be shown says; `None` when a till has charged it.
pub(super) fn shown(reply: &HttpReply) -> Result<Option<PaymentAnswer>, Unanswered> {
    match code(reply).as_deref() {
        Some("token_used") => Ok(None),
        Some("token_expired") => Ok(Some(PaymentAnswer::TooLate)),
        Some(_) => begun(reply).map(Some),
        None => Ok(Some(PaymentAnswer::Token(told::<PaymentToken>(reply)?))),
    }
}

fn failure(code: &str) -> Option<PaymentFailure> {
    match code {
        "charge_taken" => Some(PaymentFailure::ChargeTaken),
        "no_charge" => Some(PaymentFailure::NoCharge),
        "store_code_out_of_date" => Some(PaymentFailure::CodeOutOfDate),
        "store_code_not_genuine" | "not_a_store_code" | "not_a_payment_code" => {
            Some(PaymentFailure::CodeNotGenuine)
        }
        "idempotency_key_reused" => Some(PaymentFailure::Told(SettlementFailure::IdUsed)),
        _ => None,
    }
}

/// What the reply to the question about a payment says.
pub(super) fn asked(reply: &HttpReply) -> Result<PaymentAnswer, Unanswered> {
    match reply.status {
        404 if is_problem(reply) => Ok(PaymentAnswer::Unknown),
        _ => told(reply).map(PaymentAnswer::Known),
    }
}

/// Whether the reply says that no till can charge the code any more.
pub(super) fn ended(reply: &HttpReply) -> Result<(), Unanswered> {
    match reply.status {
        204 => Ok(()),
        404 if is_problem(reply) => Ok(()),
        _ => Err(told::<IgnoredAny>(reply).err().unwrap_or(ServerProblem::Garbled.into())),
    }
}

/// What the reply to the giving up of a payment says.
pub(super) fn given_up(reply: &HttpReply) -> Result<PaymentAnswer, Unanswered> {
    match code(reply).as_deref() {
        Some("already_approved") => Ok(PaymentAnswer::Approved),
        _ => asked(reply),
    }
}

/// What the reply to an agreement says.
pub(super) fn approved(reply: &HttpReply) -> Result<PaymentAnswer, NotApproved> {
    let refused = |problem| Err(NotApproved::Refused(problem, wait(reply)));
    match code(reply).as_deref() {
        Some("approval_too_late") => Ok(PaymentAnswer::TooLate),
        Some("wrong_secret") => refused(PaymentProblem::WrongCode),
        Some("too_many_attempts") => refused(PaymentProblem::TooManyTries),
        Some("settlement_code_locked") => refused(PaymentProblem::CodeLocked),
        Some("no_settlement_code") => refused(PaymentProblem::NoSettlementCode),
        Some("not_what_was_shown") => refused(PaymentProblem::NotAsShown),
        Some("other_device") => refused(PaymentProblem::OtherDevice),
        Some("device_too_new") => refused(PaymentProblem::DeviceTooNew),
        Some("no_approval_key" | "no_device" | "not_signed" | "signed_at_another_time") => {
            refused(PaymentProblem::KeyRefused)
        }
        _ => asked(reply).map_err(NotApproved::Unanswered),
    }
}

/// The code with which the server itself refuses.
fn code(reply: &HttpReply) -> Option<String> {
    if !is_problem(reply) {
        return None;
    }
    from_json::<Problem>(&reply.body).ok().map(|problem| problem.code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::reply::{
        CallProblem,
        tests::{problem, reply},
    };

    const WAIT: Option<Duration> = Some(Duration::from_secs(7));

    #[test]
    fn only_the_servers_own_words_end_a_payment_that_was_begun() {
        type Said = Result<PaymentAnswer, Unanswered>;
        let refused = |failure| -> Said { Ok(PaymentAnswer::Refused(failure)) };
        let garbled: Said = Err(ServerProblem::Garbled.into());
        for (reply, expected) in [
            (problem(409, "charge_taken"), refused(PaymentFailure::ChargeTaken)),
            (problem(422, "no_charge"), refused(PaymentFailure::NoCharge)),
            (problem(422, "store_code_out_of_date"), refused(PaymentFailure::CodeOutOfDate)),
            (problem(422, "store_code_not_genuine"), refused(PaymentFailure::CodeNotGenuine)),
            (problem(422, "something_new"), refused(PaymentFailure::NotTaken)),
            (problem(409, "still_running"), Err(Unanswered::Later(WAIT))),
            (problem(503, "overloaded"), Err(Unanswered::Later(WAIT))),
            (problem(401, "unauthorized"), Err(CallProblem::Session.into())),
            (reply(409, "text/html", "<h1>Hotel</h1>"), garbled.clone()),
            (reply(200, "text/html", "<h1>Hotel</h1>"), garbled),
        ] {
            assert_eq!(begun(&reply), expected, "{}", reply.status);
        }
    }

    #[test]
    fn only_the_servers_own_words_say_that_an_agreement_was_not_taken() {
        type Said = Result<PaymentAnswer, NotApproved>;
        let refused = |problem| -> Said { Err(NotApproved::Refused(problem, WAIT)) };
        let unknown = |unanswered| -> Said { Err(NotApproved::Unanswered(unanswered)) };
        let garbled = || unknown(ServerProblem::Garbled.into());
        for (reply, expected) in [
            (problem(403, "wrong_secret"), refused(PaymentProblem::WrongCode)),
            (problem(403, "settlement_code_locked"), refused(PaymentProblem::CodeLocked)),
            (problem(429, "too_many_attempts"), refused(PaymentProblem::TooManyTries)),
            (problem(409, "no_settlement_code"), refused(PaymentProblem::NoSettlementCode)),
            (problem(409, "not_what_was_shown"), refused(PaymentProblem::NotAsShown)),
            (problem(409, "other_device"), refused(PaymentProblem::OtherDevice)),
            (problem(409, "device_too_new"), refused(PaymentProblem::DeviceTooNew)),
            (problem(403, "not_signed"), refused(PaymentProblem::KeyRefused)),
            (problem(409, "approval_too_late"), Ok(PaymentAnswer::TooLate)),
            (problem(503, "overloaded"), unknown(Unanswered::Later(WAIT))),
            (problem(401, "unauthorized"), unknown(CallProblem::Session.into())),
            (reply(403, "text/html", "wrong_secret"), garbled()),
            (reply(200, "text/html", "<h1>Hotel</h1>"), garbled()),
        ] {
            assert_eq!(approved(&reply), expected, "{}", reply.status);
        }
    }

    #[test]
    fn only_the_servers_own_words_end_a_code_that_is_shown() {
        let token = r#"{"token":"A","expires_at":1,"lasts_ms":60000}"#;
        let given = shown(&reply(201, "application/json", token)).unwrap().unwrap();
        assert!(matches!(given, PaymentAnswer::Token(token) if token.token == "A"));
        let used = PaymentAnswer::Refused(PaymentFailure::Told(SettlementFailure::IdUsed));
        let garbled = || Err(ServerProblem::Garbled.into());
        for (reply, expected) in [
            (problem(409, "token_used"), Ok(None)),
            (problem(422, "token_expired"), Ok(Some(PaymentAnswer::TooLate))),
            (problem(422, "idempotency_key_reused"), Ok(Some(used))),
            (problem(503, "overloaded"), Err(Unanswered::Later(WAIT))),
            (problem(401, "unauthorized"), Err(CallProblem::Session.into())),
            (reply(201, "text/html", "<h1>Hotel</h1>"), garbled()),
            (reply(422, "text/html", "token_expired"), garbled()),
        ] {
            assert_eq!(shown(&reply), expected, "{}", reply.status);
        }
    }

    #[test]
    fn a_payment_that_cannot_be_given_up_is_asked_after() {
        assert_eq!(given_up(&problem(409, "already_approved")), Ok(PaymentAnswer::Approved));
        assert_eq!(given_up(&problem(404, "not_found")), Ok(PaymentAnswer::Unknown));
        assert_eq!(given_up(&reply(404, "text/html", "")), Err(ServerProblem::Garbled.into()));
    }
}
