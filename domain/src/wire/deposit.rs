//! Money put into a wallet from a linked account or card.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::instruction::Decline;
use crate::{MethodId, Money, Timestamp};

/// Asks for a deposit under the id in the header `Idempotency-Key`, a UUID that the phone made and
/// stored first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DepositRequest {
    /// The member's account or card; without one the member's deposit source
    /// ([`Methods::deposit_source`](super::Methods::deposit_source)).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<MethodId>,
    /// How much, above zero; it goes into the member's wallet of this currency.
    pub amount: Money,
}

/// A deposit and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Deposit {
    /// The id the phone made.
    pub id: Uuid,
    /// The account or card.
    pub from: MethodId,
    /// The wallet.
    pub to: MethodId,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: DepositState,
    /// Why it failed, when it did.
    pub reason: Option<DepositFailure>,
    /// When it was asked for.
    pub at: Timestamp,
}

/// A member's deposits, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DepositPage {
    /// At most as many as were asked for.
    pub deposits: Vec<Deposit>,
    /// What to ask for next (`after`); `None` on the last page.
    pub after: Option<String>,
}

/// Where a deposit stands. Done and failed are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DepositState {
    /// It is not known yet what the operator did; it is asked until it is.
    Pending,
    /// The money is in the wallet.
    Done,
    /// Nothing was taken.
    Failed,
}

/// Why a deposit failed. Its id never succeeds later: a new deposit has a new id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DepositFailure {
    /// With the deposits of the last 24 hours, more than a member may put in.
    DayLimit,
    /// The wallet cannot hold so much.
    WalletFull,
    /// The account does not hold enough.
    InsufficientFunds,
    /// The card's limit would be exceeded.
    CardLimit,
    /// The account or card is blocked.
    Blocked,
    /// The card is past its validity.
    Expired,
    /// The account or card is in another currency.
    OtherCurrency,
    /// The account or card is not linked any more: link it anew.
    NotLinked,
    /// The operator was away too long; nothing was taken.
    OperatorDown,
    /// The operator refused for another reason.
    Refused,
    /// The id is that of another transfer.
    IdUsed,
}

impl From<Decline> for DepositFailure {
    fn from(decline: Decline) -> Self {
        match decline {
            Decline::NoSuchAccount | Decline::NotGranted => Self::NotLinked,
            Decline::Blocked => Self::Blocked,
            Decline::Expired => Self::Expired,
            Decline::OtherCurrency => Self::OtherCurrency,
            Decline::InsufficientFunds => Self::InsufficientFunds,
            Decline::LimitReached => Self::CardLimit,
            Decline::NotAuthorised
            | Decline::AlreadyEnded
            | Decline::MoreThanAuthorised
            | Decline::MoreThanCaptured
            | Decline::Other => Self::Refused,
        }
    }
}
