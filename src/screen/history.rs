//! The history screen: what the member paid and put in, over all methods, page by page.

use domain::{
    MethodId, Registered,
    wire::{Movement, MovementKind, MovementPage, MovementRefund},
};
use serde::{Deserialize, Serialize};

use super::Amount;

/// One page of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct HistoryScreen {
    /// Payments and deposits, the newest first.
    pub rows: Vec<HistoryRow>,
    /// Asks for the page after this one; `None` on the last.
    pub after: Option<String>,
}

/// One payment or deposit, with the refunds that undo it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct HistoryRow {
    /// Its id: of a payment the one that `receipt` takes.
    pub transfer: String,
    /// The deposit that it is, by the id it was asked for with.
    pub deposit: Option<String>,
    /// The name of the method that paid, or of the wallet that a deposit was put into; empty when it is
    /// not known to this phone, or not any more.
    pub method: String,
    /// The name of the account or card that a deposit was taken from; `None` for a payment, and for what
    /// was put in without one.
    pub from: Option<String>,
    /// The name of the store that was paid; `None` for a deposit, and when it is not known.
    pub store: Option<String>,
    /// What it was.
    pub kind: HistoryKind,
    /// Below zero for a payment, above zero for a deposit.
    pub change: Amount,
    /// What could be spent after it; `None` for an account or card, which its operator keeps.
    pub left: Option<Amount>,
    /// What came back by all refunds; `None` where none was made.
    pub refunded: Option<Amount>,
    /// The newest refunds, the newest first, at most ten.
    pub refunds: Vec<HistoryRefund>,
    /// When, by the server's clock, milliseconds since 1970.
    pub at_ms: i64,
}

/// What undid a payment or a deposit, or a part of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct HistoryRefund {
    /// Its id.
    pub transfer: String,
    /// Above zero where a payment was given back, below zero where a deposit was.
    pub change: Amount,
    /// When, by the server's clock, milliseconds since 1970.
    pub at_ms: i64,
}

/// What a movement was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum HistoryKind {
    /// Money put into a wallet.
    Deposit,
    /// Money paid.
    Use,
}

/// A page of the history.
pub(crate) fn draw_history(page: MovementPage, registered: &[Registered]) -> HistoryScreen {
    let rows = page.movements.iter().map(|movement| row(movement, registered)).collect();
    HistoryScreen { rows, after: page.after }
}

fn row(movement: &Movement, registered: &[Registered]) -> HistoryRow {
    let Movement { transfer, deposit, method, from, store_name, kind, .. } = movement;
    let Movement { change, left, refunded, refunds, at, .. } = movement;
    HistoryRow {
        transfer: transfer.to_string(),
        deposit: deposit.map(|deposit| deposit.to_string()),
        method: name(method, registered),
        from: from.as_ref().map(|from| name(from, registered)),
        store: store_name.clone(),
        kind: (*kind).into(),
        change: (*change).into(),
        left: left.map(Into::into),
        refunded: (refunded.amount != 0).then(|| (*refunded).into()),
        refunds: refunds.iter().map(refund).collect(),
        at_ms: at.0,
    }
}

fn refund(refund: &MovementRefund) -> HistoryRefund {
    HistoryRefund {
        transfer: refund.transfer.to_string(),
        change: refund.change.into(),
        at_ms: refund.at.0,
    }
}

fn name(id: &MethodId, registered: &[Registered]) -> String {
    let known = registered.iter().find(|registered| registered.method.id == *id);
    known.map(|known| known.method.name.clone()).unwrap_or_default()
}

impl From<MovementKind> for HistoryKind {
    fn from(kind: MovementKind) -> Self {
        match kind {
            MovementKind::Deposit => Self::Deposit,
            MovementKind::Use => Self::Use,
        }
    }
}
