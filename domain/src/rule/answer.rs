//! What the rule answers: how each method stands, and what could be registered instead.

use serde::{Deserialize, Serialize};

use super::{
    chance::{Chance, State},
    reason::Reason,
};
use crate::{Channel, SchemeId, Source, Timestamp};

/// How a method stands over the stores asked about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// In a word.
    pub state: State,
    /// That it works here; nothing (0 to 0) when the method itself does not work.
    pub chance: Chance,
    /// Why not, or why it is not sure: there when it is inactive or likely not, and
    /// [`Reason::StoreListUnknown`] or [`Reason::ReportsDiffer`] where no store in question is known to take it.
    pub reason: Option<Reason>,
    /// The way it works where it does; `None` where no store in question takes it, and of inactive ones.
    pub by: Option<Taken>,
    /// What the chance rests on.
    pub basis: Basis,
}

/// What a chance rests on: "4 of the 5 stores here take it", who says so, and when.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Basis {
    /// How many stores are in question.
    pub stores: u32,
    /// How many of them take it, or likely do.
    pub take: u32,
    /// How many of them do not, or likely do not.
    pub refuse: u32,
    /// Who says so, over several stores the least trustworthy: of those that take it, else of those
    /// that do not. `None` when nobody does, or it is the method itself that does not work.
    pub source: Option<Source>,
    /// When that was true, over several stores the oldest.
    pub as_of: Option<Timestamp>,
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
    /// That it is taken here, on the likeliest of the channels.
    pub chance: Chance,
    /// Who said so.
    pub source: Source,
}

/// The store to ask about: "are you in Bar Stella?"
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreToAsk {
    /// Its place among the stores asked about.
    pub store: usize,
    /// How many methods that are unsure a yes would settle.
    pub settles: u32,
}

/// The rule's answer. Indices point into the registered methods it was asked about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Answer {
    /// How each registered method stands, in the order they were given.
    pub standings: Vec<Standing>,
    /// The active methods to show, best first: what [`Choice`](super::Choice) left of them.
    pub active: Vec<usize>,
    /// The likely ones to show, best first: what the choice left of them.
    pub likely: Vec<usize>,
    /// Active and likely methods that the choice left out.
    pub active_not_chosen: Vec<usize>,
    /// What could be registered; filled only when no registered method is likelier than not to work.
    pub suggestions: Vec<Suggestion>,
    /// The store whose yes or no can be expected to settle most methods; `None` where none would
    /// settle any, or only one store is in question.
    pub store_to_ask: Option<StoreToAsk>,
    /// Whether nothing at all is known of what any of the stores takes.
    pub list_unknown: bool,
}
