//! A member's methods: listed, registered and changed.

use serde::{Deserialize, Serialize};

use crate::{MethodId, Registered, SchemeId, Timestamp};

/// The member's methods with their balances as the operators say now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Methods {
    /// In the member's order.
    pub methods: Vec<Registered>,
    /// When the server asked.
    pub as_of: Timestamp,
    /// The account or card that deposits come from unless another is named: the member's choice, else
    /// the first one; `None` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit_source: Option<MethodId>,
}

/// Registers a payment method: the settlement operator's own word for it is a link code, which it
/// gives to the holder of an account or a card (in its app, on paper).
#[derive(Clone, Serialize, Deserialize)]
pub struct RegisterRequest {
    /// The scheme that is to work afterwards; a code for something else is refused.
    pub scheme: SchemeId,
    /// The link code. Blanks, hyphens and case do not matter. Never logged.
    pub link_code: String,
    /// The name of the operator that gave it; not needed where there is only one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub operator: Option<String>,
}

/// The operators whose accounts and cards can be linked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OperatorList {
    /// Their names, each 1 to 32 of `a-z`, `0-9` and `-`.
    pub operators: Vec<String>,
}

/// What is to be changed of a method; what is absent stays.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MethodChange {
    /// As the member knows it: 1 to 64 characters on one line, and no full card number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Blocked by the member, or no longer. What its operator blocked stays so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blocked: Option<bool>,
    /// Its place in the member's order, from 0; one beyond the end is the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<u32>,
    /// Whether it is the member's choice to take deposits from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deposit_source: Option<bool>,
}
