//! A member agrees to a payment by the settlement code.

use server_kit::Refused;

use crate::{
    credentials::rows,
    members::{Membership, SecretKind, confirm_secret, refusals},
};

/// Whether `code` is the member's settlement code. The caller must not be given up before its end: a
/// right guess would stay counted.
///
/// # Errors
/// 403 when it is another or was wrong too often, 409 when the member has none, 429 when the member
/// must wait before a further guess.
pub async fn confirm_settlement_code(
    membership: &Membership,
    member_id: &str,
    code: String,
) -> Result<(), Refused> {
    let credentials = rows::credentials_of(&membership.database, member_id).await?;
    let hash = credentials.ok_or_else(refusals::wrong_secret)?.settlement_code_hash;
    let hash = hash.ok_or_else(refusals::no_settlement_code)?;
    let turn = membership.passwords.turn().await.ok_or_else(Refused::internal)?;
    confirm_secret(membership, &turn, member_id, (SecretKind::SettlementCode, code, hash)).await
}
