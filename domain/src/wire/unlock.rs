//! Up to how much an unlocked phone is a member's agreement.

use serde::{Deserialize, Serialize};

use crate::Money;

/// The most that a member may set, minor units: beyond it the member is asked each time.
pub const UNLOCK_MOST: i64 = 10_000;
/// The most payments a day that a member may set.
pub const UNLOCKS_MOST: u32 = 10;

/// Payments whose code the member's unlocked phone shows or hands over, and that are agreed to by that alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnlockLimit {
    /// Each up to so much: zero, as at first, for none, and at most [`UNLOCK_MOST`].
    pub amount: Money,
    /// How many in 24 hours, at most [`UNLOCKS_MOST`].
    pub a_day: u32,
}

/// Sets it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UnlockLimitChange {
    /// What to allow from now on.
    pub limit: UnlockLimit,
    /// The member's settlement code.
    pub settlement_code: String,
}

/// Lets a new device of the member's pay, from another.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeviceAgreement {
    /// The member's settlement code.
    pub settlement_code: String,
}
