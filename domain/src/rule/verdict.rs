//! What the rule answers: how each method stands, and what could be registered instead.

use serde::{Deserialize, Serialize};

use super::reason::Reason;
use crate::{Channel, SchemeId, Source, Timestamp};

/// How a method stands in the stores asked about.
///
/// On the wire tagged by `state`: `{"state": "inactive", "reason": "expired"}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Standing {
    /// It works, by the first of its rides that the store takes.
    Active(Taken),
    /// It works in some of the stores still in question and not in others.
    DependsOnStore(Taken),
    /// It may work: the store's list does not say ([`Reason::StoreListUnknown`]).
    Unknown,
    /// It does not work, for this reason.
    Inactive {
        /// Why not.
        reason: Reason,
    },
}

/// The ride a store takes, and who said so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    /// The scheme it rides on here.
    pub scheme: SchemeId,
    /// How it is done at the till.
    pub channel: Channel,
    /// Who said that the store takes it: over several stores, the least trustworthy.
    pub source: Source,
    /// When that was true: over several stores, the oldest.
    pub as_of: Timestamp,
}

/// A scheme the store takes that the member could register.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// The scheme.
    pub scheme: SchemeId,
    /// The channels the store takes it on.
    pub channels: Vec<Channel>,
    /// Who said so.
    pub source: Source,
}

/// The rule's answer. Indices point into the registered methods it was asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// How each registered method stands, in the order they were given.
    pub standings: Vec<Standing>,
    /// The usable methods to show, best first: what [`Choice`](super::Choice) left of them.
    pub active: Vec<usize>,
    /// Usable methods that [`Choice`](super::Choice) left out.
    pub active_not_chosen: Vec<usize>,
    /// What could be registered; filled only when nothing is usable.
    pub suggestions: Vec<Suggestion>,
    /// Whether nothing at all is known of what any of the stores takes.
    pub list_unknown: bool,
}
