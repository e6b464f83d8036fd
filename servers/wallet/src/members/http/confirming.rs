//! What other rooms confirm by: a member's present secret, judged and counted as at log-in; and requests
//! for codes, counted because each costs somebody a message.

use server_kit::Refused;

use super::refusals::{settlement_code_locked, too_many_guesses, wrong_secret};
use crate::members::{
    membership::Membership,
    passwords::{SecretKind, Turn},
    rows::{count_code as count_code_of, count_guess, forget_codes, forget_guesses},
    rules::{PASSWORD_LENGTH, Subject},
};

/// Whether a member who is logged in, or has a code, knows the present secret of a hash.
///
/// # Errors
/// 403 when it is another, or a settlement code that was wrong too often; 429 when the member must
/// wait before a further guess.
pub async fn confirm_secret(
    membership: &Membership,
    turn: &Turn,
    member_id: &str,
    (kind, present, hash): (SecretKind, String, String),
) -> Result<(), Refused> {
    let Membership { database, clock, pepper, .. } = membership;
    let digest = pepper.of_subject(&format!("{kind:?} of {member_id}"));
    let subjects = [match kind {
        SecretKind::Password => Subject::Secret(&digest),
        SecretKind::SettlementCode => Subject::SettlementCode(&digest),
    }];
    let counted = count_guess(database, &subjects, clock.now()).await?;
    counted.map_err(too_many_guesses)?;
    let is_code = kind == SecretKind::SettlementCode;
    if is_code && !count_code_of(database, member_id).await? {
        return Err(settlement_code_locked());
    }
    let present = Some(present).filter(|present| present.len() <= *PASSWORD_LENGTH.end());
    let present = present.ok_or_else(wrong_secret)?;
    if !turn.matches(kind, present, Some(hash)).await {
        return Err(wrong_secret());
    }
    if is_code {
        forget_codes(database, member_id).await?;
    }
    Ok(forget_guesses(database, &subjects).await?)
}

/// Counts a request for a code, right or not.
///
/// # Errors
/// 429 when there were too many.
pub async fn count_code(membership: &Membership, subject: Subject<'_>) -> Result<(), Refused> {
    let now = membership.clock.now();
    let counted = count_guess(&membership.database, &[subject], now).await?;
    counted.map_err(too_many_guesses)
}
