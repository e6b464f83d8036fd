//! Refusals that several calls of members share.

use axum::http::StatusCode;
use server_kit::{Refused, random_bytes};
use uuid::Uuid;

use crate::members::{
    rules::{MustWait, Unfit},
    weighing::Weak,
};

/// The refusal of a guess that comes too early.
pub fn too_many_guesses(MustWait(seconds): MustWait) -> Refused {
    Refused::new(
        StatusCode::TOO_MANY_REQUESTS,
        "too_many_attempts",
        "Too many tries failed",
        "Wait before the next try.",
    )
    .retry_after(seconds)
}

/// The refusal of a field that cannot be as it was sent.
pub fn unfit(Unfit(must_be): Unfit) -> Refused {
    Refused::invalid(must_be)
}

/// The refusal of a secret that is soon guessed.
pub fn weak(weak: Weak) -> Refused {
    let (code, title, detail) = match weak {
        Weak::Password => (
            "weak_password",
            "The password is soon guessed",
            "Take a longer one, or several words that do not belong together.",
        ),
        Weak::SettlementCode => (
            "weak_settlement_code",
            "The settlement code is soon guessed",
            "Take digits that are no date, no row, and no part of another number of yours.",
        ),
    };
    Refused::new(StatusCode::UNPROCESSABLE_ENTITY, code, title, detail)
}

/// The refusal of a code that was not sent for this, is used, or too late.
pub fn code_refused() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "code_refused",
        "The code is not valid",
        "Check the code; after 15 minutes or 5 wrong ones ask for a new one. If the answer to a \
         right one was lost, log in.",
    )
}

/// The refusal of what needs a message, where none can be sent.
pub fn no_messages() -> Refused {
    Refused::new(
        StatusCode::SERVICE_UNAVAILABLE,
        "no_messages",
        "No codes can be sent",
        "This server has no way to send codes; ask its operator.",
    )
}

/// The refusal of a present secret that is not the member's. Not 401: the session is good.
pub fn wrong_secret() -> Refused {
    Refused::new(
        StatusCode::FORBIDDEN,
        "wrong_secret",
        "Not confirmed",
        "The present password or code is wrong.",
    )
}

/// The refusal of a settlement code after too many wrong ones in a row, right or not.
pub fn settlement_code_locked() -> Refused {
    Refused::new(
        StatusCode::FORBIDDEN,
        "settlement_code_locked",
        "The settlement code is locked",
        "It was wrong ten times: set a new one by a code to your contact.",
    )
}

/// The refusal of a payment by a member who has no settlement code.
pub fn no_settlement_code() -> Refused {
    Refused::new(
        StatusCode::CONFLICT,
        "no_settlement_code",
        "There is no settlement code",
        "Set one first; payments are agreed to by it.",
    )
}

/// The system gives no random numbers.
pub fn no_random() -> Refused {
    tracing::error!("the system gives no random numbers");
    Refused::internal()
}

/// A random UUID (version 4).
pub fn random_id() -> Result<Uuid, Refused> {
    let bytes = random_bytes().map_err(|_| no_random())?;
    Ok(uuid::Builder::from_random_bytes(bytes).into_uuid())
}
