//! Why a method does not work, as an app sees it: the rule's reasons, one for one.

use domain::{Reason, Registered, Timestamp};
use serde::{Deserialize, Serialize};

/// Why a method does not work here, or may not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, uniffi::Enum)]
#[serde(rename_all = "snake_case")]
pub enum WhyNot {
    /// The store takes none of its schemes.
    StoreDoesNotTake,
    /// The store takes its scheme, but not in a way it can be used.
    ChannelNotOffered,
    /// It is past its validity.
    Expired,
    /// It is blocked.
    Blocked,
    /// Its balance does not cover the amount.
    BalanceTooLow,
    /// The amount is below its minimum.
    BelowMinimum,
    /// What is left of its limit does not cover the amount.
    LimitReached,
    /// It would work contactless, which this phone cannot do.
    PhoneLacksNfc,
    /// Its operator cannot be reached.
    OperatorDown,
    /// The store's list does not say; it is no refusal.
    StoreListUnknown,
    /// Some who were there say that it works, some that it does not; it is no refusal.
    ReportsDiffer,
}

/// Why a method works nowhere at `now`.
pub(super) fn works_nowhere(registered: &Registered, now: Timestamp) -> Option<WhyNot> {
    let Registered { method, operator_down, .. } = registered;
    let expired = method.expires_at.is_some_and(|at| at <= now).then_some(WhyNot::Expired);
    let blocked = method.blocked.then_some(WhyNot::Blocked);
    expired.or(blocked).or(operator_down.then_some(WhyNot::OperatorDown))
}

impl From<Reason> for WhyNot {
    fn from(reason: Reason) -> Self {
        match reason {
            Reason::StoreDoesNotTake => Self::StoreDoesNotTake,
            Reason::ChannelNotOffered => Self::ChannelNotOffered,
            Reason::Expired => Self::Expired,
            Reason::Blocked => Self::Blocked,
            Reason::BalanceTooLow => Self::BalanceTooLow,
            Reason::BelowMinimum => Self::BelowMinimum,
            Reason::LimitReached => Self::LimitReached,
            Reason::PhoneLacksNfc => Self::PhoneLacksNfc,
            Reason::OperatorDown => Self::OperatorDown,
            Reason::StoreListUnknown => Self::StoreListUnknown,
            Reason::ReportsDiffer => Self::ReportsDiffer,
        }
    }
}
