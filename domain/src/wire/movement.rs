//! A member's electronic money, movement by movement.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::{MethodId, Money, Timestamp};

/// A page of `GET /v1/history`, the newest movement first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementPage {
    /// What moved.
    pub movements: Vec<Movement>,
    /// Asks for the page after this one: `?after=`. `None` on the last.
    pub after: Option<String>,
}

/// One movement of electronic money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// The transfer's id.
    pub transfer: Uuid,
    /// The transfer whose money came back.
    pub undoes: Option<Uuid>,
    /// The deposit that it is, by the id that the deposit was asked for with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<Uuid>,
    /// The wallet.
    pub method: MethodId,
    /// The name of the store that was paid or gave back; `None` for what moved without one, and once the
    /// register has it no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_name: Option<String>,
    /// What it was.
    pub kind: MovementKind,
    /// Above zero into the wallet, below zero out of it.
    pub change: Money,
    /// What could be spent after it.
    pub left: Money,
    /// When.
    pub at: Timestamp,
}

/// What a movement was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// Money put into the wallet.
    Deposit,
    /// Money paid out of it.
    Use,
    /// A use that was undone.
    Refund,
    /// A deposit that was undone.
    DepositReturned,
}
