//! A member leaves.

use axum::{extract::State, http::StatusCode};
use domain::wire::LeaveRequest;
use server_kit::{Json, Refused};

use super::profile::{confirmed, known};
use crate::{
    members::{Member, Membership},
    methods::MemberMethods,
    own_data::{
        leaving::{self, Leaving},
        rows::Known,
    },
};

/// `DELETE /v1/members/me`, confirmed by the password. Linked accounts and cards are unlinked at their
/// operator first; while it is away nobody leaves, so that no grant is left behind.
pub async fn leave(
    State(membership): State<Membership>,
    State(methods): State<MemberMethods>,
    member: Member,
    Json(LeaveRequest { password }): Json<LeaveRequest>,
) -> Result<StatusCode, Refused> {
    let Known { password_hash, .. } = known(&membership, &member.id).await?;
    confirmed(&membership, &member, password, password_hash).await?;
    let Membership { database, clock, .. } = &membership;
    may_leave(leaving::standing(database, &member.id).await?)?;
    methods.unlink_all(&member.id).await?;
    may_leave(leaving::leave(database, &member.id, clock.now()).await?)?;
    Ok(StatusCode::NO_CONTENT)
}

fn may_leave(standing: Leaving) -> Result<(), Refused> {
    let refused =
        |code, title, detail| Err(Refused::new(StatusCode::CONFLICT, code, title, detail));
    match standing {
        Leaving::Free => Ok(()),
        Leaving::WalletNotEmpty => refused(
            "wallet_not_empty",
            "There is money in a wallet",
            "Use what is left, or have a deposit returned, and leave then.",
        ),
        Leaving::DepositPending => refused(
            "deposit_pending",
            "A deposit is on its way",
            "Wait until it is done or has failed.",
        ),
        Leaving::SettlementPending => refused(
            "settlement_pending",
            "A payment is on its way",
            "Wait until it is paid or has failed.",
        ),
    }
}
