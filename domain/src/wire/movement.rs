//! How a member's money moved, over all methods.

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

/// A payment at a store by any method, or a deposit of electronic money, with the refunds that undo it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Movement {
    /// The transfer's id; a payment's is the settlement's.
    pub transfer: Uuid,
    /// The deposit that it is, by the id that the deposit was asked for with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit: Option<Uuid>,
    /// What paid, or the wallet that the deposit was put into.
    pub method: MethodId,
    /// The account or card that the deposit was taken from; `None` for a payment, and for what was put in
    /// without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<MethodId>,
    /// The name of the store that was paid; `None` for a deposit, and once the register has it no more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store_name: Option<String>,
    /// What it was.
    pub kind: MovementKind,
    /// Below zero for a payment, above zero for a deposit.
    pub change: Money,
    /// What could be spent after it; `None` for an account or card, which its operator keeps.
    pub left: Option<Money>,
    /// What came back by all refunds; zero where none was made.
    pub refunded: Money,
    /// The newest refunds, the newest first, at most ten.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<MovementRefund>,
    /// When.
    pub at: Timestamp,
}

/// What undid a movement, or a part of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementRefund {
    /// The refund's id.
    pub transfer: Uuid,
    /// Above zero where a payment was given back, below zero where a deposit was.
    pub change: Money,
    /// When.
    pub at: Timestamp,
}

/// What a movement was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MovementKind {
    /// Money put into a wallet.
    Deposit,
    /// Money paid.
    Use,
}
