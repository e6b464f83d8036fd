//! A payment at a store: the terminal's charge, the member's settlement of it, refunds and closings.

use std::fmt;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{Channel, Currency, MethodId, Money, Reason, StoreId, Timestamp};

/// What a terminal wants to be paid, under the id in the header `Idempotency-Key`, a UUID that the
/// terminal made and stored first.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ChargeRequest {
    /// How much, above zero, in the till's currency.
    pub amount: Money,
    /// Who sits at the till, by the store's own word for them: 1 to 64 characters.
    #[serde(default)]
    pub cashier: Option<String>,
    /// How it is done at the till.
    #[serde(default = "scan")]
    pub channel: Channel,
    /// On `code` and `contactless`: the token that the member's phone shows or hands over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
}

impl ChargeRequest {
    /// A charge that is paid by whoever scans the code shown for it.
    pub fn by_scan(amount: Money, cashier: Option<String>) -> Self {
        Self { amount, cashier, channel: Channel::Scan, code: None }
    }

    /// A charge of the member whose phone shows the token `code`.
    pub fn by_code(amount: Money, cashier: Option<String>, code: String) -> Self {
        Self { amount, cashier, channel: Channel::Code, code: Some(code) }
    }

    /// A charge of the member whose phone handed the token `code` over to the till's reader.
    pub fn contactless(amount: Money, cashier: Option<String>, code: String) -> Self {
        Self { channel: Channel::Contactless, ..Self::by_code(amount, cashier, code) }
    }
}

/// Leaves the token out.
impl fmt::Debug for ChargeRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { amount, cashier, channel, .. } = self;
        f.debug_struct("ChargeRequest")
            .field("amount", amount)
            .field("cashier", cashier)
            .field("channel", channel)
            .finish_non_exhaustive()
    }
}

fn scan() -> Channel {
    Channel::Scan
}

/// A charge and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The id the terminal made.
    pub id: Uuid,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: ChargeState,
    /// The settlement that pays it, once a member has begun one.
    pub settlement: Option<Uuid>,
    /// Given back so far.
    pub refunded: Money,
    /// When it was asked for.
    pub at: Timestamp,
    /// From when on nobody can begin to pay it.
    pub ends_at: Timestamp,
}

/// Where a charge stands. Paid and ended are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeState {
    /// Nobody pays it yet.
    Open,
    /// A member has begun to pay it.
    Paying,
    /// It is paid.
    Paid,
    /// The terminal took it back, or its time is over.
    Ended,
}

/// The most that is paid by a store's own code, which names no amount, in minor units of its currency: such a
/// code hangs where anybody can paste another over it.
pub const STORE_CODE_MOST: i64 = 5_000;

/// Asks to pay a charge, or an amount to the store of a code that names none, under the id in the header `Idempotency-Key`, a UUID that the phone made and
/// stored first. Nothing is paid before it is approved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SettlementRequest {
    /// The payment code of the terminal, or the store's own code, as it was scanned.
    pub code: String,
    /// The member's method.
    pub method: MethodId,
    /// With the store's own code alone: how much, in the store's currency, above zero and at most
    /// [`STORE_CODE_MOST`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
}

/// A settlement and what has become of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settlement {
    /// The id the phone made.
    pub id: Uuid,
    /// The payee.
    pub store: StoreId,
    /// The payee's name.
    pub store_name: String,
    /// The member's method.
    pub method: MethodId,
    /// How it is done at the till.
    pub channel: Channel,
    /// How much.
    pub amount: Money,
    /// Where it stands.
    pub state: SettlementState,
    /// Why it failed, when it did.
    pub reason: Option<SettlementFailure>,
    /// Given back so far.
    pub refunded: Money,
    /// When it was begun.
    pub at: Timestamp,
}

/// Where a settlement stands. Captured, failed and void are final.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettlementState {
    /// The member has not agreed yet.
    ToApprove,
    /// The member agreed; what became of the money is not known yet.
    Pending,
    /// It is paid.
    Captured,
    /// Nothing was taken.
    Failed,
    /// It was given up before the member agreed; nothing was taken.
    Void,
}

/// Why a settlement failed. Its id never succeeds later: another try has a new id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettlementFailure {
    /// The member has removed the method.
    NotRegistered,
    /// This server cannot pay with such a method.
    NotPayable,
    /// The member agreed too late.
    TooLate,
    /// The id is that of another transfer.
    IdUsed,
    /// What the screen would say of the method at this store.
    #[serde(untagged)]
    ByRule(Reason),
}

/// A member's settlements, the newest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementPage {
    /// At most as many as were asked for.
    pub settlements: Vec<Settlement>,
    /// What to ask for next (`after`); `None` on the last page.
    pub after: Option<String>,
}

/// Gives back what was paid, or a part, under the id in the header `Idempotency-Key`, a UUID that the
/// terminal made and stored first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RefundRequest {
    /// How much, above zero; with all refunds before it, at most what was paid.
    pub amount: Money,
    /// Who sits at the till, by the store's own word for them: 1 to 64 characters.
    #[serde(default)]
    pub cashier: Option<String>,
}

/// A refund that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refund {
    /// The id the terminal made.
    pub id: Uuid,
    /// The settlement whose money goes back.
    pub settlement: Uuid,
    /// How much.
    pub amount: Money,
    /// When.
    pub at: Timestamp,
}

/// A refund that was made, and the settlement whose money came back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettlementRefund {
    /// The refund.
    pub refund: Refund,
    /// The settlement as it is now.
    pub settlement: Settlement,
}

/// Everything a store was paid and gave back since its last closing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The id the terminal made.
    pub id: Uuid,
    /// When.
    pub at: Timestamp,
    /// A sum for each currency, by its code.
    pub sums: Vec<ClosingSum>,
}

/// What moved in one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClosingSum {
    /// The currency.
    #[serde(deserialize_with = "crate::currency::deserialize")]
    pub currency: Currency,
    /// How many settlements were captured.
    pub settlements: i64,
    /// What they paid, minor units.
    pub captured: i64,
    /// How many refunds were made.
    pub refunds: i64,
    /// What they gave back, minor units.
    pub refunded: i64,
}
