//! Payment methods, and how each can be used at a till.

use serde::{Deserialize, Serialize};

use crate::{Channel, Money, SchemeId, Timestamp};

/// Identifies a registered payment method; made by the wallet server, opaque to the phone.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct MethodId(pub String);

/// What a payment method draws on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MethodKind {
    /// The wallet's own balance.
    ElectronicMoney,
    /// An account at a bank.
    BankAccount,
    /// A credit card: what is left is its limit less its use.
    CreditCard,
    /// Another company's code-payment application with a balance of its own.
    CodePayment,
}

/// One way a method can be used: a scheme it rides on, and how at the till.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ride {
    /// The network or brand.
    pub scheme: SchemeId,
    /// How it is done at the till.
    pub channel: Channel,
}

/// One instrument a member registered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Method {
    /// Unique among one member's methods.
    pub id: MethodId,
    /// What it draws on.
    pub kind: MethodKind,
    /// As the member knows it: "A Pay", "Rossi Bank Visa ..42". Never a full number.
    pub name: String,
    /// In the member's order of preference.
    pub rides: Vec<Ride>,
    /// The first instant at which it is no longer valid; `None` never ends.
    pub expires_at: Option<Timestamp>,
    /// Blocked by the member or by its operator.
    pub blocked: bool,
    /// The smallest amount it pays.
    pub minimum: Option<Money>,
}

/// What is left on a method, and when that was true.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Balance {
    /// Spendable: a balance, or for a card its limit less its use.
    pub left: Money,
    /// When the operator said so.
    pub as_of: Timestamp,
}

/// A method as the member holds it now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Registered {
    /// The instrument.
    pub method: Method,
    /// `None` when it was never learnt.
    pub balance: Option<Balance>,
    /// Whether the method's operator could not be reached, so that it cannot pay now.
    pub operator_down: bool,
    /// How often the member paid with it.
    pub times_used: u32,
}
