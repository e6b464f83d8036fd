//! The history screen: how the member's electronic money moved, page by page.

use domain::{
    MethodId, Registered,
    wire::{Movement, MovementKind, MovementPage},
};
use serde::{Deserialize, Serialize};

use super::Amount;

/// One page of the history.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct HistoryScreen {
    /// What moved, the newest first.
    pub rows: Vec<HistoryRow>,
    /// Asks for the page after this one; `None` on the last.
    pub after: Option<String>,
}

/// One movement of electronic money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, uniffi::Record)]
pub struct HistoryRow {
    /// The transfer's id in the ledger.
    pub transfer: String,
    /// The transfer whose money came back.
    pub undoes: Option<String>,
    /// The deposit that it is, by the id it was asked for with.
    pub deposit: Option<String>,
    /// The name of the wallet; empty when it is not known to this phone.
    pub wallet: String,
    /// The name of the store that was paid or gave back; `None` for a deposit, and when it is not known.
    pub store: Option<String>,
    /// What it was.
    pub kind: HistoryKind,
    /// Above zero into the wallet, below zero out of it.
    pub change: Amount,
    /// What could be spent after it.
    pub left: Amount,
    /// When, by the server's clock, milliseconds since 1970.
    pub at_ms: i64,
}

/// What a movement was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum HistoryKind {
    /// Money put into the wallet.
    Deposit,
    /// Money paid out of it.
    Use,
    /// A use that was undone.
    Refund,
    /// A deposit that was undone.
    DepositReturned,
}

/// A page of the history.
pub(crate) fn draw_history(page: MovementPage, registered: &[Registered]) -> HistoryScreen {
    let rows = page.movements.iter().map(|movement| row(movement, registered)).collect();
    HistoryScreen { rows, after: page.after }
}

fn row(movement: &Movement, registered: &[Registered]) -> HistoryRow {
    let Movement { transfer, undoes, deposit, method, store_name, kind, change, left, at } =
        movement;
    HistoryRow {
        transfer: transfer.to_string(),
        undoes: undoes.map(|undone| undone.to_string()),
        deposit: deposit.map(|deposit| deposit.to_string()),
        wallet: name(method, registered),
        store: store_name.clone(),
        kind: (*kind).into(),
        change: (*change).into(),
        left: (*left).into(),
        at_ms: at.0,
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
            MovementKind::Refund => Self::Refund,
            MovementKind::DepositReturned => Self::DepositReturned,
        }
    }
}
